import { isCollectingUnit, parseCollectingUnit } from '../../../../adapters/identifiers/collecting-unit.ts';
import { isCrcCode, parseCrcCode } from '../../../../adapters/identifiers/crc-code.ts';
import {
  isEBillCheck,
  isEBillCode,
  isEBillNumber,
  isEInvoiceId,
  parseEBillCheck,
  parseEBillCode,
  parseEBillNumber,
  parseEInvoiceId,
} from '../../../../adapters/identifiers/e-bill.ts';
import { isPaymentCode, parsePaymentCode } from '../../../../adapters/identifiers/payment-code.ts';
import { isRevenueItem, parseRevenueItem } from '../../../../adapters/identifiers/revenue-item.ts';
import type { Kind } from './kind.ts';

/** Kinds of the non-tax system. */
export const PAYMENTS: readonly Kind[] = [
  {
    identifier: 'PaymentCode',
    parse: parsePaymentCode,
    is: isPaymentCode,
    valid: [
      '42120226300000001001',
      '42120226300000001002',
      '42120226300000001003',
      '42120226300000001006',
      '42120225300000000001',
      '42120226310000001001',
      '42120226300000000000',
      '4212022600001001',
    ],
    invalid: [
      { value: '4212022630000000100', why: '19 digits' },
      { value: '421202263000000010010', why: '21 digits' },
      { value: '4212022630000000100A', why: 'letter' },
      { value: '４2120226300000001001', why: 'full-width digit', readAs: '42120226300000001001' },
    ],
  },
  {
    identifier: 'CrcCode',
    parse: parseCrcCode,
    is: isCrcCode,
    valid: ['78F5', '81B0', '52CF', '5601', 'D9C4'],
    invalid: [
      { value: '78f5', why: 'lower case', readAs: '78F5' },
      { value: '81B', why: '3 characters' },
      { value: '78G5', why: 'no hex digit' },
    ],
  },
  {
    identifier: 'EBillCode',
    parse: parseEBillCode,
    is: isEBillCode,
    valid: ['42010126', '42010125', '42020126', '42010226'],
    invalid: [
      { value: '4201012', why: '7 digits' },
      { value: '42O10126', why: 'letter O' },
    ],
  },
  {
    identifier: 'EBillNumber',
    parse: parseEBillNumber,
    is: isEBillNumber,
    valid: ['0000012345', '0000000001', '1234567890', '0000000100', '9999999999'],
    invalid: [{ value: '12345', why: 'not padded' }],
  },
  {
    identifier: 'EBillCheck',
    parse: parseEBillCheck,
    is: isEBillCheck,
    valid: ['8f3k2a', 'a1b2c3', '000000', 'zz9z9z', 'q7w8e9'],
    invalid: [
      { value: '8F3K2', why: '5 characters' },
      { value: '8F3K2A', why: 'upper case' },
    ],
  },
  {
    identifier: 'EInvoiceId',
    parse: parseEInvoiceId,
    is: isEInvoiceId,
    valid: [
      '5432100000-62101024',
      '1000000000-52101024',
      '0987654321-62102024',
      '0010000000-62201024',
      '9999999999-62101024',
    ],
    invalid: [
      { value: '62101024-5432100000', why: 'code before number' },
      { value: '543210000062101024', why: 'no hyphen' },
    ],
  },
  {
    identifier: 'CollectingUnit',
    parse: parseCollectingUnit,
    is: isCollectingUnit,
    valid: ['042001', '038002', '015003', '0104901', '065080906', '1'.repeat(30)],
    invalid: [
      { value: '', why: 'empty' },
      { value: '42', why: '2 digits' },
      { value: '04200A', why: 'letter' },
      { value: '-42001', why: 'sign' },
      { value: '1'.repeat(31), why: '31 digits' },
    ],
  },
  {
    identifier: 'RevenueItem',
    parse: parseRevenueItem,
    is: isRevenueItem,
    valid: ['103043211', '103001', '1'.repeat(12)],
    invalid: [
      { value: '10304', why: '5 digits' },
      { value: '1'.repeat(13), why: '13 digits' },
      { value: '10304321X', why: 'letter' },
    ],
  },
];
