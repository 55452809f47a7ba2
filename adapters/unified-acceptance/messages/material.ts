import { z } from 'zod';
import { MATERIAL_WAYS } from '../codes.ts';
import { codeOf, type Dispatched, optional, recordIdentity, required, synchronisation } from './record.ts';

/** One material of a case (材料目录信息, up_pro_material): what the caller gives. Rules of wire spec 3.3, `material`. */
export const materialRecord = z.strictObject({
  ...recordIdentity,
  name: required(200),
  /** File name of what was handed in; empty when there is none. */
  attachment: optional(200),
  /** 收取方式. */
  way: codeOf(MATERIAL_WAYS),
  /** How many copies; five digits at most. */
  count: z.int().min(0).max(99_999),
  required: z.boolean(),
  /** 证照类型代码; empty for what is no certificate. */
  certificateType: optional(50),
});

export type MaterialRecord = z.input<typeof materialRecord>;

/** Writes a material as transcript 06 does. */
export function encodeMaterial(material: z.output<typeof materialRecord>, sent: Dispatched) {
  return {
    rowGuid: material.rowGuid,
    projectNo: material.caseNumber,
    materialName: material.name,
    materialAttachName: material.attachment ?? '',
    getType: material.way,
    getNum: String(material.count),
    isNeed: material.required ? '1' : '0',
    certTypeCode: material.certificateType ?? '',
    ...synchronisation(material, sent),
  };
}
