import { isExchangeRequester, parseExchangeRequester } from '../../../../adapters/identifiers/exchange-requester.ts';
import { isExchangeService, parseExchangeService } from '../../../../adapters/identifiers/exchange-service.ts';
import { isMedicalMessageId, parseMedicalMessageId } from '../../../../adapters/identifiers/medical-message-id.ts';
import { isMedicalProvider, parseMedicalProvider } from '../../../../adapters/identifiers/medical-provider.ts';
import { isOrganisationCode, parseOrganisationCode } from '../../../../adapters/identifiers/organisation-code.ts';
import { isRegistrationNumber, parseRegistrationNumber } from '../../../../adapters/identifiers/registration-number.ts';
import { isSocialCreditCode, parseSocialCreditCode } from '../../../../adapters/identifiers/social-credit-code.ts';
import golden from '../../golden/unified-acceptance/identifier-vectors.json' with { type: 'json' };
import { forgiven, type Kind } from './kind.ts';

const { vectors } = golden;

/** Kinds that belong to an organisation or to a link with one. */
export const ORGANISATIONS: readonly Kind[] = [
  {
    identifier: 'SocialCreditCode',
    parse: parseSocialCreditCode,
    is: isSocialCreditCode,
    valid: [...vectors.unifiedSocialCreditCode.valid, '91350100M000100Y43', '11440232MB2D06811W'],
    invalid: forgiven(vectors.unifiedSocialCreditCode.invalid, { '91421202ma4b1c2d1w': '91421202MA4B1C2D1W' }),
  },
  {
    identifier: 'OrganisationCode',
    parse: parseOrganisationCode,
    is: isOrganisationCode,
    valid: vectors.organisationCode.valid,
    invalid: forgiven(vectors.organisationCode.invalid, { 'mb2a9104-8': 'MB2A9104-8' }),
  },
  {
    identifier: 'RegistrationNumber',
    parse: parseRegistrationNumber,
    is: isRegistrationNumber,
    valid: vectors.registrationNumber15.valid,
    invalid: vectors.registrationNumber15.invalid,
  },
  {
    identifier: 'MedicalProvider',
    parse: parseMedicalProvider,
    is: isMedicalProvider,
    valid: ['H42120200137', 'P42120200001'],
    invalid: [
      { value: 'D42120200137', why: 'neither hospital nor pharmacy' },
      { value: 'H4212020013', why: '11 characters' },
      { value: 'h42120200137', why: 'lower case', readAs: 'H42120200137' },
    ],
  },
  {
    identifier: 'MedicalMessageId',
    parse: parseMedicalMessageId,
    is: isMedicalMessageId,
    valid: ['H42120200137202603160912050003', 'H42120200137202603221031080026'],
    invalid: [
      { value: 'H4212020013720260316091205003', why: '29 characters' },
      { value: 'H42120200137202602300912050003', why: '30 February' },
      { value: 'H42120200137202603162412050003', why: 'hour 24' },
      { value: 'D42120200137202603160912050003', why: 'provider code wrong' },
      { value: 'H4212020013720260316091205000A', why: 'letter' },
    ],
  },
  {
    identifier: 'ExchangeRequester',
    parse: parseExchangeRequester,
    is: isExchangeRequester,
    valid: vectors.exchangeRid.valid,
    invalid: [
      ...vectors.exchangeRid.invalid,
      { value: '5c1d8a40-0f5e-4b1e-9a37-2f0c6d7b4212@a@b', why: 'two suffixes' },
      {
        value: `5c1d8a40-0f5e-4b1e-9a37-2f0c6d7b4212@${'a'.repeat(41)}`,
        why: 'suffix of 41 characters',
      },
    ],
  },
  {
    identifier: 'ExchangeService',
    parse: parseExchangeService,
    is: isExchangeService,
    valid: vectors.exchangeSid.valid,
    invalid: forgiven(vectors.exchangeSid.invalid, { 's_X4212020000000000_9001 ': 's_X4212020000000000_9001' }),
  },
];
