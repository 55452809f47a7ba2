import { CasegraphError } from '../../adapters/transport/errors.ts';
import { Manifest, readManifest, sha256Hex } from './manifest.ts';
import { PersistedQueries } from './persisted-queries.ts';

/** How a request says which document it is for: by its text, by its id, or by its hash with the text or without. */
export interface DocumentReference {
  readonly query?: string | undefined;
  /** Never together with `query`: the front sees to it. */
  readonly documentId?: string | undefined;
  /** `extensions.persistedQuery`, as it came. */
  readonly persistedQuery?: unknown;
}

export interface AdmissionOptions {
  /** Path of the manifest. */
  readonly manifest?: string | undefined;
  /** Refuse whatever is not in the manifest. */
  readonly only: boolean;
  /** What the gateway's own pages ask runs whatever the manifest holds: exactly these texts. */
  readonly ofOurPages?: readonly string[];
  readonly automatic: { readonly enabled: boolean; readonly cacheBytes: number };
}

/**
 * An answer in the words of automatic persisted queries. Clients know it by them, send the text along after the first, and never the hash
 * again after the second.
 */
export class PersistedQueryUnavailable extends Error {
  override readonly name = 'PersistedQueryUnavailable';
  readonly code: 'PERSISTED_QUERY_NOT_FOUND' | 'PERSISTED_QUERY_NOT_SUPPORTED';

  constructor(supported: boolean) {
    super(supported ? 'PersistedQueryNotFound' : 'PersistedQueryNotSupported');
    this.code = supported ? 'PERSISTED_QUERY_NOT_FOUND' : 'PERSISTED_QUERY_NOT_SUPPORTED';
  }
}

/** Decides which operations may run, and finds the text of those that come without. */
export class OperationAdmission {
  readonly #manifest: Manifest;
  readonly #only: boolean;
  readonly #ofOurPages: ReadonlySet<string>;
  /** Undefined where automatic persisted queries are off. */
  readonly #persisted: PersistedQueries | undefined;

  /** Reads the manifest. Throws `ManifestRefused`. */
  constructor({ manifest, only, ofOurPages = [], automatic }: AdmissionOptions) {
    this.#manifest = manifest === undefined ? new Manifest([]) : readManifest(manifest);
    this.#only = only;
    this.#ofOurPages = new Set(ofOurPages);
    this.#persisted = automatic.enabled && !only ? new PersistedQueries(automatic.cacheBytes) : undefined;
  }

  /**
   * The text of the document that a request is for. Throws `NOT_FOUND` for an unknown id, `FORBIDDEN` for what is not in the manifest where
   * nothing else runs, `INVALID_INPUT` for a persisted query that is not as it must be, and `PersistedQueryUnavailable`.
   */
  admit({ query, documentId, persistedQuery }: DocumentReference): string {
    if (documentId !== undefined) return this.#byId(documentId);
    if (persistedQuery != null) return this.#byHash(readHash(persistedQuery), query);
    return this.#byText(query ?? '');
  }

  #byId(documentId: string): string {
    const text = this.#manifest.find(documentId);
    if (text !== undefined) return text;
    throw new CasegraphError('NOT_FOUND', 'No operation of the manifest has this id.', {
      field: 'documentId',
      detailZh: '操作清单中没有此编号。',
    });
  }

  #byText(query: string): string {
    if (this.#only && !this.#manifest.holds(query) && !this.#ofOurPages.has(query)) throw notInManifest();
    return query;
  }

  #byHash(hash: string, query: string | undefined): string {
    if (query === undefined) return this.#byHashAlone(hash);
    // Texts that are not well-formed would share the hash of another.
    if (!query.isWellFormed() || hash !== sha256Hex(query)) {
      throw invalid('extensions.persistedQuery.sha256Hash', 'is not the SHA-256 of the query');
    }
    const text = this.#byText(query);
    this.#persisted?.set(hash, text);
    return text;
  }

  #byHashAlone(hash: string): string {
    // A client with a manifest sends the id of an operation as its hash, whatever the id is.
    const text = this.#manifest.find(`sha256:${hash}`) ?? this.#manifest.find(hash) ?? this.#persisted?.get(hash);
    if (text !== undefined) return text;
    if (this.#only) throw notInManifest();
    throw new PersistedQueryUnavailable(this.#persisted !== undefined);
  }
}

function readHash(persistedQuery: unknown): string {
  const place = 'extensions.persistedQuery';
  if (typeof persistedQuery !== 'object' || persistedQuery === null) throw invalid(place, 'expected an object');
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw invalid(`${place}.version`, 'expected 1');
  if (typeof sha256Hash !== 'string') throw invalid(`${place}.sha256Hash`, 'expected text');
  return sha256Hash;
}

function invalid(field: string, what: string): CasegraphError {
  return new CasegraphError('INVALID_INPUT', `${field}: ${what}.`, { field });
}

function notInManifest(): CasegraphError {
  return new CasegraphError('FORBIDDEN', 'Only operations of the manifest are run here, and this is none of them.', {
    detailZh: '本网关只执行操作清单中的操作，此操作不在其中。',
  });
}
