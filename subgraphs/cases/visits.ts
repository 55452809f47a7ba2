import type { Refusal } from '../invalid-input.ts';

/** How often the applicant came (到办事现场次数), against what the plan promises. */
export interface Visits {
  /** 0 for 零跑腿, 1 for 跑一次, null where the plan does not say. */
  readonly promised: number | null;
  readonly made: number;
}

/** A visit more, and, once there are more than promised, what is to be told of it; the visit itself is a fact and never refused. */
export function recordVisit({ promised, made }: Visits): { readonly made: number; readonly excess: Refusal | null } {
  const now = made + 1;
  if (promised === null || now <= promised) return { made: now, excess: null };
  return {
    made: now,
    excess: {
      en: `The plan promises ${promised === 0 ? 'no visit' : `${promised} ${promised === 1 ? 'visit' : 'visits'}`}; this is visit ${now}.`,
      zh: `方案承诺${promised === 0 ? '零跑腿' : `跑${promised}次`}，实际已到场${now}次。`,
    },
  };
}
