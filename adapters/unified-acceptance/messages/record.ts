import { z } from 'zod';
import { converted } from '../../values/checked.ts';
import { chinaDateTime, instantFromChina } from '../../values/china-time.ts';
import { codesOf } from '../codes.ts';

/** Required text of at most `length` characters. */
export function required(length: number) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'must not be empty')
    .refine((value) => [...value].length <= length, `must have at most ${length} characters`);
}

/** Text of at most `length` characters: absent = not known, `''` = not applicable (wire spec 2). */
export function optional(length: number) {
  return z
    .string()
    .refine((value) => [...value].length <= length, `must have at most ${length} characters`)
    .optional();
}

/** A code out of one of the tables of `codes.ts`. */
export function codeOf<Table extends Parameters<typeof codesOf>[0]>(table: Table) {
  return z.enum(codesOf(table) as readonly [keyof Table & string, ...(keyof Table & string)[]]);
}

/** A moment: `yyyy-MM-dd HH:mm:ss` in China time, or ISO 8601 with an offset. Becomes the wire's local form. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}/, 'must be yyyy-MM-dd HH:mm:ss or ISO 8601 with an offset')
  .pipe(converted((value) => chinaDateTime(instantFromChina(value)), 'must be a time that the calendar has'));

/** An organisation (受理部门, 办理部门): unified social credit code, or the provider code of a hospital. */
export const organisation = z.strictObject({ code: required(64), name: required(100) });

/**
 * What every reported record carries (wire spec 2). The caller keeps them with the record: the content of a record never changes
 * without its `version` being raised.
 */
export const recordIdentity = {
  /** 记录唯一标识; a correction keeps it. */
  rowGuid: required(50),
  /** 数据版本号 (dataVer), from 1. A record that was refused is corrected and sent with the next version. */
  version: z.int().min(1).max(999_999_999),
  /** 同步类型: `I` insert, `U` update, `D` delete. `I` for version 1 and `U` for later ones when absent. */
  operation: z.enum(['I', 'U', 'D']).optional(),
  /** 办件编号 (projectNo): ours of 43 characters, or foreign text of at most 50. */
  caseNumber: required(50),
};

/** When and with which message a record is sent: the sending's, not the record's (cdTime, cdBatch, dataSource, wire spec 2). */
export interface Dispatched {
  /** `yyyy-MM-dd HH:mm:ss`. */
  readonly at: string;
  /** yyyyMMddHHmmss and a 6-digit counter. */
  readonly batch: string;
  /** 6-digit division. */
  readonly source: string;
}

interface Identity {
  readonly rowGuid: string;
  readonly version: number;
  readonly operation?: 'I' | 'U' | 'D' | undefined;
}

/** The closing fields of every record on the wire. */
export function synchronisation(record: Identity, sent: Dispatched) {
  return {
    dataVer: record.version,
    cdOperation: record.operation ?? (record.version === 1 ? 'I' : 'U'),
    cdTime: sent.at,
  };
}
