import { isAcceptanceNumber, parseAcceptanceNumber } from '../../../../adapters/identifiers/acceptance-number.ts';
import { isBizMessageId, parseBizMessageId } from '../../../../adapters/identifiers/biz-message-id.ts';
import { isParcelCode, parseParcelCode } from '../../../../adapters/identifiers/parcel-code.ts';
import { isProofNumber, parseProofNumber } from '../../../../adapters/identifiers/proof-number.ts';
import { isQueryNumber, parseQueryNumber } from '../../../../adapters/identifiers/query-number.ts';
import {
  isRealEstateCertificate,
  parseRealEstateCertificate,
} from '../../../../adapters/identifiers/real-estate-certificate.ts';
import { isRealEstateUnit, parseRealEstateUnit } from '../../../../adapters/identifiers/real-estate-unit.ts';
import type { Kind } from './kind.ts';

/** Kinds of the real-estate registry. */
export const REAL_ESTATE: readonly Kind[] = [
  {
    identifier: 'RealEstateUnit',
    parse: parseRealEstateUnit,
    is: isRealEstateUnit,
    valid: [
      '421202001002GB00012F00030402',
      '421202003011JC00087F00010001',
      '421202001002GB00012W00000000',
      '421202010003GS00003F00010002',
      '421202005007JE00141L00000001',
      '421202001002GB00012F99990001',
    ],
    invalid: [
      { value: '421202001002GB00012F0003040', why: '27 characters' },
      { value: '421202001002GI00012F00030402', why: 'feature I' },
      { value: '421202001002gb00012F00030402', why: 'lower case', readAs: '421202001002GB00012F00030402' },
      { value: '421202001002GB00012W00000001', why: 'W must be zeros' },
      { value: '421202001002GB00012X00030402', why: 'fixture X' },
      { value: '4212020010021200012000030402', why: 'digits only' },
      { value: '421202 001002 GB00012 F00030402', why: 'display form', readAs: '421202001002GB00012F00030402' },
    ],
  },
  {
    identifier: 'ParcelCode',
    parse: parseParcelCode,
    is: isParcelCode,
    valid: ['421202001002GB00012', '421202003011JC00087', '421202005007JE00141', '421202001002ZW00001'],
    invalid: [
      { value: '4212020010021200012', why: 'digits only' },
      { value: '421202001002GI00012', why: 'feature I' },
      { value: '421202001002GB0001', why: '18 characters' },
      { value: '42120200100AGB00012', why: 'letter in the district' },
      { value: '421202 001002 GB00012', why: 'display form', readAs: '421202001002GB00012' },
    ],
  },
  {
    identifier: 'RealEstateCertificate',
    parse: parseRealEstateCertificate,
    is: isRealEstateCertificate,
    valid: [
      '鄂(2022)咸安区不动产权第0001234号',
      '鄂(2019)咸安区不动产权第0000871号',
      '鄂(2022)咸安区不动产证明第0002210号',
      '鄂(2016)咸宁市不动产权第0010001号',
      '湘(2017)北湖不动产权第0034063号',
    ],
    invalid: [
      { value: '鄂(22)咸安区不动产权第0001234号', why: 'year of two digits' },
      { value: '鄂(2022)咸安区不动产权0001234号', why: 'no 第' },
      { value: '鄂(2022)咸安区不动产权第1234号', why: '4 digits' },
      { value: '鄂(2022)不动产权第0001234号', why: 'no place' },
      { value: '鄂[2022]咸安区不动产权第0001234号', why: 'square brackets' },
      { value: '鄂(2014)咸安区不动产权第0001234号', why: 'before the unified certificate' },
      {
        value: '鄂（2019）咸安区不动产权第0000871号',
        why: 'full-width brackets',
        readAs: '鄂(2019)咸安区不动产权第0000871号',
      },
      {
        value: '鄂(2022) 咸安区 不动产权第０００１２３４号',
        why: 'spaces and full-width digits',
        readAs: '鄂(2022)咸安区不动产权第0001234号',
      },
    ],
  },
  {
    identifier: 'BizMessageId',
    parse: parseBizMessageId,
    is: isBizMessageId,
    valid: [
      '421202260316000101',
      '421202260316000102',
      '421202261231999999',
      '421202270101000001',
      '421202280229000001',
      '421202260401000010',
    ],
    invalid: [
      { value: '42120226031600010', why: '17 digits' },
      { value: '421202261301000001', why: 'month 13' },
      { value: '42120226031600010A', why: 'letter' },
      { value: '421202260229000001', why: '29 February in a common year' },
      { value: '421202260230000001', why: '30 February' },
      { value: ' 421202260316000101', why: 'leading space', readAs: '421202260316000101' },
    ],
  },
  {
    identifier: 'AcceptanceNumber',
    parse: parseAcceptanceNumber,
    is: isAcceptanceNumber,
    valid: ['202603160007'],
    invalid: [
      { value: '20260316007', why: '11 digits' },
      { value: '202602300007', why: '30 February' },
    ],
  },
  {
    identifier: 'ProofNumber',
    parse: parseProofNumber,
    is: isProofNumber,
    valid: ['XA20260316000017', 'XA20260316000018'],
    invalid: [
      { value: 'XA2026031600017', why: '13 digits' },
      { value: 'XA20260230000017', why: '30 February' },
      { value: 'xa20260316000017', why: 'lower case', readAs: 'XA20260316000017' },
    ],
  },
  {
    identifier: 'QueryNumber',
    parse: parseQueryNumber,
    is: isQueryNumber,
    valid: ['CX2026031600017', 'CX2026031600020'],
    invalid: [
      { value: 'cx2026031600017', why: 'lower case', readAs: 'CX2026031600017' },
      { value: 'CX202603160001', why: '12 digits' },
    ],
  },
];
