import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { isForeignCaseNumber, parseCaseNumber, parseForeignCaseNumber } from '../adapters/identifiers/case-number.ts';
import { parseDisabilityCertificate } from '../adapters/identifiers/disability-certificate.ts';
import { parseDivision, XIANAN } from '../adapters/identifiers/division.ts';
import { parseIdNumber } from '../adapters/identifiers/id-number.ts';
import { parseNationalDivision } from '../adapters/identifiers/national-division.ts';
import { parsePaymentCode } from '../adapters/identifiers/payment-code.ts';
import { parseRealEstateUnit } from '../adapters/identifiers/real-estate-unit.ts';
import { parseSocialCreditCode } from '../adapters/identifiers/social-credit-code.ts';
import { chinaIso, instantFromChina, isCalendarDate } from '../adapters/values/china-time.ts';

/**
 * The scalars of every subgraph. Input is checked and put into the wire's form; what is refused is told without repeating the value,
 * which may be personal data. Internal values: identifiers and dates are text, `DateTime` is milliseconds since 1970, `Month` is
 * `yyyyMM`, `Fen` an integer.
 */
export const SCALARS: Readonly<Record<string, GraphQLScalarType>> = {
  IdNumber: identifier('IdNumber', parseIdNumber),
  SocialCreditCode: identifier('SocialCreditCode', parseSocialCreditCode),
  DisabilityCertificateNumber: identifier('DisabilityCertificateNumber', parseDisabilityCertificate),
  PaymentCode: identifier('PaymentCode', parsePaymentCode),
  RealEstateUnitNumber: identifier('RealEstateUnitNumber', parseRealEstateUnit),
  CaseNumber: identifier('CaseNumber', (text) =>
    // 43 characters are ours and must be right; anything else is a foreign number, opaque (unified-acceptance 3.1).
    text.trim().length === 43 || !isForeignCaseNumber(text.trim())
      ? parseCaseNumber(text)
      : parseForeignCaseNumber(text),
  ),
  DivisionCode: identifier('DivisionCode', (text) =>
    text.trim().startsWith(XIANAN) ? parseDivision(text) : parseNationalDivision(text),
  ),
  Date: scalar('Date', {
    parse: (value) => {
      if (typeof value === 'string' && isCalendarDate(value)) return value;
      throw new InvalidScalar('Date: must be a day of the calendar, yyyy-MM-dd', '应为日历上的日期，格式yyyy-MM-dd');
    },
    serialize: (value) => String(value),
  }),
  Month: scalar('Month', {
    parse: (value) => {
      const month = typeof value === 'string' ? /^(\d{4})-(0[1-9]|1[0-2])$/.exec(value) : null;
      if (month) return `${month[1]}${month[2]}`;
      throw new InvalidScalar('Month: must be yyyy-MM', '应为月份，格式yyyy-MM');
    },
    serialize: (value) => String(value).replace(/^(\d{4})(\d{2})$/, '$1-$2'),
  }),
  DateTime: scalar('DateTime', {
    parse: (value) => {
      const instant =
        typeof value === 'string' && /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? instantOf(value) : undefined;
      if (instant !== undefined) return instant;
      throw new InvalidScalar(
        'DateTime: must be a moment with its offset, 2026-03-16T09:20:12+08:00',
        '应为带时区的时间，例如2026-03-16T09:20:12+08:00',
      );
    },
    serialize: (value) => chinaIso(typeof value === 'number' ? value : instantFromChina(String(value))),
  }),
  Fen: scalar('Fen', {
    parse: (value) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw new InvalidScalar('Fen: must be a whole number of fen', '应为整数，单位为分');
    },
    serialize: (value) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw new TypeError('Fen cannot represent what is no whole number');
    },
  }),
  // An object of any form: each entry of a batch is checked, and refused, by itself.
  PostingEntry: new GraphQLScalarType({
    name: 'PostingEntry',
    serialize: (value) => value,
    parseValue: (value) => value,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  }),
};

/** The instant of a moment that China's calendar can write down; undefined for any other text. */
function instantOf(text: string): number | undefined {
  try {
    const instant = instantFromChina(text);
    chinaIso(instant);
    return instant;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Input that a scalar does not take. A class of its own, so that its texts are known to be free of the value. */
export class InvalidScalar extends Error {
  override readonly name = 'InvalidScalar';
  readonly reasonZh: string;

  constructor(message: string, reasonZh: string) {
    super(message);
    this.reasonZh = reasonZh;
  }
}

function identifier(name: string, parse: (text: string) => string): GraphQLScalarType {
  return scalar(name, {
    parse: (value) => {
      if (typeof value !== 'string') throw new InvalidScalar(`${name}: must be text`, '应为文本');
      return parse(value);
    },
    serialize: (value) => String(value),
  });
}

function scalar(
  name: string,
  { parse, serialize }: { parse: (value: unknown) => unknown; serialize: (value: unknown) => unknown },
): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    serialize,
    parseValue: parse,
    parseLiteral: (node) => parse(literal(name, node)),
  });
}

function literal(name: string, node: ValueNode): unknown {
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.INT) return Number(node.value);
  throw new InvalidScalar(`${name}: must be text or a whole number`, '应为文本或整数');
}
