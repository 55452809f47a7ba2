import { expect, it } from 'vitest';
import { memoryCounter } from '../../adapters/transport/counter.ts';

it('a counter in memory gives each series its own numbers from 1, none twice, also at once', async () => {
  const counter = memoryCounter();
  const numbers = await Promise.all(Array.from({ length: 100 }, () => counter.next('pay-code')));
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(await counter.next('message-id')).toBe(1);
  expect(await memoryCounter().next('pay-code')).toBe(1);
});
