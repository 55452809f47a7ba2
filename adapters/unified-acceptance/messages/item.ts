import { z } from 'zod';
import type { ItemGuide, TimeLimit } from '../records.ts';
import { filledText, flag, text } from './answer-fields.ts';
import { required } from './record.ts';

/** What names an item: 实施编码. */
export const itemKey = z.strictObject({ taskCode: required(36) });

/** Asks for an item as transcript 13 does. */
export function encodeItemKey(key: z.output<typeof itemKey>) {
  return { taskCode: key.taskCode };
}

const count = z.int().min(0).optional();

/** The answer to an item request; one object, so a message asks for one item (transcript 13). */
export const itemAnswer = z
  .object({
    taskCode: filledText,
    catalogCode: text,
    taskName: filledText,
    taskType: filledText,
    taskState: filledText,
    taskVersion: z.int().min(1),
    useLevel: filledText,
    deptCode: filledText,
    deptName: filledText,
    projectType: filledText,
    serverType: z.array(filledText),
    anticipateDay: count,
    anticipateType: text.optional(),
    promiseDay: count,
    promiseType: text.optional(),
    limitSceneNum: count,
    handleType: z.array(filledText),
    handleArea: text,
    isFee: flag,
    isOnline: flag,
    resultType: text,
    handleItems: z.array(z.object({ taskHandleItem: filledText, name: filledText })),
    materials: z.array(z.object({ materialName: filledText, isNeed: flag, sourceType: filledText })),
  })
  .transform(
    (body): ItemGuide => ({
      implementationCode: body.taskCode,
      basicCode: body.catalogCode,
      name: body.taskName,
      itemType: body.taskType,
      state: body.taskState,
      version: body.taskVersion,
      level: body.useLevel,
      departmentCode: body.deptCode,
      departmentName: body.deptName,
      caseType: body.projectType,
      servedApplicants: body.serverType,
      statutoryLimit: limitOf(body.anticipateDay, body.anticipateType),
      statutoryDays: daysOf(limitOf(body.anticipateDay, body.anticipateType)),
      promise: limitOf(body.promiseDay, body.promiseType),
      promiseDays: daysOf(limitOf(body.promiseDay, body.promiseType)),
      visits: body.limitSceneNum ?? null,
      handlingForms: body.handleType,
      range: body.handleArea,
      hasFee: body.isFee,
      online: body.isOnline,
      resultType: body.resultType,
      handlingItems: body.handleItems.map((item) => ({ code: item.taskHandleItem, name: item.name })),
      materials: body.materials.map((material) => ({
        name: material.materialName,
        required: material.isNeed,
        source: material.sourceType,
      })),
    }),
  );

function limitOf(amount: number | undefined, unit: string | undefined): TimeLimit | null {
  return amount === undefined || !unit ? null : { amount, unit };
}

/** Working and calendar days, by either list of units: an acceptance record writes `G` and `Z` (wire spec 3.1). */
function daysOf(limit: TimeLimit | null): number | null {
  return limit !== null && /^[12GZ]$/.test(limit.unit) ? limit.amount : null;
}
