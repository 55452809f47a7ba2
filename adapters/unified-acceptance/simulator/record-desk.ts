import { createHash } from 'node:crypto';
import type { SimulatorCore } from '../../simulator/core.ts';
import type { Platform } from './platform.ts';
import { checkRecord, type RecordFault, RecordRefused, textOf, type WireRecord } from './record-rules.ts';
import { REPORTS } from './reports.ts';

/** A refused record as an answer shows it (wire spec 2). */
export interface Rejected extends RecordFault {
  readonly rowGuid: string;
}

/** Takes the records of a message one by one: a refused one does not affect the others (wire spec 5). */
export class RecordDesk {
  readonly #core: SimulatorCore;
  readonly #platform: Platform;

  constructor(core: SimulatorCore, platform: Platform) {
    this.#core = core;
    this.#platform = platform;
  }

  /** The body of the answer to a report. */
  report(kind: string, records: readonly WireRecord[]): { accepted: number; rejected: Rejected[] } {
    const rejected: Rejected[] = [];
    for (const record of records) {
      const fault = this.#refusalOf(() => this.#take(kind, record));
      if (fault) rejected.push({ rowGuid: textOf(record, 'rowGuid'), ...fault });
    }
    return { accepted: records.length - rejected.length, rejected };
  }

  #take(name: string, record: WireRecord): void {
    const kind = REPORTS[name];
    if (!kind) throw new Error(`no report is called ${name}`);
    const platform = this.#platform;
    const now = this.#core.now();
    const rowGuid = textOf(record, 'rowGuid');

    checkRecord(record, kind.fields, now);
    const held = platform.record(name, rowGuid);
    const work = { platform, now, held: held !== undefined && !held.deleted };
    kind.check(record, work);
    if (held && held.dataVer >= (record.dataVer as number)) {
      throw new RecordRefused('2106', '记录已存在，版本不低于本次');
    }
    if (held && held.projectNo !== record.projectNo) throw new RecordRefused('2104', '记录属于其他办件');
    if (!work.held && record.cdOperation === 'D') throw new RecordRefused('2201', '要删除的记录不存在');

    const told = kind.take(record, work);
    platform.hold(name, rowGuid, {
      projectNo: textOf(record, 'projectNo'),
      dataVer: record.dataVer as number,
      content: contentOf(record),
      deleted: record.cdOperation === 'D',
    });
    this.#core.record({
      kind: kind.ledgerKind,
      reference: textOf(record, 'projectNo'),
      subject: platform.cases.get(textOf(record, 'projectNo'))?.acceptance.applicantDocument ?? '',
      rowGuid,
      dataVer: record.dataVer,
      operation: record.cdOperation,
      ...told,
    });
  }

  #refusalOf(work: () => void): RecordFault | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      if (error instanceof RecordRefused) return error.fault;
      throw error;
    }
  }
}

/** Fingerprint of what a record says, apart from when and in which batch it was sent (cdTime, cdBatch). */
export function contentOf(record: WireRecord): string {
  const fields = Object.entries(record)
    .filter(([field]) => field !== 'cdTime' && field !== 'cdBatch')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64');
}
