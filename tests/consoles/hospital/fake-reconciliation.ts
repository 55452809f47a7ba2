interface BookPage {
  readonly operator: string;
  readonly book: string;
  readonly page: number;
  readonly rows: readonly object[];
}

interface Asked {
  readonly book?: string;
  readonly from: string;
  readonly to: string;
}

/** As much of a gateway's reconciliations as the command line meets: a book by its pages, and an answer that a test sets. */
export class FakeReconciliation {
  readonly pages: BookPage[] = [];
  readonly asked: Asked[] = [];
  /** Looks that still find it running. */
  running = 1;
  failed = false;
  /** Documents that differ. */
  differing: readonly string[] = [];

  run(query: string, variables: Record<string, unknown>): object {
    if (query.includes('addHospitalBookPage')) return this.#addPage(variables.input as BookPage);
    if (query.includes('reconcilePostings')) {
      this.asked.push(variables.input as Asked);
      return { reconcilePostings: { reconciliation: { id: 'r-1' } } };
    }
    if (query.includes('csv')) {
      const csv = variables.csv === true ? { csv: '\ufeffkind,document\r\n' } : {};
      const pdf = variables.pdf === true ? { pdf: Buffer.from('%PDF-1.7').toString('base64') } : {};
      return { postingReconciliation: { id: 'r-1', ...csv, ...pdf } };
    }
    return { postingReconciliation: this.#made(variables.after as string | null) };
  }

  #addPage(page: BookPage): object {
    this.pages.push(page);
    const rows = this.pages.reduce((sum, one) => sum + one.rows.length, 0);
    return { addHospitalBookPage: { book: page.book, pages: this.pages.length, rows } };
  }

  #made(after: string | null): object {
    this.running -= 1;
    const state = this.running >= 0 ? 'RUNNING' : this.failed ? 'FAILED' : 'DONE';
    // One difference a page.
    const at = after === null ? 0 : Number(after);
    const document = this.differing[at];
    const { from, to } = this.asked[0] ?? {};
    return {
      id: 'r-1',
      hospital: 'H42120200101',
      from,
      to,
      state,
      failure: this.failed ? { code: 'DEPARTMENT_TIMEOUT', text: 'No answer.', textZh: '未应答。' } : null,
      agrees: state === 'DONE' ? this.differing.length === 0 : null,
      totals: [{ side: 'STORE', count: 2, total: 842_050, fundTotal: 600_000, accountPaid: 5 }],
      differenceCount: this.differing.length,
      differences: {
        edges: document === undefined ? [] : [{ node: difference(document) }],
        pageInfo: { hasNextPage: at + 1 < this.differing.length, endCursor: String(at + 1) },
      },
    };
  }
}

function difference(document: string): object {
  const entry = { day: '2026-11-20', fundTotal: 0, accountPaid: 0, refunded: null };
  return {
    kind: 'AMOUNT',
    sides: ['HOSPITAL'],
    settlementId: null,
    document,
    causeText: 'Typed over.',
    causeTextZh: '录入有误。',
    advice: 'Mend it.',
    adviceZh: '请更正。',
    entries: [
      { ...entry, side: 'HOSPITAL', total: 420_051, place: 'line 2' },
      { ...entry, side: 'STORE', total: 420_050, place: null },
    ],
  };
}
