import { z } from 'zod';
import { isSocialCreditCode } from '../../adapters/identifiers/social-credit-code.ts';
import { invalidInput } from '../invalid-input.ts';

/** Where an office stands: the levels to which the plan moves its services down, and those above and beside them. */
export const LEVELS = ['district', 'street', 'town', 'village', 'bank', 'hospital', 'fund', 'online'] as const;
export type Level = (typeof LEVELS)[number];

const organisation = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(64)
    // The platform refuses every report under a code that fails its check (unified-acceptance 4, 2103).
    .refine((code) => code.length !== 18 || isSocialCreditCode(code), 'fails the check of a unified social credit code')
    .describe('统一社会信用代码, or the code of a medical provider'),
  name: z.string().min(1).max(100).describe('部门名称'),
  division: z
    .string()
    .regex(/^[0-9]{12}$/)
    .describe('行政区划 of 12 digits'),
  level: z
    .enum(LEVELS)
    .describe(
      'district 区级, street 街道, town 乡镇, village 村（社区）, bank 银行网点, hospital 医院, fund 公积金营业部, online 线上平台 (an app that residents use themselves)',
    ),
});

const operator = z.strictObject({
  account: z
    .string()
    .regex(/^[0-9A-Za-z._-]{1,64}$/)
    .describe('The account that mutations name'),
  name: z.string().min(1).max(50).describe('经办人姓名'),
  organisation: z.string().min(1).describe('Code of the organisation it belongs to'),
  idNumber: z
    .string()
    .optional()
    .describe('公民身份号码 of the operator, so that nobody handles an application of their own'),
  medicalInsurance: z
    .strictObject({
      number: z.string().min(1).max(20).describe('opter 经办人: the account delegated on the platform'),
      name: z.string().min(1).max(50).describe('opter_name 经办人姓名'),
      type: z.enum(['1', '2', '3']).default('1').describe('opter_type: 1 operator, 2 terminal, 3 mobile'),
    })
    .optional()
    .describe('The account on the medical insurance platform that is delegated to this operator (委托授权账号)'),
});

/** Who handles cases: offices and the accounts that belong to them. */
export const directorySettings = z
  .strictObject({
    organisations: z.array(organisation).default([]),
    operators: z.array(operator).default([]),
  })
  .superRefine(({ organisations, operators }, context) => {
    const codes = new Set(organisations.map(({ code }) => code));
    const twice = (values: readonly string[]) => values.findIndex((value, index) => values.indexOf(value) !== index);
    const sameCode = twice(organisations.map(({ code }) => code));
    if (sameCode >= 0)
      context.addIssue({ code: 'custom', path: ['organisations', sameCode, 'code'], message: 'is there twice' });
    const sameAccount = twice(operators.map(({ account }) => account));
    if (sameAccount >= 0)
      context.addIssue({ code: 'custom', path: ['operators', sameAccount, 'account'], message: 'is there twice' });
    operators.forEach((one, index) => {
      if (!codes.has(one.organisation))
        context.addIssue({
          code: 'custom',
          path: ['operators', index, 'organisation'],
          message: 'is no organisation of this directory',
        });
    });
  });

export type DirectorySettings = z.output<typeof directorySettings>;
export type DirectoryOrganisation = DirectorySettings['organisations'][number];

/** An account with the office it belongs to. */
export type DirectoryOperator = Omit<DirectorySettings['operators'][number], 'organisation'> & {
  readonly organisation: DirectoryOrganisation;
};

/** Offices by code and operators by account. */
export class Directory {
  readonly #organisations: ReadonlyMap<string, DirectoryOrganisation>;
  readonly #operators: ReadonlyMap<string, DirectoryOperator>;

  constructor({ organisations, operators }: DirectorySettings) {
    this.#organisations = new Map(organisations.map((one) => [one.code, one]));
    this.#operators = new Map(
      operators.flatMap((one) => {
        const found = this.#organisations.get(one.organisation);
        return found ? [[one.account, { ...one, organisation: found }]] : [];
      }),
    );
  }

  get organisations(): readonly DirectoryOrganisation[] {
    return [...this.#organisations.values()];
  }

  /** The accounts that act for an office. */
  operatorsOf(code: string): readonly DirectoryOperator[] {
    return [...this.#operators.values()].filter(({ organisation }) => organisation.code === code);
  }

  /** The operator that a mutation names. Throws `INVALID_INPUT` naming the argument. */
  operator(account: string, field = 'input.operator'): DirectoryOperator {
    const found = this.#operators.get(account);
    if (found) return found;
    throw invalidInput(field, { en: 'is no account of the directory of operators.', zh: '不是经办人员名录中的账号。' });
  }

  /** The operator with this account, where the directory (still) has it. */
  findOperator(account: string): DirectoryOperator | undefined {
    return this.#operators.get(account);
  }
}
