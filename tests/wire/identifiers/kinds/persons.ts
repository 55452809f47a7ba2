import { isBankCard, isPassbook, parseBankCard, parsePassbook } from '../../../../adapters/identifiers/bank-card.ts';
import {
  isDisabilityCertificate,
  parseDisabilityCertificate,
} from '../../../../adapters/identifiers/disability-certificate.ts';
import {
  isEmploymentCertificate,
  parseEmploymentCertificate,
} from '../../../../adapters/identifiers/employment-certificate.ts';
import { isIdNumber, parseIdNumber } from '../../../../adapters/identifiers/id-number.ts';
import { isMobileNumber, parseMobileNumber } from '../../../../adapters/identifiers/mobile-number.ts';
import golden from '../../golden/unified-acceptance/identifier-vectors.json' with { type: 'json' };
import { forgiven, type Kind, REFERENCE_DAY } from './kind.ts';

const { vectors } = golden;
const asOf = REFERENCE_DAY;

/** Kinds of identifier that belong to a person. */
export const PERSONS: readonly Kind[] = [
  {
    identifier: 'IdNumber',
    parse: (text) => parseIdNumber(text, { asOf }),
    is: (text) => isIdNumber(text, { asOf }),
    valid: [
      ...vectors.residentId.valid,
      '11010519491231002X',
      '421202198803056219',
      '421202197511120034',
      '421202200106301450',
    ],
    invalid: [
      ...forgiven(vectors.residentId.invalid, { '42120219870605991x': '42120219870605991X' }),
      { value: '421202198803056218', why: 'check character wrong' },
      { value: '421202198813056219', why: 'month 13' },
      { value: '42120219880305621', why: '17 characters' },
      { value: '42120219880305621９', why: 'full-width digit', readAs: '421202198803056219' },
      { value: '000000000000000000', why: 'division 000000' },
      { value: '440524188001010014', why: 'born before 1900' },
      { value: '421202780315992', why: '15 digits' },
    ],
  },
  {
    identifier: 'DisabilityCertificate',
    parse: (text) => parseDisabilityCertificate(text, { asOf }),
    is: (text) => isDisabilityCertificate(text, { asOf }),
    valid: vectors.disabilityCertificate.valid,
    invalid: vectors.disabilityCertificate.invalid,
  },
  {
    identifier: 'EmploymentCertificate',
    parse: (text) => parseEmploymentCertificate(text),
    is: (text) => isEmploymentCertificate(text),
    valid: vectors.employmentCertificate16.valid,
    invalid: vectors.employmentCertificate16.invalid,
  },
  {
    identifier: 'BankCard',
    parse: parseBankCard,
    is: isBankCard,
    valid: vectors.bankCard.valid,
    invalid: vectors.bankCard.invalid,
  },
  {
    identifier: 'Passbook',
    parse: parsePassbook,
    is: isPassbook,
    valid: [...vectors.bankCard.valid, '6217002870001234565'],
    invalid: vectors.bankCard.invalid.filter(({ why }) => !why.startsWith('Luhn')),
  },
  {
    identifier: 'MobileNumber',
    parse: parseMobileNumber,
    is: isMobileNumber,
    valid: vectors.mobile.valid,
    invalid: vectors.mobile.invalid,
  },
];
