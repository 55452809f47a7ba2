import { z } from 'zod';
import { parseRealEstateCertificate } from '../../identifiers/real-estate-certificate.ts';
import { parseRealEstateUnit } from '../../identifiers/real-estate-unit.ts';
import { checked } from '../../values/checked.ts';
import { protocolFault } from '../errors.ts';
import type {
  CertificateQuery,
  OwnerQuery,
  PropertyQuery,
  PropertyRecord,
  QueryResult,
  UnitQuery,
} from '../records/property.ts';
import { count, dateTime, recordOf } from './answer-fields.ts';
import { child, type Operation } from './envelope.ts';
import { identifierInput, numberInput, purposeInput, textInput } from './input-fields.ts';
import { personAttributes } from './person.ts';
import { propertyEntry } from './property-entry.ts';
import type { Transaction } from './transaction.ts';
import { element } from './xml.ts';

/** The largest page (wire spec 3.2). */
export const LARGEST_PAGE = 50;

/** One page of a query: what the wire carries of it. */
export interface Page {
  /** CXR, the account that asks. */
  readonly account: string;
  readonly page: number;
  readonly size: number;
}

/** QueryByOwner (按权利人查询, wire spec 3.2). Throws `INVALID_INPUT`. */
export function queryByOwner(query: OwnerQuery, page: Page): Transaction<QueryResult> {
  const person = personAttributes(query);
  return propertyQuery('QueryByOwner', '9800101', { CXLX: '1', ...condition(query, page), ...person }, page);
}

/** QueryByCert (wire spec 3.3). The normal form is sent; the service takes either. Throws `INVALID_INPUT`. */
export function queryByCertificate(query: CertificateQuery, page: Page): Transaction<QueryResult> {
  const certificate = {
    QLRMC: textInput('name', query.name, 100),
    BDCQZH: identifierInput('certificateNumber', query.certificateNumber, parseRealEstateCertificate),
  };
  return propertyQuery('QueryByCert', '9800102', { CXLX: '2', ...condition(query, page), ...certificate }, page);
}

/** QueryByUnit (wire spec 3.4). Throws `INVALID_INPUT`. */
export function queryByUnit(query: UnitQuery, page: Page): Transaction<QueryResult> {
  const unit = { BDCDYH: identifierInput('unitNumber', query.unitNumber, parseRealEstateUnit) };
  return propertyQuery('QueryByUnit', '9800103', { CXLX: '3', ...condition(query, page), ...unit }, page);
}

function condition(query: PropertyQuery, { account, page, size }: Page) {
  return {
    CXMD: purposeInput(query.purpose),
    CXR: account,
    CXSQSBH: textInput('applicationForm', query.applicationForm, 32),
    Page: numberInput('page', page, 1, 999_999),
    Size: numberInput('size', size, 1, LARGEST_PAGE),
  };
}

/** A query with its CXTJ attributes as they go on the wire, in their order. */
export function propertyQuery(
  operation: Operation,
  recType: string,
  attributes: Readonly<Record<string, string>>,
  asked: Pick<Page, 'page'>,
): Transaction<QueryResult> {
  return {
    operation,
    recType,
    flowId: '',
    data: element('CXTJ', attributes),
    personal: ['QLRMC', 'ZJH', 'BDCQZH'].flatMap((name) => attributes[name] ?? []),
    read(data) {
      const result = checked(queryResult, recordOf(child(data, 'CXJG', 'Data')), 'Data.CXJG', protocolFault);
      if (result.Page !== asked.page) throw protocolFault('Data.CXJG.Page');
      return {
        queryNumber: result.CXBH,
        total: result.Records,
        page: result.Page,
        size: result.Size,
        queriedAt: result.CXSJ,
        records: result.FDCQ,
      };
    },
  };
}

const queryResult = z.object({
  CXBH: z.string().regex(/^CX\d{13}$/),
  Records: count,
  Page: count,
  Size: count,
  CXSJ: dateTime,
  FDCQ: z.array(propertyEntry).default([]),
});

/**
 * Folds the entries that a registry repeats for each owner of one current unit and certificate (wire spec 3.2, traps): owners and
 * rights are united, in the order met. Historical entries stay as they are.
 */
export function foldEntries(entries: readonly PropertyRecord[]): PropertyRecord[] {
  const folded = Map.groupBy(entries, (entry) =>
    entry.state === '1' ? JSON.stringify([entry.unitNumber, entry.certificateNumber]) : entry,
  );
  return [...folded.values()].map(([first, ...others]) => united(first as PropertyRecord, others));
}

function united(first: PropertyRecord, others: readonly PropertyRecord[]): PropertyRecord {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    // Each repeated entry numbers its one owner from 1.
    owners: distinct(all.flatMap(({ owners }) => owners.map((owner) => ({ ...owner, sequence: 0 })))).map(
      (owner, index) => ({ ...owner, sequence: index + 1 }),
    ),
    mortgages: distinct(all.flatMap(({ mortgages }) => mortgages)),
    seizures: distinct(all.flatMap(({ seizures }) => seizures)),
    preNotices: distinct(all.flatMap(({ preNotices }) => preNotices)),
    objections: distinct(all.flatMap(({ objections }) => objections)),
    mortgaged: all.some(({ mortgaged }) => mortgaged),
    seized: all.some(({ seized }) => seized),
    preNoticed: all.some(({ preNoticed }) => preNoticed),
    objected: all.some(({ objected }) => objected),
  };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
