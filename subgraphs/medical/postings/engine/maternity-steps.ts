import { findAdmission, findAdmissionCancelled } from '../../../../adapters/medical-insurance/finding-out/admission.ts';
import {
  type FeesSought,
  findFees,
  findFeesTakenBack,
} from '../../../../adapters/medical-insurance/finding-out/fees.ts';
import {
  findSettlement,
  findSettlementCancellation,
} from '../../../../adapters/medical-insurance/finding-out/settlement.ts';
import type {
  Admission,
  FeeResult,
  Settlement,
  SettlementReference,
  SettlementRequest,
} from '../../../../adapters/medical-insurance/records/settlement.ts';
import { splitAgrees } from '../../services/fund-split.ts';
import type { MaternityContent } from '../content.ts';
import { PERSON, PERSON_AGAIN } from './person-step.ts';
import { type FeeScope, keptSettlement, type Progress, TRIED, type Tried } from './progress.ts';
import {
  type Advance,
  AmountsDiffer,
  asking,
  CannotGoOn,
  type Chain,
  found,
  personOf,
  type Step,
  type StepContext,
} from './step.ts';

type Context = StepContext<MaternityContent>;

/** 2001 人员待遇享受检查 (medical-insurance 3.7). */
const BENEFIT: Step<MaternityContent> = {
  name: 'BENEFIT',
  isDue: ({ progress }) => !progress.visit && !progress.passed?.includes('BENEFIT'),
  async send({ client, content, progress, institution, signal }) {
    const benefits = await client.benefitCheck({ ...content.benefit, ...personOf(progress) }, { institution, signal });
    if (benefits.some(({ enjoyed }) => enjoyed)) return { passed: [...(progress.passed ?? []), 'BENEFIT'] };
    throw new CannotGoOn(
      'NO_BENEFIT',
      'The platform entitles the patient to no maternity benefit.',
      '患者不享受生育医疗待遇。',
    );
  },
};

/**
 * 5303: whether the hospital has admitted the patient under this number otherwise. What was uploaded for that visit is not known here, so it
 * is left to whoever began it.
 */
const SEARCH: Step<MaternityContent> = {
  name: 'SEARCH',
  isDue: ({ progress }) => !progress.visit && !progress.passed?.includes('SEARCH'),
  async send({ client, content, progress, institution, signal }) {
    const { personNumber, insuredRegion } = personOf(progress);
    const { admittedAt, admissionNumber } = content.admission;
    const question = { personNumber, insuredRegion, from: admittedAt, to: admittedAt };
    const stays = await client.visits(question, { institution, signal });
    const own = stays.find((one) => one.admissionNumber === admissionNumber && one.providerCode === institution.code);
    if (!own) return { passed: [...(progress.passed ?? []), 'SEARCH'] };
    throw new CannotGoOn(
      'ADMITTED_ALREADY',
      `The patient was admitted under this number otherwise: visit ${own.id}. Settle that visit where it was begun, or take its admission back.`,
      `该住院号已另行办理入院（就诊ID ${own.id}），请在原办理处完成结算或撤销入院后重新报送。`,
    );
  },
};

/** 2401 入院办理 (medical-insurance 3.9). */
const ADMISSION: Step<MaternityContent> = {
  name: 'ADMISSION',
  isDue: ({ progress }) => !progress.visit && !progress.fees,
  async send(context, remember) {
    const { client, institution, signal } = context;
    const { visitId } = await client.admit(admissionOf(context), { institution, signal, beforeSending: remember });
    return { visit: { id: visitId } };
  },
  async findOut(context, messageId) {
    const { client } = context;
    const outcome = await findAdmission(client, admissionOf(context), messageId, asking(context));
    return found(outcome, ({ visitId }) => ({ visit: { id: visitId } }));
  },
};

/** 2301 住院费用明细上传 (medical-insurance 3.10), one slice: as often as there are slices left. */
const FEES: Step<MaternityContent> = {
  name: 'FEES',
  isDue: ({ content, progress }) => acceptedOf(progress) < content.fees.length,
  async send(context, remember) {
    const { client, institution, signal } = context;
    const { upload } = sliceOf(context);
    const { rows } = await client.uploadFees(upload, { institution, signal, beforeSending: remember });
    return accepted(context, upload.rows.length, rows);
  },
  async findOut(context, messageId) {
    const { client } = context;
    const outcome = await findFees(client, sliceOf(context), messageId, asking(context));
    return found(outcome, (fees) => accepted(context, fees.accepted, null));
  },
};

