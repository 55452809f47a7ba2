import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Population } from '../../../seeds/model.ts';
import { golden, goldenText } from './golden-files.ts';
import {
  GOLDEN_ADMITTED,
  GOLDEN_ADMITTED_MATERNITY_FUND,
  GOLDEN_PEOPLE,
  GOLDEN_POPULATION,
  GOLDEN_PROVIDER,
} from './golden-population.ts';
import { comparable, envelopeOf, openSimulator } from './simulator-wire.ts';

interface Story {
  readonly population: Population;
  /** Golden exchanges in order; the last is sent as it stands and its answer must be golden, the others lead up to it. */
  readonly exchanges: readonly string[];
}

const on = (population: Population, ...exchanges: string[]): Story => ({ population, exchanges });

const STORIES: readonly Story[] = [
  on(GOLDEN_PEOPLE, '9002-sign-out'),
  on(GOLDEN_PEOPLE, '1101-person-info'),
  on(GOLDEN_PEOPLE, '1101-person-info-resident'),
  on(GOLDEN_PEOPLE, '1101-person-info-not-found'),
  on(GOLDEN_PEOPLE, '2501-transfer-filing'),
  on(GOLDEN_POPULATION, '2502-transfer-filing-cancel'),
  on(GOLDEN_PEOPLE, '2503-opsp-filing'),
  on(GOLDEN_PEOPLE, '2505-fixed-provider-filing'),
  on(GOLDEN_POPULATION, '2506-fixed-provider-filing-cancel'),
  on(GOLDEN_PEOPLE, 'Z501-outarea-retiree'),
  on(GOLDEN_PEOPLE, 'Z501-outarea-retiree', 'Z501-outarea-long-term-resident'),
  on(
    GOLDEN_PEOPLE,
    'Z501-outarea-retiree',
    'Z501-outarea-long-term-resident',
    'Z501-outarea-posted-worker',
    'Z502-outarea-cancel',
  ),
  on(GOLDEN_PEOPLE, 'Z501-outarea-retiree', 'Z501-outarea-long-term-resident', 'Z501-outarea-posted-worker'),
  on(GOLDEN_POPULATION, 'Z502-outarea-cancel'),
  on(GOLDEN_POPULATION, 'Z503-outarea-query'),
  on(GOLDEN_PEOPLE, '2001-treatment-check-maternity'),
  on(GOLDEN_PEOPLE, '2699-maternity-filing'),
  on(GOLDEN_PEOPLE, '2401-admission-maternity'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload', '2303-inpatient-presettle-maternity'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload', '2304-inpatient-settle-maternity'),
  on(GOLDEN_PEOPLE, '2401-admission-maternity', '2301-inpatient-fee-upload', '2304-inpatient-settle-maternity'),
  on(GOLDEN_ADMITTED_MATERNITY_FUND, '2301-inpatient-fee-upload', '2304-inpatient-settle-maternity-fund510'),
  on(GOLDEN_POPULATION, '2305-inpatient-settle-cancel'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload', '2304-inpatient-settle-maternity', '2305-inpatient-settle-cancel'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload', '2304-inpatient-settle-timeout', '2601-reversal'),
  on(GOLDEN_POPULATION, '2305-inpatient-settle-cancel', '2601-reversal-not-possible'),
  on(GOLDEN_POPULATION, '3201-reconcile-total'),
  on(GOLDEN_POPULATION, '3201-reconcile-total-mismatch'),
  on(GOLDEN_POPULATION, '5203-settlement-query'),
  on(GOLDEN_ADMITTED, '2301-inpatient-fee-upload', '2304-inpatient-settle-maternity', '5203-settlement-query'),
  on(GOLDEN_POPULATION, '5301-opsp-filing-query'),
  on(GOLDEN_PEOPLE, '2503-opsp-filing', '5301-opsp-filing-query'),
  on(GOLDEN_POPULATION, '5302-fixed-provider-query'),
  on(GOLDEN_PEOPLE, '2505-fixed-provider-filing', '5302-fixed-provider-query'),
  on(GOLDEN_POPULATION, '5304-transfer-query'),
];

