import { z } from 'zod';
import type { ApplicationState } from '../records.ts';
import { applicationNumber, applicationStatus } from './codes.ts';

/** What LB05 and LB07 answer (wire spec 3.5, 3.7). */
export const applicationState: z.ZodType<ApplicationState> = z
  .object({ applicationNo: applicationNumber, status: applicationStatus })
  .transform((data) => ({ number: data.applicationNo, status: data.status }));

/** Where an answer about one application speaks of another: `data.applicationNo`. */
export function ofAnother(found: { readonly number: string }, asked: { readonly number: string }): string | undefined {
  return found.number === asked.number ? undefined : 'data.applicationNo';
}