/** 2303 住院预结算 (medical-insurance 3.11): its sums must hold, and be what the hospital expects. */
const TRIAL: Step<MaternityContent> = {
  name: 'TRIAL',
  isDue: ({ progress }) => !progress.trial,
  async send(context) {
    const { client, content, institution, signal } = context;
    const { totalFen, expected = {} } = content.settlement;
    const trial = await client.trialSettlement(requestOf(context), { institution, signal });
    if (!splitAgrees({ settlement: trial, askedFen: totalFen })) {
      throw new CannotGoOn(
        'SUMS_DO_NOT_HOLD',
        'The sums of the trial settlement do not hold.',
        '预结算结果金额不平，未办理结算。',
      );
    }
    const { fundTotalFen, hospitalFen, accountFen, sharedAccountFen, cashFen } = trial;
    const differs = (mine: number | undefined, theirs: number) => mine !== undefined && mine !== theirs;
    if (differs(expected.fundTotalFen, fundTotalFen) || differs(expected.cashFen, cashFen)) {
      throw new CannotGoOn(
        'AMOUNTS_DIFFER',
        `The trial settlement comes to ${fundTotalFen} fen from the funds and ${cashFen} fen in cash, which the hospital did not expect.`,
        `预结算结果与医院预期不一致：基金支付${fundTotalFen}分，个人现金支付${cashFen}分，未办理结算。`,
      );
    }
    return { trial: { fundTotalFen, hospitalFen, accountFen, sharedAccountFen, cashFen } };
  },
};

/** 2304 住院结算 (medical-insurance 3.11). */
const SETTLEMENT: Step<MaternityContent> = {
  name: 'SETTLEMENT',
  isDue: ({ progress }) => !progress.settlement,
  async send(context, remember) {
    const { client, institution, signal } = context;
    const settlement = await client.settle(requestOf(context), { institution, signal, beforeSending: remember });
    return settled(context, settlement);
  },
  async findOut(context, messageId) {
    const { client } = context;
    const outcome = await findSettlement(client, requestOf(context), messageId, asking(context));
    return found(outcome, (settlement) => settled(context, settlement));
  },
};

/** 2305 住院结算撤销 (medical-insurance 3.11). */
const CANCEL_SETTLEMENT: Step<MaternityContent> = {
  name: 'CANCEL_SETTLEMENT',
  isDue: ({ progress }) => progress.settlement !== undefined && !progress.refunded,
  async send(context, remember) {
    const { client, institution, signal, now } = context;
    const options = { institution, signal, beforeSending: remember };
    const refund = await client.cancelSettlement(settlementOf(context), options);
    return { refunded: { refund: keptSettlement(refund), at: now } };
  },
  async findOut(context, messageId) {
    const { client, now } = context;
    const outcome = await findSettlementCancellation(client, settlementOf(context), messageId, asking(context));
    return found(outcome, ({ refund }) => ({ refunded: { refund: refund && keptSettlement(refund), at: now } }));
  },
};

/** 2302 (the adapter's README, *Taking back*): all rows, since the visit is the posting's own. */
const CANCEL_FEES: Step<MaternityContent> = {
  name: 'CANCEL_FEES',
  isDue: ({ progress }) => acceptedOf(progress) > 0,
  async send(context, remember) {
    const { client, institution, signal } = context;
    await client.takeBackFees(visitOf(context), { institution, signal, beforeSending: remember });
    return { fees: undefined };
  },
  async findOut(context, messageId) {
    const { client } = context;
    const outcome = await findFeesTakenBack(client, visitOf(context), messageId, asking(context));
    return found(outcome, () => ({ fees: undefined }));
  },
};

/** 2404 (the adapter's README, *Taking back*). */
const CANCEL_ADMISSION: Step<MaternityContent> = {
  name: 'CANCEL_ADMISSION',
  isDue: ({ progress }) => progress.visit !== undefined,
  async send(context, remember) {
    const { client, institution, signal } = context;
    await client.cancelAdmission(visitOf(context), { institution, signal, beforeSending: remember });
    return { visit: undefined };
  },
  async findOut(context, messageId) {
    const { client, content } = context;
    const visit = { ...visitOf(context), admittedAt: content.admission.admittedAt };
    const outcome = await findAdmissionCancelled(client, visit, messageId, asking(context));
    return found(outcome, () => ({ visit: undefined }));
  },
};