describe('the golden requests, sent as they stand', () => {
  it.each(STORIES.map((story) => [story.exchanges.join(' → '), story] as const))(
    'are answered as golden: %s',
    async (_name, { population, exchanges }) => {
      const last = exchanges.at(-1) ?? '';
      const { request, response } = golden(last);
      await using simulator = await openSimulator(population, request.body.inf_time);
      // The golden requests of every day carry one number, and a number holds for a day: all of a story happens on its last day,
      // at the hours the golden files say.
      expect(await simulator.signIn()).toBe(request.body.sign_no);
      for (const name of exchanges.slice(0, -1)) {
        const { infno, msgid, input, inf_time } = golden(name).request.body;
        simulator.setTime(request.body.inf_time.slice(0, 10) + inf_time.slice(10));
        await simulator.done(infno, input, { envelope: { msgid } });
      }

      const answer = await simulator.golden(last);

      expect(answer.status).toBe(200);
      expect(answer.type).toBe('application/json;charset=UTF-8');
      expect(comparable(envelopeOf(answer))).toEqual(comparable(response?.body ?? {}));
    },
  );

  it('sign in under the golden number, the first one given', async () => {
    await using simulator = await openSimulator(GOLDEN_PEOPLE, '2026-03-16 08:00:03');
    const answer = await simulator.golden('9001-sign-in');
    expect(comparable(envelopeOf(answer))).toEqual(comparable(golden('9001-sign-in').response?.body ?? {}));
  });

  it('are accepted at the addresses of one path a transaction', async () => {
    await using simulator = await openSimulator(GOLDEN_PEOPLE, '2026-03-16 09:12:05');
    await simulator.signIn();
    const { request, response } = golden('1101-person-info');
    const answer = await simulator.raw(request.path_per_transaction ?? '', {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify(request.body),
    });
    expect(comparable(envelopeOf(answer))).toEqual(comparable(response?.body ?? {}));
  });

  it('reconcile the golden rows to the golden result file', async () => {
    await using simulator = await openSimulator(GOLDEN_POPULATION, '2026-03-23 08:40:00');
    await simulator.signIn();
    const rows = [...Buffer.from(goldenText('3202-upload-rows.txt'))];
    const upload = { in: rows, filename: 'upload_20260323.txt', fixmedins_code: GOLDEN_PROVIDER.code };
    const { file_qury_no } = await simulator.done('9101', { fsUploadIn: upload });
    expect(file_qury_no).toBe('fsi/demo/20260323/upload0001');

    const compared = await simulator.golden('3202-reconcile-detail');
    expect(comparable(envelopeOf(compared))).toEqual(comparable(golden('3202-reconcile-detail').response?.body ?? {}));

    const { fileinfo } = envelopeOf(compared).output as { fileinfo: { file_qury_no: string; filename: string } };
    const { file_qury_no: number, filename } = fileinfo;
    const download = { file_qury_no: number, filename, fixmedins_code: GOLDEN_PROVIDER.code };
    const { bytes } = await simulator.send('9102', { fsDownloadIn: download });
    expect(firstEntry(bytes)).toEqual({ name: 'result.txt', text: goldenText('3202-result-rows.txt') });
  });
});

/** Reads the first entry of a zip off its local header (PKWARE APPNOTE 4.3.7). */
function firstEntry(zip: Buffer): { name: string; text: string } {
  expect(zip.subarray(0, 4)).toEqual(Buffer.from('PK\u0003\u0004'));
  const nameEnd = 30 + zip.readUInt16LE(26);
  const packed = zip.subarray(nameEnd + zip.readUInt16LE(28)).subarray(0, zip.readUInt32LE(18));
  return { name: zip.toString('utf8', 30, nameEnd), text: inflateRawSync(packed).toString('utf8') };
}
