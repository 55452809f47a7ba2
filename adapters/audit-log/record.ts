/**
 * A record as the rest of the program makes it. It is kept as canonical JSON (RFC 8785); what is personal stands in it only as a salted
 * commitment, and value and salt beside it, so that both can be erased while every proof holds (`evidence.md` 2.2, 7).
 */
export interface AuditRecord {
  /** UUID. */
  readonly id: string;
  /**
   * `intent`: a request is about to run. `outcome`: what became of it, before its answer leaves. `call`: a department was called in work
   * that no request waits for. `event`: something about the log or the gateway itself.
   */
  readonly kind: 'intent' | 'outcome' | 'call' | 'event';
  /** When, ISO 8601 with milliseconds and +08:00. */
  readonly at: string;
  /** The request's id; empty for work that no request waits for. */
  readonly request: string;
  readonly actor: AuditActor;
  /** Name and SHA-256 of the document, where there is one. */
  readonly operation?:
    | { readonly name: string; readonly hash: string; readonly type: 'query' | 'mutation' }
    | undefined;
  /** `Type.field` by sensitivity class: what is given. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** `Type.field` that were denied. */
  readonly denied: readonly string[];
  readonly decision: 'allowed' | 'partly' | 'refused';
  /** Keyed handles. */
  readonly residents: readonly string[];
  /** Ids of cases. */
  readonly cases: readonly string[];
  readonly calls: readonly AuditedCall[];
  /** Undefined in an intent. */
  readonly outcome?: { readonly status: 'ok' | 'errors' | 'refused'; readonly codes: readonly string[] } | undefined;
  readonly durationMs?: number | undefined;
  /** Personal values by what they are (`actor.name`, `from`): the commitments in the record; the values and salts are kept apart. */
  readonly personal: Readonly<Record<string, string>>;
}

export interface AuditActor {
  readonly subject: string;
  readonly issuer: string;
  readonly account: string;
  readonly organisation: string;
  readonly division: string;
  readonly roles: readonly string[];
  readonly purpose: string;
  readonly credential: string;
}

/** One call to a department. */
export interface AuditedCall {
  readonly department: string;
  readonly transaction: string;
  readonly mode: 'read' | 'write';
  readonly outcome: string;
  /** The department's own message id. */
  readonly reference?: string | undefined;
  readonly durationMs: number;
}
