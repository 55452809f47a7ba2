import type { VisitSeed } from '../../../../seeds/model.ts';
import { chinaDateTime } from '../../../values/china-time.ts';
import { type Benefit, benefitOf } from '../benefit.ts';
import type { Envelope } from '../envelope.ts';
import { sumParts } from '../fees.ts';
import { code, flag, money, node, required, text, type Values } from '../fields.ts';
import { fundOf } from '../funds.ts';
import { accountOf, checkCertificate, hasMaternityInsurance, insuranceOf, personOf } from '../insured.ts';
import type { Platform } from '../platform.ts';
import { refusal } from '../refusal.ts';
import type { Insurance, Person, Register } from '../register.ts';
import { cancelAnswer, queryAnswer, settlementAnswer, trialAnswer } from '../settlement-answer.ts';
import type { Settlement } from '../settlement-index.ts';
import { type Transactions, transaction } from '../transaction.ts';

const SETTLEMENT = {
  data: node({
    psn_no: required(text(30)),
    mdtrt_cert_type: required(code('01', '02', '03')),
    mdtrt_cert_no: required(text(50)),
    medfee_sumamt: required(money),
    psn_setlway: required(text(6)),
    mdtrt_id: required(text(30)),
    insutype: required(text(6)),
    acct_used_flag: required(flag),
    invono: text(20),
    mid_setl_flag: required(flag),
    fulamt_ownpay_amt: money,
    overlmt_selfpay: money,
    preselfpay_amt: money,
    inscp_scp_amt: money,
  }),
};

type SettlementInput = Values<typeof SETTLEMENT>['data'];

const CANCELLATION = {
  data: node({ mdtrt_id: required(text(30)), setl_id: required(text(30)), psn_no: required(text(30)) }),
};

const QUERY = {
  data: node({ psn_no: required(text(30)), setl_id: text(30), mdtrt_id: text(30) }),
};

/**
 * 2303 trial settlement (预结算), 2304 settlement (结算), 2305 its cancellation (结算撤销), 5203 the query (wire spec 3.11, 3.14). A visit
 * has one settlement that stands; after its cancellation it can be settled again. 5203 finds by setl_id, or by mdtrt_id alone for a
 * sender that lost the answer of 2304: then the settlement that stands, else the last one. No record is an answer without nodes.
 */
export function settlementTransactions(platform: Platform): Transactions {
  const { core, register, serials, asOf } = platform;
  const freeId = (envelope: Envelope) =>
    serials.settlement(envelope.mdtrtarea_admvs, (id) => register.settlements.get(id) !== undefined);
  return {
    '2303': transaction(SETTLEMENT, ({ data }, envelope) => {
      const trial = settle(platform, data, envelope, '');
      return trialAnswer(trial.settlement, trial.person, asOf);
    }),
    '2304': transaction(SETTLEMENT, ({ data }, envelope) => {
      const { settlement, person, account } = settle(platform, data, envelope, chinaDateTime(core.now()));
      const settled = { ...settlement, id: freeId(envelope) };
      register.settlements.add(settled);
      if (account) account.balanceFen = settled.balanceFen;
      remember(register, envelope, '2304', settled);
      core.record({
        kind: 'settlement',
        reference: settled.id,
        subject: person.psnNo,
        amountFen: settled.fundTotalFen,
        msgid: envelope.msgid,
        visit: settled.visitId,
        provider: settled.providerCode,
        totalFen: settled.totalFen,
        accountFen: settled.accountFen,
        cashFen: settled.cashFen,
      });
      return settlementAnswer(settled, person, asOf);
    }),
    '2305': transaction(CANCELLATION, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      const original = register.settlements.get(data.setl_id);
      if (original?.visitId !== data.mdtrt_id || original.psnNo !== person.psnNo || original.refundOf !== null) {
        throw refusal('settlementNotFound');
      }
      if (original.refunded) throw refusal('alreadyRefunded');
      const account = accountOf(person);
      const refund = refundOf(original, {
        id: freeId(envelope),
        settledAt: chinaDateTime(core.now()),
        messageId: envelope.msgid,
        balanceFen: (account?.balanceFen ?? 0) + original.accountFen,
        operatorId: envelope.opter,
        operatorName: envelope.opter_name,
      });
      original.refunded = true;
      register.settlements.add(refund);
      if (account) account.balanceFen = refund.balanceFen;
      remember(register, envelope, '2305', refund);
      core.record({
        kind: 'settlement-cancelled',
        reference: original.id,
        subject: person.psnNo,
        amountFen: refund.fundTotalFen,
        msgid: envelope.msgid,
        visit: original.visitId,
        refund: refund.id,
        totalFen: refund.totalFen,
        accountFen: refund.accountFen,
        cashFen: refund.cashFen,
      });
      return cancelAnswer(refund, person, asOf);
    }),
    '5203': transaction(QUERY, ({ data }, envelope) => {
      const person = personOf(register, data.psn_no, envelope);
      if (data.setl_id === '' && data.mdtrt_id === '') throw refusal('settlementNotFound');
      const found = data.setl_id === '' ? ofVisit(register, data.mdtrt_id) : register.settlements.get(data.setl_id);
      const asked = found?.psnNo === person.psnNo && (data.mdtrt_id === '' || found.visitId === data.mdtrt_id);
      return found && asked ? queryAnswer(found, person, asOf) : {};
    }),
  };
}

