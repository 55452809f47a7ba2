import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CasegraphError } from '../../../adapters/transport/errors.ts';
import { protocolFault } from '../../../adapters/unified-acceptance/errors.ts';
import { decodeAnswer } from '../../../adapters/unified-acceptance/messages/envelope.ts';
import { encodeFee, feeOrder } from '../../../adapters/unified-acceptance/messages/fee.ts';
import { itemAnswer } from '../../../adapters/unified-acceptance/messages/item.ts';
import { encodeMaterial, materialRecord } from '../../../adapters/unified-acceptance/messages/material.ts';
import { reportAnswer } from '../../../adapters/unified-acceptance/messages/outcome.ts';
import { encodeProcess, processRecord } from '../../../adapters/unified-acceptance/messages/process.ts';
import { progressAnswer } from '../../../adapters/unified-acceptance/messages/progress.ts';
import { cutIntoMessages } from '../../../adapters/unified-acceptance/reporting.ts';
import { TRANSACTIONS } from '../../../adapters/unified-acceptance/transactions.ts';
import { checked, invalidInput } from '../../../adapters/values/checked.ts';
import { anyText } from '../any-text.ts';
import { bodyOf, transcript } from './golden-files.ts';
import { fee, firstStep, materials } from './golden-records.ts';
import { chinaInstant } from './platform-fixture.ts';

const sent = { at: '2022-10-08 09:44:11', batch: '20221008094411000001', source: '421202' };
const words = (longest: number) => anyText({ minLength: 1, maxLength: longest }).filter((text) => text.trim() !== '');

/** Runs a decoder that may only refuse with the one error that stands for a wrong answer. */
function refusesCleanly(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    expect(error).toBeInstanceOf(CasegraphError);
    expect((error as CasegraphError).code).toBe('DEPARTMENT_PROTOCOL');
  }
}

describe('the decoders', () => {
  test('never crash on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        refusesCleanly(() => decodeAnswer({ status: 200, headers: {}, body: Buffer.from(bytes) }));
      }),
    );
  });

  test.each([
    ['a progress', progressAnswer, '11'],
    ['an item', itemAnswer, '13'],
    ['a report', reportAnswer, '03'],
  ] as const)('never crash on arbitrary JSON in place of a part of %s', (_, schema, id) => {
    const { body } = bodyOf(transcript(id).response) as { body: Record<string, unknown> };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(body)), fc.jsonValue(), (field, value) => {
        refusesCleanly(() => checked(schema, { ...body, [field]: value }, 'body', protocolFault));
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => refusesCleanly(() => checked(schema, value, 'body', protocolFault))),
    );
  });
});

describe('the encoders', () => {
  test('keep every text of a step as it is', () => {
    fc.assert(
      fc.property(
        words(50),
        words(100),
        words(200),
        fc.integer({ min: 1, max: 10_000 }),
        (name, handler, explanation, number) => {
          const step = checked(processRecord, { ...firstStep, name, handler, explanation, number }, '', invalidInput);
          expect(JSON.parse(JSON.stringify(encodeProcess(step, sent)))).toMatchObject({
            processName: name,
            handleUserName: handler,
            handleExplain: explanation,
            sn: number,
          });
        },
      ),
    );
  });

  test('write any instant as the time it is in China', () => {
    const seconds = fc.integer({ min: Date.UTC(2000) / 1000, max: Date.UTC(2099) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const startedAt = new Date(second * 1000).toISOString();
        const step = checked(processRecord, { ...firstStep, startedAt, endedAt: undefined }, '', invalidInput);
        const wire = encodeProcess(step, sent);
        expect(chinaInstant(wire.eventStartTime)).toBe(second * 1000);
        expect(wire.eventEndTime).toBe(wire.eventStartTime);
      }),
    );
  });

  test('write a total that is the sum of the items to the fen', () => {
    const item = fc.record({
      code: fc.constant('103044808'),
      name: words(20),
      standardFen: fc.nat(100_000_000),
      quantity: fc.integer({ min: 1, max: 99 }),
      amountFen: fc.nat(100_000_000),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), (items) => {
        const wire = encodeFee(checked(feeOrder, { ...fee, items }, '', invalidInput), sent);
        const fen = (yuan: string) => BigInt(yuan.replace('.', ''));
        expect(fen(wire.totalAmount)).toBe(wire.items.reduce((sum, { amount }) => sum + fen(amount), 0n));
        expect(wire.items.map(({ amount }) => Number(fen(amount)))).toEqual(items.map(({ amountFen }) => amountFen));
      }),
    );
  });

  test('take a material of any allowed count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (count) => {
        const material = checked(materialRecord, { ...materials[0], count }, '', invalidInput);
        expect(encodeMaterial(material, sent).getNum).toMatch(/^\d{1,5}$/);
      }),
    );
  });
});

describe('cutting records into messages', () => {
  const record = fc.integer({ min: 2, max: 300_000 }).map((bytes) => ({
    rowGuid: 'row',
    version: 1,
    caseNumber: 'case',
    json: `"${'x'.repeat(bytes - 2)}"`,
    content: '',
  }));

  test('keeps all of them in order, in messages that are not too large and not needlessly small', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 250, size: 'max' }), (records) => {
        const messages = cutIntoMessages(TRANSACTIONS.process, records);
        expect(messages.flat().map((sentRecord) => records.indexOf(sentRecord))).toEqual([...records.keys()]);
        const bytesOf = (batch: typeof records) =>
          Buffer.byteLength(`{"param":{"postdata":[${batch.map(({ json }) => json).join()}]}}`);
        for (const [index, batch] of messages.entries()) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(100);
          expect(bytesOf(batch)).toBeLessThanOrEqual(2 * 1024 * 1024);
          const next = messages[index + 1]?.[0];
          if (next) expect(batch.length === 100 || bytesOf([...batch, next]) > 2 * 1024 * 1024).toBe(true);
        }
      }),
      { numRuns: 10 },
    );
  });
});
