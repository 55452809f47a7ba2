import type { PostingCallback } from '../../../adapters/database/posting-callbacks.ts';
import type { Posting, PostingTransition, PostingWithContent } from '../../../adapters/database/postings.ts';
import type { Store } from '../../../adapters/database/store.ts';
import { batchLoader } from '../../loader.ts';

/** The loaders of one request over the store: however many postings are asked for, they are read together. */
export interface PostingLoaders {
  posting(id: string): Promise<Posting | null>;
  /** With what was sent and how far it has come. */
  content(id: string): Promise<PostingWithContent | null>;
  transitions(id: string): Promise<readonly PostingTransition[]>;
  /** Null where its hospital is told of nothing. */
  callback(id: string): Promise<PostingCallback | null>;
}

export function postingLoaders({
  postings,
  postingCallbacks,
}: Pick<Store, 'postings' | 'postingCallbacks'>): PostingLoaders {
  const byId = batchLoader((ids) => postings.byIds(ids), null);
  const contents = batchLoader((ids) => postings.contents(ids), null);
  const transitions = batchLoader<readonly PostingTransition[], readonly PostingTransition[]>(
    (ids) => postings.transitions(ids),
    [],
  );
  const callbacks = batchLoader((ids) => postingCallbacks.ofPostings(ids), null);
  return {
    posting: (id) => byId.load(id),
    content: (id) => contents.load(id),
    transitions: (id) => transitions.load(id),
    callback: (id) => callbacks.load(id),
  };
}
