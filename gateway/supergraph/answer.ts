import type { GraphQLFormattedError } from 'graphql';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import type { HttpAnswer } from '../../adapters/transport/http.ts';
import { parsePreciseJson } from '../precise-json.ts';
import type { SubgraphAnswer } from './source.ts';

/** An answer that came over a wire. */
export class ReceivedAnswer {
  readonly answer: SubgraphAnswer;
  readonly #received: Pick<HttpAnswer, 'status' | 'headers' | 'body'>;
  readonly #department: string;
  readonly #longNumbers: boolean;

  /** Throws `DEPARTMENT_PROTOCOL`. */
  constructor(received: HttpAnswer, department: string, longNumbers: boolean) {
    this.#received = received;
    this.#department = department;
    this.#longNumbers = longNumbers;
    this.answer = this.again();
  }

  /** Reads it once more, for another who will change what is read. */
  again(): SubgraphAnswer {
    const { status, headers, body } = this.#received;
    return readAnswer(body.toString('utf8'), {
      status,
      type: headers['content-type'],
      department: this.#department,
      longNumbers: this.#longNumbers,
    });
  }
}

export interface AnswerHead {
  readonly status: number;
  /** The content type; undefined where the subgraph tells none. */
  readonly type: string | undefined;
  readonly department: string;
  /** See `SubgraphOperation`. */
  readonly longNumbers: boolean;
}

/** `application/json`, `application/graphql-response+json` and their kin. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** Reads a subgraph's answer. Throws `DEPARTMENT_PROTOCOL` for whatever is no GraphQL answer; its status alone says nothing. */
export function readAnswer(text: string, { status, type, department, longNumbers }: AnswerHead): SubgraphAnswer {
  const refused = (what: string) =>
    new CasegraphError('DEPARTMENT_PROTOCOL', `HTTP ${status} with ${what}.`, { department });
  if (type !== undefined && !JSON_TYPE.test(type)) throw refused('a content type that is not JSON');
  let answer: unknown;
  try {
    answer = longNumbers ? parsePreciseJson(text) : JSON.parse(text);
  } catch {
    throw refused('a body that is no JSON');
  }
  if (!isObject(answer) || !('data' in answer || 'errors' in answer)) throw refused('a body that is no GraphQL answer');
  const { data, errors } = answer;
  if (data !== undefined && data !== null && !isObject(data)) throw refused('data that is no object');
  if (errors === undefined || errors === null) return { data: (data as SubgraphAnswer['data']) ?? null };
  if (!Array.isArray(errors) || !errors.every(isObject)) throw refused('errors that are no list of objects');
  return {
    data: (data as SubgraphAnswer['data']) ?? null,
    errors: errors.map((error) => readError(error, department)),
  };
}

function readError({ message, path, extensions }: Record<string, unknown>, department: string): GraphQLFormattedError {
  const told = isObject(extensions) ? extensions : {};
  return {
    message:
      typeof message === 'string' && message !== '' ? message : 'The subgraph reports an error without a message.',
    ...(isPath(path) && { path }),
    extensions: blamesDepartment(told.code) ? { department, ...told } : told,
  };
}

/** True for an error that is a department's, or does not say whose it is. */
function blamesDepartment(code: unknown): boolean {
  return code === undefined || /^(DEPARTMENT_|OUTCOME_UNKNOWN$)/.test(String(code));
}

function isPath(path: unknown): path is (string | number)[] {
  return Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
