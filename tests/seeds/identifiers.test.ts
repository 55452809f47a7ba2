import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAcceptanceNumber } from '../../adapters/identifiers/acceptance-number.ts';
import { isBankCard } from '../../adapters/identifiers/bank-card.ts';
import { isCaseNumber } from '../../adapters/identifiers/case-number.ts';
import { parseCollectingUnit } from '../../adapters/identifiers/collecting-unit.ts';
import { matchesCrcCode } from '../../adapters/identifiers/crc-code.ts';
import { isDisabilityCertificate } from '../../adapters/identifiers/disability-certificate.ts';
import { divisionKind, isAcceptingOffice, isDivision, parseDivision } from '../../adapters/identifiers/division.ts';
import { isEBillCheck, isEBillCode, isEBillNumber } from '../../adapters/identifiers/e-bill.ts';
import { isEmploymentCertificate } from '../../adapters/identifiers/employment-certificate.ts';
import { birthDate, type IdNumber, isIdNumber, sex } from '../../adapters/identifiers/id-number.ts';
import { isMedicalMessageId } from '../../adapters/identifiers/medical-message-id.ts';
import { isMedicalProvider } from '../../adapters/identifiers/medical-provider.ts';
import { isMobileNumber } from '../../adapters/identifiers/mobile-number.ts';
import { isNationalDivision } from '../../adapters/identifiers/national-division.ts';
import { isLocallyIssued, parsePaymentCode } from '../../adapters/identifiers/payment-code.ts';
import { isProofNumber } from '../../adapters/identifiers/proof-number.ts';
import { isRealEstateCertificate } from '../../adapters/identifiers/real-estate-certificate.ts';
import { isRealEstateUnit } from '../../adapters/identifiers/real-estate-unit.ts';
import { isRevenueItem } from '../../adapters/identifiers/revenue-item.ts';
import { isSocialCreditCode } from '../../adapters/identifiers/social-credit-code.ts';
import { fen } from '../../adapters/values/fen.ts';
import { STRANGER } from '../../seeds/population.ts';
import { breaking, POPULATIONS, repeated } from './populations.ts';

const asOf = new Date('2026-03-31T12:00:00+08:00');
const isId = (text: string): text is IdNumber => isIdNumber(text, { asOf });

