import { CasegraphError } from '../transport/errors.ts';

/** `INVALID_INPUT` for what no document can be made of. `field` is the place in the maker's argument; neither text repeats the value. */
export function refused(field: string, reason: string, reasonZh: string): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${field}: ${reason}.`, { field, detailZh: `${field}：${reasonZh}。` });
}
