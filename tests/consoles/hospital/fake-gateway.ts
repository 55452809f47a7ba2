import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeReconciliation } from './fake-reconciliation.ts';

interface EntryInput {
  readonly kind: string;
  readonly document: string;
  readonly version?: number;
}

interface BatchInput {
  readonly idempotencyKey: string;
  readonly operator: string;
  readonly atomic: boolean;
  readonly entries: readonly EntryInput[];
}

interface Filter {
  readonly documentNumber?: string;
  readonly states?: readonly string[];
}

interface Stored {
  readonly id: string;
  readonly json: string;
  readonly entry: EntryInput;
  state: string;
  /** How often it was asked for since. */
  asked: number;
}

/** What a request meets instead of an answer. `drop-after` does the work and closes the connection. */
export type Fault =
  | 'drop-before'
  | 'drop-after'
  | 'html'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly code: string };

/** As much of a gateway as the command line meets: postings in memory, over real HTTP. */
export class FakeGateway {
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #answers = new Map<string, { readonly content: string; readonly answer: object }>();
  readonly #signing = generateKeyPairSync('ed25519');
  readonly stored = new Map<string, Stored>();
  readonly reconciliation = new FakeReconciliation();
  /** Met one after another by the requests that come. */
  readonly faults: Fault[] = [];
  /** Of each request. */
  readonly headers: IncomingMessage['headers'][] = [];
  readonly batchSizes: number[] = [];
  readonly keys: string[] = [];
  readonly bodySizes: number[] = [];
  requests = 0;
  /** Entries that were stored, each time one was. */
  effects = 0;
  delayMs = 0;
  most = 0;
  #running = 0;
  url = '';

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get publicPem(): string {
    return this.#signing.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  get jwk(): object {
    return { ...this.#signing.publicKey.export({ format: 'jwk' }), kid: 'key-1' };
  }

  find(document: string): Stored | undefined {
    return [...this.stored.values()].find(({ entry }) => entry.document === document);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    this.headers.push(request.headers);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    this.bodySizes.push(Buffer.byteLength(body));
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.#running -= 1;
    this.#answer(body, this.faults.shift(), response);
  }

  #answer(body: string, fault: Fault | undefined, response: ServerResponse): void {
    if (fault === 'drop-before') {
      response.destroy();
      return;
    }
    if (fault === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>请登录</html>');
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      response.writeHead(fault.status, fault.headers).end('not now');
      return;
    }
    const answer =
      typeof fault === 'object'
        ? {
            errors: [
              { message: 'As told.', extensions: { code: fault.code, requestId: 'r-1', messageZh: '如前所述。' } },
            ],
          }
        : this.#run(JSON.parse(body) as { query: string; variables: Record<string, unknown> });
    if (fault === 'drop-after') response.destroy();
    else response.writeHead(200, { 'content-type': 'application/graphql-response+json' }).end(JSON.stringify(answer));
  }