export const MATERNITY_CHAIN: Chain<MaternityContent> = {
  forward: [PERSON, BENEFIT, SEARCH, ADMISSION, FEES, TRIAL, SETTLEMENT],
  back: [PERSON_AGAIN, CANCEL_SETTLEMENT, CANCEL_FEES, CANCEL_ADMISSION],
};

function acceptedOf({ fees }: Progress): number {
  return fees?.accepted ?? 0;
}

function admissionOf({ content, progress }: Context): Admission {
  return { ...content.admission, ...personOf(progress) };
}

function visitOf({ progress }: Context) {
  const { personNumber, insuredRegion } = personOf(progress);
  if (!progress.visit) throw new Error('a step of a visit before the admission');
  return { personNumber, insuredRegion, visitId: progress.visit.id };
}

function settlementOf(context: Context): SettlementReference {
  const { settlement } = context.progress;
  if (!settlement) throw new Error('a cancellation before the settlement');
  return { ...visitOf(context), settlementId: settlement.id };
}

/** The slice that is next, with what its finding out needs. */
function sliceOf(context: Context): FeesSought {
  const { content, progress, feeRowsPerCall } = context;
  const from = acceptedOf(progress);
  const { medType } = content.admission;
  return {
    upload: { ...visitOf(context), medType, rows: content.fees.slice(from, from + feeRowsPerCall) },
    idNumber: content.patient.idNumber,
    insuranceKind: personOf(progress).insuranceKind,
    earlierFen: content.fees.slice(0, from).reduce((sum, { totalFen }) => sum + totalFen, 0),
    slice: feeRowsPerCall,
  };
}

function accepted({ progress }: Context, count: number, rows: readonly FeeResult[] | null): Advance {
  const before = progress.fees ?? { accepted: 0, scope: NO_FEES };
  const scope = before.scope && rows && scopeWith(before.scope, rows);
  return { fees: { accepted: before.accepted + count, scope } };
}

const NO_FEES: FeeScope = { fullySelfPaidFen: 0, overLimitFen: 0, firstSelfPaidFen: 0, inScopeFen: 0 };

function scopeWith(scope: FeeScope, rows: readonly FeeResult[]): FeeScope {
  const sum = (name: keyof FeeScope) => rows.reduce((total, row) => total + row[name], scope[name]);
  return {
    fullySelfPaidFen: sum('fullySelfPaidFen'),
    overLimitFen: sum('overLimitFen'),
    firstSelfPaidFen: sum('firstSelfPaidFen'),
    inScopeFen: sum('inScopeFen'),
  };
}

function requestOf(context: Context): SettlementRequest {
  const { content, progress } = context;
  const { totalFen, useAccount, way, invoice } = content.settlement;
  return {
    ...visitOf(context),
    insuranceKind: personOf(progress).insuranceKind,
    certificate: content.admission.certificate,
    totalFen,
    useAccount,
    way,
    ...(invoice !== undefined && { invoice }),
    ...progress.fees?.scope,
  };
}

/** Keeps a settlement; throws `AmountsDiffer` where its sums do not hold, or are others than the trial's. */
function settled({ content, progress }: Context, settlement: Settlement): Advance {
  const advance = { settlement: keptSettlement(settlement) };
  const { totalFen } = content.settlement;
  const { trial } = progress;
  const asTried = !trial || TRIED.every((name) => trial[name] === settlement[name]);
  if (asTried && splitAgrees({ settlement, askedFen: totalFen })) return advance;
  const figures = (from: Tried) => TRIED.map((name) => from[name]).join('/');
  const told = figures(settlement);
  const tried = trial ? figures(trial) : '';
  throw new AmountsDiffer(
    advance,
    `Settled as ${settlement.id}, but not as tried: funds/hospital/account/shared account/cash ${told} fen, in the trial ${tried} fen.`,
    `已结算（结算ID ${settlement.id}），但与预结算不一致或金额不平：基金/医院/账户/共济/现金 ${told}分，预结算 ${tried}分。`,
  );
}
