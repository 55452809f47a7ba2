import { describe, expect, it } from 'vitest';
import type { Proof } from '../../adapters/real-estate/records/proof.ts';
import { openPdfPrinter } from '../../adapters/real-estate/simulator/pdf.ts';
import {
  clientOf,
  FLAT,
  HOUSE,
  ownerQuery,
  peopleWith,
  SEIZED_FLAT,
  SUN,
  startRegistry,
} from '../wire/real-estate/fixture.ts';
import { noReaders, OpenedPdf } from './readers.ts';

/** The registry's paper about what someone owns, as it arrives over the wire. */
async function printed(...properties: Parameters<typeof peopleWith>[0]): Promise<Proof> {
  const registry = await startRegistry(peopleWith(properties));
  const client = clientOf(registry.url);
  const { queryNumber } = await client.propertiesByOwner(ownerQuery(SUN));
  return client.printQueryProof({ ...SUN, queryNumber, purpose: '1' });
}

describe.skipIf(noReaders() !== undefined)('the registry’s own proof, opened by a reader', () => {
  it('tells what is registered, in a Chinese font that it carries', async () => {
    const proof = await printed(SEIZED_FLAT, HOUSE);
    const pdf = new OpenedPdf(proof.pdf);
    for (const shown of [
      '不动产登记信息查询结果证明',
      `证明编号：${proof.proofNumber}`,
      `权利人：${SUN.name}`,
      `不动产单元号：${FLAT.unitNumber}`,
      '湖北省咸宁市咸安区浮山街道㙍头路8号泉山苑3栋1204室',
      // The font lacks 𠮷.
      '湖北省咸宁市咸安区双溪桥镇〓塘村六组',
      '查封：咸宁市咸安区人民法院，(2025)鄂1202执保118号，2025-11-02至2028-11-01',
      '债权数额52万元',
      '出具单位：咸宁市咸安区不动产登记中心',
    ]) {
      expect(pdf.text).toContain(shown.replace(/\s/g, ''));
    }
    expect(pdf.fonts).toEqual([{ name: 'BDCXAN+NotoSansSC-Regular', embedded: true, subset: true, unicode: true }]);
    expect(pdf.properties).toMatchObject({ Pages: '1', 'Page size': '595.28 x 841.89 pts (A4)' });
    expect(pdf.invisible).toEqual([]);
  });

  it('goes on over as many pages as it takes, with nothing beyond their edges', async () => {
    const printer = await openPdfPrinter();
    const lines = Array.from({ length: 80 }, (_, index) => `${index + 1}：${'㙍'.repeat(50)}𠮷`);
    const pdf = new OpenedPdf(await printer.document('题', lines));
    // Each line takes two, and a page holds 36.
    expect(pdf.properties.Pages).toBe('5');
    expect(pdf.text.match(/㙍/g)).toHaveLength(80 * 50);
    expect(pdf.text.match(/〓/g)).toHaveLength(80);
    expect(pdf.text.match(/题（续）/g)).toHaveLength(4);
    for (const { right, bottom } of pdf.words) {
      expect(right).toBeLessThan(560);
      expect(bottom).toBeLessThan(800);
    }
  });
});

describe('the registry’s own proof', () => {
  it('has the same bytes when it is printed again by another registry', async () => {
    const printer = await openPdfPrinter();
    const other = await openPdfPrinter();
    const one = await printer.document('题', ['权利人：孙䶮', '证明编号：XA20260316000017']);
    expect(Buffer.compare(one, await printer.document('题', ['权利人：孙䶮', '证明编号：XA20260316000017']))).toBe(0);
    expect(Buffer.compare(one, await other.document('题', ['权利人：孙䶮', '证明编号：XA20260316000017']))).toBe(0);
    expect(Buffer.compare(one, await printer.document('题', ['权利人：孙䶮', '证明编号：XA20260316000018']))).not.toBe(
      0,
    );
  });

  it('is one paper also when it is asked for twice at once', async () => {
    const registry = await startRegistry(peopleWith([FLAT]));
    const client = clientOf(registry.url);
    const { queryNumber } = await client.propertiesByOwner(ownerQuery(SUN));
    const request = { ...SUN, queryNumber, purpose: '1' };
    const [one, other] = await Promise.all([client.printQueryProof(request), client.printQueryProof(request)]);
    expect(other).toEqual(one);
    expect(registry.core.ledger).toMatchObject([{ kind: 'proof-printed', reference: one.proofNumber }]);
  });
});
