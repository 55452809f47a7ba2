import { ZodError, type z } from 'zod';
import type { CallOptions } from '../transport/call.ts';
import { invalidInput } from '../values/checked.ts';
import { decode, sameAs } from './errors.ts';
import type { Delivery, PlatformLine } from './line.ts';
import { regionOf } from './messages/envelope.ts';
import { cancellationInput, filed } from './messages/filing.ts';
import { type Node, region } from './messages/input-fields.ts';
import type { Done, Filed, FilingCancellation } from './records/filing.ts';
import type { PersonReference } from './records/person.ts';
import { type Institution, parseInstitution } from './settings.ts';
import type { Transaction } from './transactions.ts';

export interface MedicalCallOptions extends CallOptions {
  /** The provider and operator in whose name the call is made; the settings' own when absent. Each signs in by itself. */
  readonly institution?: Institution;
  /**
   * Awaited with the message id of each attempt before anything of it is sent. Keep it with the pending operation: a reversal of an
   * unknown outcome names it (wire spec 2.3). What it throws ends the call with nothing sent.
   */
  readonly beforeSending?: (messageId: string) => void | Promise<void>;
}

/** What the client's methods share: transactions put on the line, in whose name and about whom. */
export class Orders {
  readonly #line: PlatformLine;
  readonly #institution: Institution;

  /** `institution` is the settings' own. */
  constructor(line: PlatformLine, institution: Institution) {
    this.#line = line;
    this.#institution = institution;
  }

  /** `subject` is the person whose region the envelope names; without one it names the provider's own region. */
  place<Output>(
    transaction: Transaction,
    subject: PersonReference | null,
    input: Node,
    read: (output: unknown) => Output,
    options: MedicalCallOptions,
  ): Promise<Delivery<Output>> {
    const institution = this.institution(options);
    const alone = subject !== null && (transaction.mode === 'write' || transaction.slow);
    return this.#line.send(
      {
        transaction,
        institution,
        insuredRegion: transaction.impersonal
          ? ''
          : subject
            ? region('insuredRegion', subject.insuredRegion)
            : regionOf(institution),
        input,
        person: alone ? subject.personNumber : undefined,
        read,
        beforeSending: options.beforeSending,
      },
      options.signal,
    );
  }

  /** A filing, which is answered by its serial. Input that cannot be written is a rejection like any other. */
  async file(
    transaction: Transaction,
    subject: PersonReference,
    input: () => Node,
    options: MedicalCallOptions,
  ): Promise<Filed> {
    const { value, messageId } = await this.place(transaction, subject, input(), reading(filed), options);
    return { serial: value, messageId };
  }

  /** The cancellation of a filing. */
  async cancel(transaction: Transaction, cancellation: FilingCancellation, options: MedicalCallOptions): Promise<Done> {
    const input = cancellationInput(cancellation);
    const { messageId } = await this.place(transaction, cancellation, input, () => undefined, options);
    return { messageId };
  }

  /** A query for one person's rows, each of which must be that person's. */
  async list<Row extends { readonly personNumber: string }>(
    transaction: Transaction,
    subject: PersonReference,
    input: Node,
    schema: z.ZodType<readonly Row[]>,
    node: string,
    options: MedicalCallOptions,
  ): Promise<readonly Row[]> {
    const read = (output: unknown) => {
      const rows = decode(schema, output);
      rows.forEach((row, index) => {
        sameAs(`output.${node}.${index}.psn_no`, subject.personNumber, row.personNumber);
      });
      return rows;
    };
    return (await this.place(transaction, subject, input, read, options)).value;
  }

  /** In whose name a call is made. Throws `INVALID_INPUT`. */
  institution(options: MedicalCallOptions): Institution {
    if (options.institution === undefined) return this.#institution;
    try {
      return parseInstitution(options.institution);
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      const field = ['institution', ...(error.issues[0]?.path ?? [])].map(String).join('.');
      throw invalidInput(field, 'is not what the platform takes');
    }
  }
}

/** Reads output nodes by a schema. */
export function reading<Output>(schema: z.ZodType<Output>): (output: unknown) => Output {
  return (output) => decode(schema, output);
}
