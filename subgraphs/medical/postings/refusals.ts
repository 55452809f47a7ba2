import type { PostingAdded } from '../../../adapters/database/postings.ts';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { invalidInput } from '../../invalid-input.ts';
import { placeIn } from '../forms/shape.ts';

/** Why an entry was not taken, with its place in the entry. */
export interface EntryFault {
  readonly code: string;
  readonly path: string | null;
  readonly message: string;
  readonly messageZh: string;
}

type NotAdded = Exclude<PostingAdded, { readonly result: 'stored' | 'duplicate' }>;

export function isRefused(added: PostingAdded): added is NotAdded {
  return added.result !== 'stored' && added.result !== 'duplicate';
}

/** Why the store did not take an entry whose place is `at`. */
export function refusalOf(added: NotAdded, at: string): CasegraphError {
  if (added.result === 'key-conflict') return conflict(placeIn(at, 'idempotencyKey'), added.of, KEY_USED);
  if (added.result === 'document-conflict') return conflict(placeIn(at, 'document'), added.of, OTHER_CONTENT);
  const ended = added.state === 'rejected' || added.state === 'cancelled';
  return invalidInput(
    placeIn(at, 'version'),
    ended
      ? { en: `is older than what was posted as ${added.of}.`, zh: `早于已报送的版本（报送标识${added.of}）。` }
      : {
          en: `is a version beside ${added.of}, which stands; cancel that first.`,
          zh: `该单据已有其他有效版本（报送标识${added.of}），请先撤销。`,
        },
  );
}

const KEY_USED = { en: 'was used for', zh: '已用于报送' };
const OTHER_CONTENT = {
  en: 'was posted in this version with other content as',
  zh: '该单据的此版本已以不同内容报送，报送标识',
};

function conflict(field: string, posting: string, { en, zh }: { readonly en: string; readonly zh: string }) {
  return new CasegraphError('IDEMPOTENCY_CONFLICT', `${field}: ${en} ${posting}.`, {
    field,
    detailZh: `${field}：${zh}${posting}。`,
  });
}

/** All that is wrong with an entry as one error, which names the place of the first. */
export function asOne(faults: readonly CasegraphError[]): CasegraphError {
  const [first] = faults;
  if (!first) throw new Error('an entry that is refused for nothing');
  if (faults.length === 1) return first;
  return new CasegraphError(first.code, faults.map(({ detail = '' }) => detail).join(' '), {
    ...first.details,
    detailZh: faults.map(({ details }) => details.detailZh ?? '').join(''),
  });
}

export function faultOf(error: CasegraphError): EntryFault {
  const { code, detail, message, details } = error;
  return { code, path: details.field ?? null, message: detail ?? message, messageZh: details.detailZh ?? '' };
}