describe.each(POPULATIONS)('every number in a population of %s', (_, population) => {
  const { residents, cases, medical, nonTax, realEstate, subsidy } = population;

  test('of a citizen is valid, unique, and tells the same sex and birthday', () => {
    expect(
      breaking(
        residents,
        (one) => isId(one.idNumber) && sex(one.idNumber) === one.sex && birthDate(one.idNumber) === one.birthDate,
      ),
    ).toEqual([]);
    expect(repeated(residents.map(({ idNumber }) => idNumber))).toEqual([]);
  });

  test('of a citizen is none of the golden files’', () => {
    const golden = goldenIdNumbers();
    expect(golden.size).toBeGreaterThan(10);
    expect(residents.filter(({ idNumber }) => golden.has(idNumber))).toEqual([]);
    expect(golden.has(STRANGER.idNumber)).toBe(false);
  });

  test('of a division exists, and lies in Xian’an unless the story is elsewhere', () => {
    expect(
      breaking(
        residents,
        ({ hukouDivision, residenceDivision }) =>
          [hukouDivision, residenceDivision].every((code) => code.length === 12 && isNationalDivision(code)) &&
          [hukouDivision, residenceDivision].every((code) => !code.startsWith('421202') || isDivision(code)),
      ),
    ).toEqual([]);
    const kinds = new Set(
      residents
        .filter(({ residenceDivision }) => residenceDivision.startsWith('421202'))
        .map(({ residenceDivision }) => divisionKind(parseDivision(residenceDivision))),
    );
    expect(kinds).toEqual(new Set(['community', 'village']));
  });

  test('of a phone is a mobile number', () => {
    expect(breaking(residents, ({ phone }) => isMobileNumber(phone))).toEqual([]);
  });

  test('of a case is valid and unique', () => {
    expect(breaking(cases, ({ number, password }) => isCaseNumber(number) && /^\d{6}$/.test(password))).toEqual([]);
    expect(repeated(cases.map(({ number }) => number))).toEqual([]);
  });

  test('of an office is a social credit code or a provider’s, of a division whose office may accept', () => {
    const offices = cases.flatMap((one) => [one.organisation, ...one.steps.map(({ organisation }) => organisation)]);
    const distinct = [...new Map(offices.map((office) => [office.code, office])).values()];
    expect(breaking(distinct, ({ code }) => isSocialCreditCode(code) || isMedicalProvider(code))).toEqual([]);
    expect(breaking(distinct, ({ division }) => division.length === 12 && isAcceptingOffice(division))).toEqual([]);
    const names = new Set(offices.map(({ code, name }) => `${code} ${name}`));
    expect(names.size).toBe(distinct.length);
  });

  test('of medical insurance has the platform’s form and is unique', () => {
    const { providers, persons, visits, settlements } = medical;
    expect(breaking(providers, ({ code, name }) => isMedicalProvider(code) && name.length <= 20)).toEqual([]);
    expect(breaking(persons, ({ psnNo }) => /^\d{26}$/.test(psnNo))).toEqual([]);
    const filings = [
      medical.outOfAreaFilings,
      medical.referrals,
      medical.chronicFilings,
      medical.fixedProviders,
    ].flat();
    expect(breaking(filings, ({ serial }) => /^421202\d{24}$/.test(serial))).toEqual([]);
    expect(breaking(visits, ({ id }) => /^421202\d{12}$/.test(id))).toEqual([]);
    expect(
      breaking(settlements, ({ id, messageId }) => /^421202\d{12}$/.test(id) && isMedicalMessageId(messageId)),
    ).toEqual([]);
    for (const numbers of [
      persons.map(({ psnNo }) => psnNo),
      filings.map(({ serial }) => serial),
      visits.map(({ id }) => id),
      settlements.map(({ id }) => id),
      settlements.map(({ messageId }) => messageId),
    ]) {
      expect(repeated(numbers)).toEqual([]);
    }
  });

  test('of a payment notice is locally issued and unique, and its check code is that of unit, code and amount', () => {
    expect(breaking(nonTax.notices, ({ payCode }) => isLocallyIssued(parsePaymentCode(payCode)))).toEqual([]);
    expect(repeated(nonTax.notices.map(({ payCode }) => payCode))).toEqual([]);
    expect(
      breaking(
        nonTax.notices.filter(({ crcCode }) => crcCode !== ''),
        ({ crcCode, unitCode, payCode, originalFen, lateFeeFen }) =>
          matchesCrcCode(crcCode, {
            unit: parseCollectingUnit(unitCode),
            paymentCode: parsePaymentCode(payCode),
            amount: fen(originalFen + lateFeeFen),
          }),
      ),
    ).toEqual([]);
    expect(nonTax.notices.some(({ crcCode }) => crcCode === '')).toBe(true);
    expect(
      breaking(
        nonTax.notices.flatMap(({ items }) => items),
        ({ code }) => isRevenueItem(code),
      ),
    ).toEqual([]);
  });

  test('of an e-receipt and of a trade is well formed and unique', () => {
    const receipts = nonTax.notices.flatMap(({ eReceipt }) => eReceipt ?? []);
    expect(
      breaking(
        receipts,
        ({ code, number, check }) => isEBillCode(code) && isEBillNumber(number) && isEBillCheck(check),
      ),
    ).toEqual([]);
    expect(repeated(receipts.map(({ number }) => number))).toEqual([]);
    const trades = nonTax.notices.flatMap(({ payment }) => payment?.tradeNumber ?? []);
    expect(breaking(trades, (trade) => /^\d{20,32}$/.test(trade))).toEqual([]);
    expect(repeated(trades)).toEqual([]);
  });

  test('of the registry is well formed and unique; old titles are free text', () => {
    const { properties, registrations } = realEstate;
    const current = properties.filter(({ unitNumber }) => unitNumber !== '');
    expect(
      breaking(current, (one) => isRealEstateUnit(one.unitNumber) && isRealEstateCertificate(one.certificateNumber)),
    ).toEqual([]);
    expect(repeated(current.map(({ unitNumber }) => unitNumber))).toEqual([]);
    expect(repeated(properties.map(({ certificateNumber }) => certificateNumber))).toEqual([]);
    const old = properties.filter(({ unitNumber }) => unitNumber === '');
    expect(old.length).toBeGreaterThan(0);
    expect(breaking(old, ({ certificateNumber }) => !isRealEstateCertificate(certificateNumber))).toEqual([]);
    const proofs = properties.flatMap(({ mortgages, preNotices }) => [...mortgages, ...preNotices]);
    expect(breaking(proofs, ({ certificateNumber }) => isRealEstateCertificate(certificateNumber))).toEqual([]);
    expect(repeated(proofs.map(({ certificateNumber }) => certificateNumber))).toEqual([]);
    expect(breaking(registrations, ({ acceptanceNumber }) => isAcceptanceNumber(acceptanceNumber))).toEqual([]);
    expect(repeated(registrations.map(({ acceptanceNumber }) => acceptanceNumber))).toEqual([]);
  });

  test('of an owner is a citizen’s or a company’s', () => {
    const owners = realEstate.properties.flatMap((property) => property.owners);
    expect(breaking(owners, ({ idNumber }) => isId(idNumber) || isSocialCreditCode(idNumber))).toEqual([]);
    const known = new Set(residents.map(({ idNumber }) => idNumber));
    const strangers = new Map(
      owners.filter(({ idNumber }) => !known.has(idNumber)).map((one) => [one.idNumber, one.name]),
    );
    expect(breaking(owners, ({ idNumber, name }) => known.has(idNumber) || strangers.get(idNumber) === name)).toEqual(
      [],
    );
  });

  test('of a disability certificate, account, application and payment is valid', () => {
    const { certificates, applications, payments } = subsidy;
    expect(
      breaking(
        certificates,
        (one) =>
          isDisabilityCertificate(one.number, { asOf }) &&
          one.number.startsWith(`${one.idNumber}${one.category}${one.grade}`),
      ),
    ).toEqual([]);
    expect(breaking(applications, ({ bank }) => isBankCard(bank.account))).toEqual([]);
    expect(breaking(payments, ({ account }) => isBankCard(account))).toEqual([]);
    expect(breaking(applications, ({ number }) => /^LB\d{6}\d{8}\d{6}$/.test(number))).toEqual([]);
    expect(breaking(payments, ({ number }) => /^421202\d{8}\d{6}$/.test(number))).toEqual([]);
    for (const numbers of [
      certificates.map(({ number }) => number),
      applications.map(({ number }) => number),
      applications.map(({ clientSerial }) => clientSerial),
      payments.map(({ number }) => number),
    ]) {
      expect(repeated(numbers)).toEqual([]);
    }
  });

  test('of a paper that ends a case has its own form', () => {
    const papers = cases.flatMap(({ result }) => (result?.certificateNumber ? [result] : []));
    const formOf: Readonly<Record<string, (number: string) => boolean>> = {
      不动产登记信息查询结果证明: isProofNumber,
      残疾人证: (number) => isDisabilityCertificate(number, { asOf }),
      就业创业证: isEmploymentCertificate,
      '非税收入统一票据(电子)': isEBillNumber,
    };
    const checked = papers.filter(({ certificateName }) => certificateName in formOf);
    expect(new Set(checked.map(({ certificateName }) => certificateName))).toEqual(new Set(Object.keys(formOf)));
    expect(
      breaking(
        checked,
        ({ certificateName, certificateNumber }) => formOf[certificateName]?.(certificateNumber) === true,
      ),
    ).toEqual([]);
  });
});

/** Every 18-character identity number that stands in a golden file. */
function goldenIdNumbers(): ReadonlySet<string> {
  const folder = new URL('../wire/golden/', import.meta.url);
  const found = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const text = readFileSync(`${file.parentPath}/${file.name}`, 'latin1');
    for (const [number] of text.matchAll(/(?<![\dA-Z])[1-8]\d{16}[\dX](?![\dA-Z])/g))
      if (isId(number)) found.add(number);
  }
  return found;
}