  #run({ query, variables }: { query: string; variables: Record<string, unknown> }): object {
    if (/econcil|HospitalBook/.test(query)) return { data: this.reconciliation.run(query, variables) };
    if (query.includes('postBatch')) return { data: { postBatch: this.#post(variables.input as BatchInput) } };
    if (query.includes('postingKeys'))
      return { data: { postingKeys: [{ id: 'key-1', jwk: JSON.stringify(this.jwk) }] } };
    if (query.includes('postings(')) return { data: { postings: this.#list(variables.filter as Filter) } };
    const places = Object.entries(variables as Record<string, string>);
    const nodes = new Map([...new Set(places.map(([, id]) => id))].map((id) => [id, this.#follow(id)]));
    return { data: Object.fromEntries(places.map(([name, id]) => [name.replace('id', 'posting'), nodes.get(id)])) };
  }

  #post(input: BatchInput): object {
    this.batchSizes.push(input.entries.length);
    const content = JSON.stringify([input.entries, input.operator, input.atomic]);
    const known = this.#answers.get(input.idempotencyKey);
    if (known && known.content !== content) throw new Error('the key was used for another request');
    this.keys.push(input.idempotencyKey);
    if (known) return known.answer;
    const lines = input.entries.map((entry, index) => this.#line(entry, index));
    const refused = lines.some(({ status }) => status === 'REFUSED');
    const entries = lines.map((line, index) =>
      line.status !== 'STORED'
        ? line
        : input.atomic && refused
          ? { ...line, status: 'HELD' }
          : { ...line, ...this.#store(input.entries[index] as EntryInput) },
    );
    const count = (status: string) => entries.filter((line) => line.status === status).length;
    const answer = {
      received: entries.length,
      stored: count('STORED'),
      duplicates: count('DUPLICATE'),
      refused: count('REFUSED'),
      held: count('HELD'),
      entries,
    };
    this.#answers.set(input.idempotencyKey, { content, answer });
    return answer;
  }

  #line(entry: EntryInput, index: number) {
    const line = { index, postingId: null, posting: null, code: null, path: null, message: null, messageZh: null };
    if (entry.document.startsWith('BAD')) {
      const texts = {
        message: 'patient.idNumber: must have 18 characters.',
        messageZh: 'patient.idNumber：应为18位。',
      };
      return { ...line, status: 'REFUSED', code: 'INVALID_INPUT', path: 'patient.idNumber', ...texts };
    }
    const known = this.stored.get(keyOf(entry));
    if (known === undefined) return { ...line, status: 'STORED' };
    if (known.json === JSON.stringify(entry))
      return { ...line, status: 'DUPLICATE', postingId: known.id, posting: this.#posting(known) };
    return { ...line, status: 'REFUSED', code: 'IDEMPOTENCY_CONFLICT', path: 'document', message: 'other content' };
  }

  #store(entry: EntryInput) {
    this.effects += 1;
    const stored: Stored = { id: randomUUID(), json: JSON.stringify(entry), entry, state: 'STORED', asked: 0 };
    this.stored.set(keyOf(entry), stored);
    return { postingId: stored.id, posting: this.#posting(stored) };
  }

  #posting(stored: Stored) {
    return { state: stored.state, receipt: { token: this.#token(stored) } };
  }

  #token({ id, entry }: Stored): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const content = {
      iss: 'casegraph',
      sub: id,
      hospital: 'H42120200101',
      document: entry.document,
      version: entry.version ?? 1,
      digest: '00',
    };
    const signed = `${part({ alg: 'EdDSA', kid: 'key-1' })}.${part(content)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#signing.privateKey).toString('base64url')}`;
  }

  #list(filter: Filter): object {
    const found = [...this.stored.values()].filter(
      ({ entry, state }) =>
        (filter.documentNumber === undefined || filter.documentNumber === entry.document) &&
        (filter.states === undefined || filter.states.includes(state)),
    );
    return {
      edges: found.reverse().map((stored) => ({ node: this.#node(stored) })),
      pageInfo: { hasNextPage: false, endCursor: null },
    };
  }

  /** The first time it is being sent, then it has ended: well, or as its document says. */
  #follow(id: string): object | null {
    const stored = [...this.stored.values()].find((one) => one.id === id);
    if (stored === undefined) return null;
    stored.asked += 1;
    if (stored.asked === 1) stored.state = 'SENDING';
    else stored.state = /^(REJECTED|MANUAL)/.exec(stored.entry.document)?.[0] ?? 'SETTLED';
    return this.#node(stored);
  }

  #node(stored: Stored): object {
    const { id, entry, state } = stored;
    return {
      id,
      kind: entry.kind,
      hospital: 'H42120200101',
      document: { number: entry.document, version: entry.version ?? 1 },
      state,
      step: null,
      storedAt: '2026-11-24T08:00:00+08:00',
      changedAt: '2026-11-24T08:00:01+08:00',
      settledAt: state === 'SETTLED' ? '2026-11-24T08:00:01+08:00' : null,
      outcome: state === 'SETTLED' ? { __typename: 'PostedReferral', serial: 'S1' } : null,
      failure:
        state === 'REJECTED' ? { code: 'DEPARTMENT_REJECTED', departmentCode: '1', text: null, textZh: '不符' } : null,
      receipt: { id, storedAt: '2026-11-24T08:00:00+08:00', digest: '00', token: this.#token(stored) },
    };
  }
}

function keyOf({ document, version }: EntryInput): string {
  return JSON.stringify([document, version ?? 1]);
}
