import { describe, expect, it } from 'vitest';
import { goldenVoucher } from './golden-files.ts';
import { GOLDEN_NOTICES, goldenPopulation } from './golden-population.ts';
import { edited, type Running, running } from './simulator-wire.ts';

const NUMBER = goldenVoucher('13-ebill-number.request.bin');
const ISSUE = goldenVoucher('14-ebill-issue.request.bin');
const DOWNLOAD = goldenVoucher('15-ebill-download.request.bin');
const { registrationFee, registrationFeePaid, registrationFeeReceipted, lostCardVoid, yesterday } = GOLDEN_NOTICES;

const bill = Buffer.from(/<Invoice_Data>([^<]*)</.exec(ISSUE)?.[1] ?? '', 'base64').toString('utf8');

/** The golden issue request with another e-bill text. */
function issueWith(text: string): string {
  return edited(ISSUE, { Invoice_Data: Buffer.from(text).toString('base64') });
}

/** Finance with the golden fee paid and the golden number given to its unit. */
async function beforeIssue(): Promise<Running> {
  const finance = await running(goldenPopulation(yesterday, registrationFeePaid));
  await finance.ask('8999', NUMBER);
  finance.core.reset();
  return finance;
}

describe('e-receipts, 8999, 8981 and 8982', () => {
  it('gives every call another number', async () => {
    await using finance = await running(goldenPopulation(yesterday));

    const numbers = [await finance.ask('8999', NUMBER), await finance.ask('8999', NUMBER)].map((answer) =>
      answer.get('Information'),
    );

    expect(numbers).toEqual(['0000012345', '0000012346']);
    expect(finance.ledger()).toMatchObject([
      { kind: 'receipt-number', reference: '0000012345', billCode: '42010126' },
      { kind: 'receipt-number', reference: '0000012346' },
    ]);
  });

  it.each([
    ['ChgAgenCode', '999999', '16001'],
    ['BillTypeCode', '0102', '16001'],
    ['BillVerCode', '42020126', '16001'],
    ['BillVerName', '2025版', '16001'],
    ['BillTypeName', '', '10002'],
  ])('gives no number for %s %o', async (name, value, code) => {
    await using finance = await running(goldenPopulation());

    expect((await finance.ask('8999', edited(NUMBER, { [name]: value }))).get('Result')).toBe(code);
    expect(finance.ledger()).toEqual([]);
  });

  it('issues a bill once and gives a repetition the same answer', async () => {
    await using finance = await beforeIssue();

    const answers = [await finance.ask('8981', ISSUE), await finance.ask('8981', ISSUE)];

    expect(answers.map(({ number }) => number)).toEqual(['5981', '5981']);
    expect(answers[0]?.voucher).toBe(answers[1]?.voucher);
    expect(finance.ledger()).toEqual([
      {
        kind: 'receipt-issued',
        reference: '0000012345',
        subject: registrationFee.payerIdNumber,
        amountFen: 8_000,
        billCode: '42010126',
        payCode: registrationFee.payCode,
      },
    ]);
  });

  it('takes an e-bill text without its outer tag', async () => {
    await using finance = await beforeIssue();

    const answer = await finance.ask('8981', issueWith(bill.replace('<EInvoice>', '').replace('</EInvoice>', '')));

    expect(answer.get('Result')).toBe('00000');
  });

  it('takes a signature and a recipient in the form of the wire, and no other', async () => {
    await using finance = await beforeIssue();
    const signed = (algorithm: string) =>
      ISSUE.replace(
        '<Sign_Info/><Recipient_Addr/>',
        `<Sign_Info><Format>DETACH</Format><Algorithm>${algorithm}</Algorithm><Value>MEUC</Value><Time>20260316161200</Time></Sign_Info>` +
          '<Recipient_Addr><Email>a@example.invalid</Email><Telephone>13800000002</Telephone></Recipient_Addr>',
      );

    const refused = await finance.ask('8981', signed('RSA'));
    const taken = await finance.ask('8981', signed('SM2'));

    expect(refused.get('Information')).toContain('Sign_Info.Algorithm');
    expect(taken.get('Result')).toBe('00000');
  });

  it.each([
    ['another total', bill.replace('<TotalAmount>80.00', '<TotalAmount>81.00'), '10002', 'TotalAmount'],
    ['another PayCode', bill.replace('00001002</PayCode>', '00001003</PayCode>'), '10002', 'PayCode'],
    ['another payer', bill.replace('赵㙍生', '赵生'), '10002', 'PayerPartyName'],
    ['an id that is not reversed', bill.replace('5432100000-62101024', '0000012345-42010126'), '10002', 'EInvoiceID'],
    ['a check text of five', bill.replace('8f3k2a', '8f3k2'), '10002', 'RandomNumber'],
    [
      'another number',
      bill.replace('<EInvoiceNumber>0000012345', '<EInvoiceNumber>0000012346'),
      '10002',
      'EInvoiceNumber',
    ],
    ['a day that is none', bill.replace('20260316</IssueDate>', '20260332</IssueDate>'), '10002', 'IssueDate'],
    ['items of another sum', bill.replace('<ItemAmount>80.00', '<ItemAmount>79.00'), '16005', ''],
    ['an item of another unit', bill.replace('<ItemCode>103043211', '<ItemCode>103100501'), '16003', ''],
    ['no items', bill.replace(/<Item>.*<\/Item>/, ''), '10002', 'Details'],
    ['a DTD', `<!DOCTYPE EInvoice>${bill}`, '10002', 'Invoice_Data'],
    ['no XML', 'bill', '10002', 'Invoice_Data'],
  ])('refuses an e-bill text with %s', async (_, text, code, field) => {
    await using finance = await beforeIssue();

    const answer = await finance.ask('8981', issueWith(text));

    expect([answer.number, answer.get('Result')]).toEqual(['5001', code]);
    expect(answer.get('Information')).toContain(field);
    expect(finance.ledger()).toEqual([]);
  });

  it('refuses an e-bill text in GB18030', async () => {
    await using finance = await beforeIssue();
    const bytes = Buffer.from([...Buffer.from('<EInvoice>'), 0xd5, 0xd4, ...Buffer.from('</EInvoice>')]);

    const answer = await finance.ask('8981', edited(ISSUE, { Invoice_Data: bytes.toString('base64') }));

    expect(answer.get('Information')).toContain('Invoice_Data');
  });

  it.each([
    ['is unknown', [yesterday], {}, '11001'],
    ['is not paid', [yesterday, registrationFee], {}, '99999'],
    ['is void', [yesterday, lostCardVoid], { PayCode: lostCardVoid.payCode }, '11004'],
    ['has its bill', [registrationFeeReceipted], {}, '99999'],
    ['is paid, but the number was given to nobody', [registrationFeePaid], {}, '16002'],
  ] as const)('issues nothing for a notice that %s', async (_, book, changes, code) => {
    await using finance = await running(goldenPopulation(...book));

    expect((await finance.ask('8981', edited(ISSUE, changes))).get('Result')).toBe(code);
    expect(finance.ledger()).toEqual([]);
  });

  it('does not issue with the number of another unit', async () => {
    await using finance = await running(goldenPopulation(yesterday, registrationFeePaid));
    await finance.ask('8999', edited(NUMBER, { ChgAgenCode: '042001' }));

    expect((await finance.ask('8981', ISSUE)).get('Result')).toBe('16002');
  });

  it('shows and gives out a bill that was issued over the wire', async () => {
    await using finance = await beforeIssue();
    await finance.ask('8981', ISSUE);

    const notice = await finance.ask('8997', goldenVoucher('06-query-paid.request.bin'));
    const file = await finance.ask('8982', DOWNLOAD);

    expect(notice.get('BillNo')).toBe('0000012345');
    expect(Buffer.from(file.get('InvoiceFileData'), 'base64').toString('latin1')).toMatch(/^%PDF-/);
  });

  it.each([
    ['BillNo', '0000099999', '99999'],
    ['BillVerCode', '42010125', '99999'],
    ['AdmDivCode', '420000', '10002'],
    ['CrcCode', '8f3k2a', '10002'],
  ])('gives no file for %s %o', async (name, value, code) => {
    await using finance = await running(goldenPopulation(registrationFeeReceipted));

    expect((await finance.ask('8982', edited(DOWNLOAD, { [name]: value }))).get('Result')).toBe(code);
  });
});
