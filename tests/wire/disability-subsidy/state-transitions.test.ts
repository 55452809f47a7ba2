import { describe, expect, it } from 'vitest';
import { applicationStatus } from '../../../adapters/disability-subsidy/messages/codes.ts';
import { ARROWS, STATUS_NAMES, type Status } from '../../../adapters/disability-subsidy/simulator/status.ts';
import { goldenJson } from './golden-files.ts';

const GOLDEN = goldenJson<{
  states: Record<string, string>;
  terminal: string[];
  allowed: [string, string][];
  notAllowedExamples: [string, string][];
}>('state-transitions.json');

describe('the application’s states', () => {
  it('have the golden names, on both sides', () => {
    expect(STATUS_NAMES).toEqual(GOLDEN.states);
    expect([...applicationStatus.options].sort()).toEqual(Object.keys(GOLDEN.states).sort());
  });

  it('have exactly the golden arrows', () => {
    const arrows = Object.entries(ARROWS).flatMap(([from, targets]) => targets.map((to) => `${from}→${to}`));
    expect(arrows.sort()).toEqual(GOLDEN.allowed.map(([from, to]) => `${from}→${to}`).sort());
  });

  it.each(GOLDEN.notAllowedExamples)('do not go from %s to %s', (from, to) => {
    expect(ARROWS[from as Status]).not.toContain(to);
  });

  it.each(GOLDEN.terminal)('end at %s', (status) => {
    expect(ARROWS[status as Status]).toEqual([]);
  });
});
