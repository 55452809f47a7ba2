import { z } from 'zod';
import { text } from './answer-fields.ts';

const rejectedRecord = z.object({ rowGuid: text, code: z.string().regex(/^\d{4}$/), message: text });

/** The answer to a report (wire spec 2). */
export const reportAnswer = z.object({ accepted: z.int().min(0), rejected: z.array(rejectedRecord) });

/** The refused records in an answer that otherwise is one object (`alloc`, `query`, `item`, `fee`). */
export const refusalAnswer = z.object({ rejected: z.array(rejectedRecord).min(1) });
