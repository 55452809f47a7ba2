import type { CellKind } from './cells.ts';

/** A column of a table that hospitals send. */
export interface Column {
  /** The member of the entry, or of a fee, that it fills. */
  readonly path: string;
  /** What the template writes; both are read, whatever the language. */
  readonly en: string;
  readonly zh: string;
  /** Further headers that are read. */
  readonly also?: readonly string[];
  readonly kind: CellKind;
  /** Whether no row may leave it out. */
  readonly needed: boolean;
  /** Of the template's invented person; empty where it leaves it out. */
  readonly example: string;
}

type Rest = { readonly also?: readonly string[]; readonly kind?: CellKind };

export function needed(path: string, en: string, zh: string, example: string, rest: Rest = {}): Column {
  return { path, en, zh, example, kind: 'text', needed: true, ...rest };
}

export function optional(path: string, en: string, zh: string, example: string, rest: Rest = {}): Column {
  return { path, en, zh, example, kind: 'text', needed: false, ...rest };
}

/** Headers are the same whatever their width, case, spaces, underscores and hyphens. */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.*]/g, '');
}

/** The columns by all their headers. */
export function columnsByHeader(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(
    columns.flatMap((column) =>
      [column.en, column.zh, ...(column.also ?? [])].map((header) => [headerKey(header), column] as const),
    ),
  );
}

/** The document and its patient: what every kind of posting has. */
export const DOCUMENT_COLUMNS: readonly Column[] = [
  needed('document', 'document', '单据号', 'EXAMPLE-0001', { kind: 'number-text', also: ['单据编号'] }),
  optional('version', 'version', '版本号', '1', { kind: 'whole' }),
  optional('caseId', 'caseId', '办件标识', ''),
  needed('patient.idNumber', 'idNumber', '公民身份号码', '421202199003070025', {
    kind: 'number-text',
    also: ['身份证号', '身份证号码', '居民身份证号'],
  }),
  needed('patient.name', 'name', '姓名', '示例甲', { also: ['患者姓名'] }),
  optional('patient.phone', 'phone', '联系电话', '13800000000', { kind: 'number-text', also: ['电话', '手机号'] }),
  optional('patient.address', 'address', '联系地址', '', { also: ['地址'] }),
  optional('insuranceKind', 'insuranceKind', '险种类型', '', { kind: 'number-text' }),
];
