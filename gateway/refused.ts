/** Something a user can mend: told by its message alone, without a stack. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
}
