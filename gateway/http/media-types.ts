import { CURRENT, type IncrementalFormat, OF_2022 } from '../execution/incremental/formats.ts';

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';

/** How a client wants its answer. */
export interface Accepted {
  /** The media type of a whole answer; undefined when it takes none. */
  readonly whole: string | undefined;
  /** How it takes an answer in parts; undefined when it does not. */
  readonly parts: AcceptedParts | undefined;
}

export interface AcceptedParts {
  readonly transport: 'multipart' | 'events';
  readonly format: IncrementalFormat;
}

/** Reads an accept header. A client that takes anything, or does not say, gets plain JSON: so the audits of GraphQL over HTTP want it. */
export function readAccept(accept: string | undefined): Accepted {
  if (accept === undefined || accept.trim() === '') return { whole: JSON_TYPE, parts: undefined };
  const types = mediaTypes(accept);
  const whole = types.find(({ type }) => type in WHOLE);
  const parts = types.find(({ type }) => type in PARTS);
  return {
    whole: whole && WHOLE[whole.type],
    parts: parts && {
      transport: PARTS[parts.type] ?? 'multipart',
      format: parts.parameters.some((parameter) => NAMES_OF_2022.includes(parameter)) ? OF_2022 : CURRENT,
    },
  };
}

/** True for a browser that wants a page. */
export function wantsHtml(accept: string | undefined): boolean {
  return mediaTypes(accept ?? '').some(({ type }) => type === 'text/html');
}

const WHOLE: Readonly<Record<string, string>> = {
  [RESPONSE_TYPE]: RESPONSE_TYPE,
  [JSON_TYPE]: JSON_TYPE,
  '*/*': JSON_TYPE,
  'application/*': JSON_TYPE,
};

/** How clients ask for the format of 2022; today's is `incrementalSpec=v0.2`, or told by nothing. */
const NAMES_OF_2022 = ['deferspec=20220824', 'incrementalspec=v0.1'];

const PARTS: Readonly<Record<string, AcceptedParts['transport']>> = {
  'multipart/mixed': 'multipart',
  'text/event-stream': 'events',
};

interface MediaType {
  readonly type: string;
  readonly parameters: readonly string[];
  readonly quality: number;
}

/** The media types of an accept header, the most wanted first. */
function mediaTypes(accept: string): MediaType[] {
  return accept
    .split(',')
    .map((entry) => {
      const [type = '', ...parameters] = entry
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      const quality = parameters
        .map((parameter) => /^q=([\d.]+)$/.exec(parameter)?.[1])
        .find((text) => text !== undefined);
      return { type, parameters, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ type, quality }) => type !== '' && quality > 0)
    .sort((left, right) => right.quality - left.quality);
}
