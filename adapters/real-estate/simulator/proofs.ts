import { createHash } from 'node:crypto';
import { isQueryNumber } from '../../identifiers/query-number.ts';
import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaIso } from '../../values/china-time.ts';
import { amountIn, isCurrent } from './entry.ts';
import type { Property } from './land-register.ts';
import { type MarkupElement, markup } from './markup.ts';
import { openPdfPrinter, type PdfPrinter } from './pdf.ts';
import type { AnsweredQuery, QueryDesk } from './queries.ts';
import { Refusal } from './refusal.ts';
import { attributesOf, must, onlyRecord, SUBJECT_RULES, type Subject, subjectOf } from './request-attributes.ts';
import type { Serials } from './serials.ts';
import { day } from './wall-clock.ts';

const VALID_DAYS = 30;

/** The district that this registry keeps the register of (QXDM). */
const DISTRICT = { code: '421202', name: '咸安区' };

/** Rights with a house in them, for the counting rule of wire spec 3.6. */
const HOUSE_RIGHTS: ReadonlySet<string> = new Set(['4', '6', '8']);

interface Paper {
  readonly kind: '1' | '3';
  readonly title: string;
  readonly statement: string;
  readonly counted: readonly Property[];
}

/** Prints certificates about queries (wire spec 3.5 and 3.6). Printing the same twice gives the same paper. */
export class ProofDesk {
  readonly #core: SimulatorCore;
  readonly #queries: QueryDesk;
  readonly #serials: Serials;
  readonly #printed = new Map<string, Promise<string>>();
  #printer: Promise<PdfPrinter> | undefined;
  #making = 0;
  #misprints = 0;
  #bytes = 0;

  constructor(core: SimulatorCore, queries: QueryDesk, serials: Serials) {
    this.#core = core;
    this.#queries = queries;
    this.#serials = serials;
  }

  /** The next so many prints are answered with 3001. */
  beMaking(times: number): void {
    this.#making = times;
  }

  /** The next so many prints are answered with the digest of another document. */
  misprint(times: number): void {
    this.#misprints = times;
  }

  /** The next paper has so many bytes at least. */
  printLarge(bytes: number): void {
    this.#bytes = bytes;
  }

