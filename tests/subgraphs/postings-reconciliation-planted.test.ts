import { expect, it } from 'vitest';
import { reconciledMonth } from '../bench/reconciliation/month.ts';
import { testHomes } from '../store/homes.ts';

const [home] = await testHomes();

/** `npm run bench -- reconciliation` does the same with 100,000 and on both homes. */
it('finds four planted differences among 2,000 settlements and nothing else', async () => {
  const place = await home?.newPlace();
  if (!place) throw new Error('no place');
  const { planted, found, calls } = await reconciledMonth(2_000, place);
  expect(found).toEqual(planted);
  expect(calls).toMatchObject({ 3202: { count: 31 }, 9101: { count: 31 }, 9102: { count: 31 } });
}, 60_000);
