import { z } from 'zod';
import type { ApplicationState, Supplement } from '../records.ts';
import { applicationState, ofAnother } from './application-state.ts';
import { applicationNumber } from './codes.ts';
import { encodeMaterials, materials } from './submission.ts';
import type { Transaction } from './transaction.ts';

/** LB05 supplement (补正), wire spec 3.5; application and round are the idempotency key. */
export const supplement: Transaction<Supplement, ApplicationState> = {
  code: 'LB05',
  mode: 'write',
  input: z.object({ number: applicationNumber, round: z.int().min(1).max(99), materials: materials.min(1) }),
  body: (input) => ({
    applicationNo: input.number,
    roundNo: String(input.round),
    materials: encodeMaterials(input.materials),
  }),
  answer: applicationState,
  stranger: ofAnother,
};