  /** 9800201, 查询结果证明: what is registered for the person, current rights only. */
  ofQuery(data: MarkupElement): Promise<string> {
    const value = attributesOf(onlyRecord(data, 'ZMSQ'), { ZMLX: must(/^1$/), ...COMMON_RULES });
    return this.#print(value, (query, owner) => {
      const counted = distinct(query.found.filter(isCurrent).filter((property) => isOwnedBy(property, owner)));
      const statement =
        counted.length === 0
          ? '截至查询时间，未查询到名下登记不动产'
          : `截至查询时间，名下登记不动产${counted.length}处`;
      return { kind: '1', title: '不动产登记信息查询结果证明', statement, counted };
    });
  }

  /** 9800202, 有房无房证明: dwellings in the districts searched. */
  ofHousing(data: MarkupElement): Promise<string> {
    const rules = { ZMLX: must(/^3$/), ...COMMON_RULES, QXDM: must(/^\d{6}(?:,\d{6})*$/) };
    const value = attributesOf(onlyRecord(data, 'ZMSQ'), rules);
    if (!value('QXDM').split(',').includes(DISTRICT.code)) throw new Refusal('1002');
    return this.#print(value, (query, owner) => {
      // Only a query by owner has seen everything that the person has.
      if (!query.subject) throw new Refusal('2003');
      const counted = distinct(query.found.filter(isDwelling).filter((property) => isOwnedBy(property, owner)));
      const area = `截至查询时间，在${DISTRICT.name}行政区域内`;
      const statement =
        counted.length === 0 ? `${area}未查询到住房登记信息` : `${area}查询到住房登记信息${counted.length}处`;
      return { kind: '3', title: '有房无房证明', statement, counted };
    });
  }

  #print(value: (name: string) => string, paperOf: (query: AnsweredQuery, owner: Subject) => Paper): Promise<string> {
    if (!/^[1-5]$/.test(value('CXMD'))) throw new Refusal('1103');
    const subject = subjectOf(value, this.#core.now());
    if (!isQueryNumber(value('CXBH'))) throw new Refusal('2003');
    const query = this.#queries.printable(value('CXBH'), subject);
    const paper = paperOf(query, query.subject ?? subject);
    const key = JSON.stringify([paper.kind, query.number, subject.idNumber, value('CXMD'), value('QXDM')]);
    const earlier = this.#printed.get(key);
    if (earlier !== undefined) return this.#handOut(earlier);
    if (this.#making > 0) {
      this.#making -= 1;
      throw new Refusal('3001');
    }
    const printed = this.#issue(query, subject, paper);
    // At once, so that whoever asks while it is being made gets the same paper.
    this.#printed.set(key, printed);
    return this.#handOut(printed);
  }

  async #handOut(printed: Promise<string>): Promise<string> {
    const paper = await printed;
    if (this.#misprints === 0) return paper;
    this.#misprints -= 1;
    return paper.replace(/(?<= Sha256=")[0-9a-f]{64}/, (digest) => createHash('sha256').update(digest).digest('hex'));
  }

  async #issue(query: AnsweredQuery, subject: Subject, paper: Paper): Promise<string> {
    const now = this.#core.now();
    const number = `XA${this.#serials.next('proof', 6)}`;
    this.#printer ??= openPdfPrinter();
    const printer = await this.#printer;
    const made = await printer.document(paper.title, [
      `证明编号：${number}`,
      `查询编号：${query.number}`,
      `权利人：${subject.name}`,
      `证件号码：${subject.idNumber}`,
      `证明时间：${chinaIso(now)}`,
      paper.statement,
      ...paper.counted.flatMap(printedLines),
      '如对查询结果有异议，请当场提出。本证明仅供查询之用，请妥善保管。',
      `出具单位：咸宁市咸安区不动产登记中心`,
    ]);
    // Readers find the end of a document from behind and skip what is white.
    const pdf = Buffer.concat([made, Buffer.alloc(Math.max(0, this.#bytes - made.length), '\n')]);
    this.#bytes = 0;
    this.#core.record({
      kind: 'proof-printed',
      reference: number,
      subject: subject.idNumber,
      proofKind: paper.kind,
      queryNumber: query.number,
      records: paper.counted.length,
    });
    return markup(
      'ZM',
      [
        ['ZMLX', paper.kind],
        ['ZMBH', number],
        ['CXBH', query.number],
        ['QLRMC', subject.name],
        ['ZJZL', subject.idType],
        ['ZJH', subject.idNumber],
        ['ZMSJ', chinaIso(now)],
        ['YXQ', day(now, VALID_DAYS)],
        ['JBR', '自助查询'],
        ['QKSM', paper.statement],
        ['Records', String(paper.counted.length)],
        ['YZM', checkCharacters(number)],
        ['EWM', `https://bdc.example.invalid/v?n=${number}`],
      ],
      markup(
        'PDF',
        [
          ['Encoding', 'base64'],
          ['Sha256', createHash('sha256').update(pdf).digest('hex')],
        ],
        pdf.toString('base64'),
      ),
    );
  }
}

const COMMON_RULES = {
  CXBH: must(/^.{1,32}$/s),
  ...SUBJECT_RULES,
  CXMD: { required: false, form: /^/ },
  DYFS: must(/^PDF$/),
};

/** Counting rule of wire spec 3.6: current, a house in the right, a dwelling by use. */
function isDwelling(property: Property): boolean {
  return isCurrent(property) && HOUSE_RIGHTS.has(property.rightType) && property.use.startsWith('1');
}

function isOwnedBy({ owners }: Property, { name, idNumber }: Subject): boolean {
  return owners.some((owner) => owner.name === name && owner.idNumber === idNumber);
}

/** Distinct by unit and certificate (wire spec 3.2, traps). */
function distinct(properties: readonly Property[]): Property[] {
  const key = ({ unitNumber, certificateNumber }: Property) => JSON.stringify([unitNumber, certificateNumber]);
  return [...new Map(properties.map((property) => [key(property), property])).values()];
}

/** The rows of the printed page, as far as this registry knows them (wire spec 3.5). */
function printedLines(property: Property): string[] {
  return [
    `不动产单元号：${property.unitNumber}`,
    `不动产权证号：${property.certificateNumber}`,
    `坐落：${property.location}`,
    `建筑面积：${property.areaSquareMetres}平方米　规划用途：${property.use}　登记时间：${property.registeredAt}`,
    ...property.mortgages.filter(isCurrent).map(({ mortgagee, securedFen, certificateNumber, from, to }) => {
      const amount = amountIn('万元', securedFen, 0);
      return `抵押：${mortgagee}，证明号${certificateNumber}，债权数额${amount}万元，债务履行期限${from}至${to}`;
    }),
    ...property.seizures.filter(isCurrent).map(({ court, documentNumber, from, to }) => {
      return `查封：${court}，${documentNumber}，${from}至${to}`;
    }),
    ...property.preNotices.map(({ holder, obligor }) => `预告：权利人${holder}，义务人${obligor}`),
    ...property.objections.map(({ matter }) => `异议：${matter}`),
  ];
}

const CHECK_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function checkCharacters(number: string): string {
  const digest = createHash('sha256').update(number).digest().subarray(0, 6);
  return [...digest].map((byte) => CHECK_ALPHABET.charAt(byte % CHECK_ALPHABET.length)).join('');
}
