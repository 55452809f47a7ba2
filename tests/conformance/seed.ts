/**
 * The seed of random operations: `SEED` from the environment, a new one for `SEED=random`, or always the same, so that a defect that has
 * nothing to do with a change does not show up in its test run.
 */
export const SEED =
  process.env.SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.SEED ?? 421_202);