interface Worked {
  readonly settlement: Settlement;
  readonly person: Person;
  /** The row whose personal account pays; undefined when none does. */
  readonly account: Insurance | undefined;
}

/** What a settlement comes to, booked nowhere yet. Throws `Refusal`. */
function settle({ register }: Platform, data: SettlementInput, envelope: Envelope, settledAt: string): Worked {
  const person = personOf(register, data.psn_no, envelope);
  const insurance = insuranceOf(person, data.insutype, envelope);
  checkCertificate(register, person, data.mdtrt_cert_type, data.mdtrt_cert_no);
  const visit = register.visits.get(data.mdtrt_id);
  if (visit?.psnNo !== person.psnNo) throw refusal('visitNotFound');
  if (visit.insuranceKind !== insurance.kind) throw refusal('visitDataWrong');
  if (register.settlements.standing(visit.id)) throw refusal('visitSettled');
  const account = accountOf(person);
  const benefit = benefitOfVisit(register, visit, person, data, account);
  const settlement: Settlement = {
    ...benefit,
    id: '',
    visitId: visit.id,
    psnNo: person.psnNo,
    insuranceKind: insurance.kind,
    personType: insurance.personType,
    medType: visit.medType,
    providerCode: visit.providerCode,
    providerName: visit.providerName,
    from: visit.admittedAt.slice(0, 10),
    to: (visit.dischargedAt ?? settledAt).slice(0, 10),
    settledAt,
    balanceFen: (account?.balanceFen ?? 0) - benefit.accountFen,
    messageId: envelope.msgid,
    refunded: false,
    operatorId: envelope.opter,
    operatorName: envelope.opter_name,
    region: insurance.region,
    certificateType: data.mdtrt_cert_type,
    invoice: data.invono,
    refundOf: null,
  };
  return { settlement, person, account };
}

/** The total must be that of the uploaded rows, and so must the parts that are given (wire spec 3.11, rows 4 and 11 to 14). */
function benefitOfVisit(
  register: Register,
  visit: VisitSeed,
  person: Person,
  data: SettlementInput,
  account: Insurance | undefined,
): Benefit {
  const fees = register.fees.get(visit.id);
  if (!fees) throw refusal('nothingToSettle');
  const fund = fundOf(visit.insuranceKind, visit.medType, hasMaternityInsurance(person));
  if (!fund) throw refusal('kindNotSettled');
  const parts = sumParts([...fees.values()].map((fee) => fee.parts));
  const payable = data.acct_used_flag === '1' ? (account?.balanceFen ?? 0) : 0;
  const benefit = benefitOf(parts, visit.medType, fund, payable);
  const agrees = (given: number | null, worked: number) => given === null || given === worked;
  if (
    data.medfee_sumamt !== benefit.totalFen ||
    !agrees(data.fulamt_ownpay_amt, benefit.fullySelfPaidFen) ||
    !agrees(data.overlmt_selfpay, benefit.overLimitFen) ||
    !agrees(data.preselfpay_amt, benefit.firstSelfPaidFen) ||
    !agrees(data.inscp_scp_amt, benefit.inScopeFen)
  ) {
    throw refusal('amountsDiffer');
  }
  return benefit;
}

/** The refund of a settlement: every amount negative, under an id of its own (wire spec 3.11, 2305). */
function refundOf(
  original: Settlement,
  own: Pick<Settlement, 'id' | 'settledAt' | 'messageId' | 'balanceFen' | 'operatorId' | 'operatorName'>,
): Settlement {
  const negative = (fen: number) => (fen === 0 ? 0 : -fen);
  return {
    ...original,
    ...own,
    totalFen: negative(original.totalFen),
    fullySelfPaidFen: negative(original.fullySelfPaidFen),
    overLimitFen: negative(original.overLimitFen),
    firstSelfPaidFen: negative(original.firstSelfPaidFen),
    inScopeFen: negative(original.inScopeFen),
    deductibleFen: negative(original.deductibleFen),
    poolFen: negative(original.poolFen),
    fundTotalFen: negative(original.fundTotalFen),
    personTotalFen: negative(original.personTotalFen),
    accountFen: negative(original.accountFen),
    cashFen: negative(original.cashFen),
    funds: original.funds.map((fund) => ({ ...fund, amountFen: negative(fund.amountFen) })),
    refundOf: original.id,
    refunded: true,
  };
}

function remember(register: Register, { msgid }: Envelope, transaction: '2304' | '2305', made: Settlement): void {
  register.addOperation(msgid, { transaction, psnNo: made.psnNo, reference: made.id, reversed: false });
}

function ofVisit(register: Register, visitId: string): Settlement | undefined {
  return register.settlements.standing(visitId) ?? register.settlements.ofVisit(visitId).at(-1);
}
