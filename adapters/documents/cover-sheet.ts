import type { PDFDocument } from 'pdf-lib';
import { maskIdNumber, maskName } from '../identifiers/masking.ts';
import { chinaDate } from '../values/china-time.ts';
import { chineseFontOnce } from './chinese-font.ts';
import type { CoverPage } from './cover-page.ts';
import { qrCode } from './qr-code.ts';
import { refused } from './refused.ts';

const TITLE = '不动产登记信息查询结果证明 封面';
const ATTACHMENT = 'cover-sheet.json';

/** What the cover sheet (封面) of a property proof tells. Lengths are in characters. */
export interface CoverSheet {
  /** 证明编号, 1 to 50. */
  readonly proofNumber: string;
  /** What kind of proof, in Chinese (证明类型), 1 to 50: `有房无房证明`. */
  readonly kind: string;
  /** In full, 1 to 100; the sheet shows the first character (姓名). */
  readonly applicantName: string;
  /** In full, 1 to 50; the sheet shows it masked (证件号码). */
  readonly applicantIdNumber: string;
  /** Milliseconds since 1970; the sheet shows the day in China (出具日期). */
  readonly issuedAt: number;
  /** 出具单位, 1 to 100. */
  readonly issuingBody: string;
  /** SHA-256 of the registry's own document, 64 lower-case hex digits (文件摘要). */
  readonly sha256: string;
  /** Where the proof can be checked, http or https, up to 200 ASCII characters: `https://…/check/…`. No personal data (核验地址). */
  readonly checkAddress: string;
}

export interface CoverSheetDocument {
  /** One A4 page with its font embedded. Equal sheets give equal bytes. */
  readonly pdf: Uint8Array;
  /** Characters that the font lacks, drawn as `〓`: the page says which, the attachment `cover-sheet.json` has the exact text. */
  readonly missingCharacters: readonly string[];
}

/** Makes cover sheets. The font is read with the first one and kept. */
export class CoverSheetPrinter {
  readonly #font = chineseFontOnce();

  /**
   * The cover sheet of a proof. It names the applicant only masked, in its attachment too. Throws `INVALID_INPUT` naming the member
   * that cannot be printed; no error repeats what stood there.
   */
  async print(sheet: CoverSheet): Promise<CoverSheetDocument> {
    const shown = shownOn(sheet);
    const code = qrCode(shown.checkAddress);
    // Not with the program's start: who prints nothing need not wait for the PDF library.
    const [{ PDFDocument }, { drawCoverPage }, font] = await Promise.all([
      import('pdf-lib'),
      import('./cover-page.ts'),
      this.#font(),
    ]);
    const document = await PDFDocument.create({ updateMetadata: false });
    const page: CoverPage = { title: TITLE, rows: rowsOf(shown), code, attachment: ATTACHMENT };
    const missingCharacters = drawCoverPage(document, await font.embedIn(document), font, page);
    describe(document, shown, sheet.issuedAt);
    await attach(document, shown, sheet.issuedAt);
    return { pdf: await document.save(), missingCharacters };
  }
}

/** The texts of the sheet, checked and masked. */
interface Shown {
  readonly proofNumber: string;
  readonly kind: string;
  readonly applicant: string;
  readonly idNumber: string;
  /** `yyyy-MM-dd`. */
  readonly issuedOn: string;
  readonly issuingBody: string;
  readonly sha256: string;
  readonly checkAddress: string;
}

function shownOn(sheet: CoverSheet): Shown {
  if (!/^[0-9a-f]{64}$/.test(sheet.sha256)) {
    throw refused('sha256', 'must be 64 lower-case hex digits', '应为64位小写十六进制数');
  }
  return {
    proofNumber: text('proofNumber', sheet.proofNumber, 50),
    kind: text('kind', sheet.kind, 50),
    applicant: maskName(text('applicantName', sheet.applicantName, 100)),
    idNumber: maskIdNumber(text('applicantIdNumber', sheet.applicantIdNumber, 50)),
    issuedOn: dayOf('issuedAt', sheet.issuedAt),
    issuingBody: text('issuingBody', sheet.issuingBody, 100),
    sha256: sheet.sha256,
    checkAddress: address('checkAddress', sheet.checkAddress),
  };
}

function rowsOf(shown: Shown): CoverPage['rows'] {
  const [year, month, day] = shown.issuedOn.split('-').map(Number);
  return [
    ['证明编号', shown.proofNumber],
    ['证明类型', shown.kind],
    ['申请人', shown.applicant],
    ['证件号码', shown.idNumber],
    ['出具日期', `${year}年${month}月${day}日`],
    ['出具单位', shown.issuingBody],
    ['文件摘要 SHA-256', shown.sha256],
    ['核验地址', shown.checkAddress],
  ];
}

function describe(document: PDFDocument, { proofNumber, issuingBody }: Shown, issuedAt: number): void {
  document.setTitle(TITLE, { showInWindowTitleBar: true });
  document.setSubject(proofNumber);
  document.setAuthor(issuingBody);
  document.setCreator('Casegraph');
  document.setLanguage('zh-CN');
  document.setCreationDate(new Date(issuedAt));
  document.setModificationDate(new Date(issuedAt));
}

/** What the sheet shows, exactly, for machines and for characters that no font has. */
function attach(document: PDFDocument, shown: Shown, issuedAt: number): Promise<void> {
  return document.attach(Buffer.from(`${JSON.stringify(shown, null, 2)}\n`), ATTACHMENT, {
    mimeType: 'application/json',
    description: TITLE,
    creationDate: new Date(issuedAt),
    modificationDate: new Date(issuedAt),
  });
}

function text(field: string, value: string, longest: number): string {
  const length = [...value].length;
  if (value.trim() !== '' && length <= longest && value.isWellFormed()) return value;
  throw refused(field, `must have 1 to ${longest} whole characters`, `应为1至${longest}个完整字符`);
}

function dayOf(field: string, moment: number): string {
  try {
    return chinaDate(moment);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refused(field, 'must be a moment that the calendar has', '应为日历上的时间');
  }
}

function address(field: string, value: string): string {
  if (value.length <= 200 && /^https?:\/\/[!-~]+$/.test(value) && URL.canParse(value)) return value;
  throw refused(
    field,
    'must be an http or https address of at most 200 characters',
    '应为不超过200字符的http或https地址',
  );
}
