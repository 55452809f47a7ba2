import type { RegistrationSeed } from '../../../seeds/model.ts';
import { isAcceptanceNumber } from '../../identifiers/acceptance-number.ts';
import type { SimulatorCore } from '../../simulator/core.ts';
import { amountIn } from './entry.ts';
import { type MarkupElement, markup } from './markup.ts';
import type { RequestMessage } from './message.ts';
import { Refusal } from './refusal.ts';
import { attributesOf, may, must, onlyRecord, upTo } from './request-attributes.ts';
import type { Serials } from './serials.ts';

/** 80 yuan for a dwelling, 550 otherwise (wire spec 3.7). */
const FEES = { residential: 8_000, other: 55_000 };

/** The revenue item of the registration fee, as the golden files have it. */
const FEE_ITEM = { code: '103043211', name: '不动产登记费' };

const MONEY = /^\d{1,12}(?:\.\d{1,2})?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/;

/** A pay code at an application: unpaid, then paid, then with its e-receipt. */
interface Link {
  readonly payCode: string;
  readonly totalFen: number;
  readonly paid: { readonly at: string; readonly tradeNumber: string } | undefined;
  readonly receipt: { readonly code: string; readonly number: string } | undefined;
}

interface Application {
  readonly acceptanceNumber: string;
  readonly applicantIdNumber: string;
  readonly feeFen: number;
  readonly links: Map<string, Link>;
}

export interface Acceptance {
  readonly acceptanceNumber: string;
  readonly amountFen: number;
  readonly items: readonly {
    readonly code: string;
    readonly name: string;
    readonly unitPriceFen: number;
    readonly quantity: number;
    readonly amountFen: number;
  }[];
}

/** Accepted applications and their fees (wire spec 3.7). */
export class FeeDesk {
  readonly #core: SimulatorCore;
  readonly #serials: Serials;
  readonly #applications = new Map<string, Application>();
  /** Which application a pay code belongs to. */
  readonly #payCodes = new Map<string, Application>();

  constructor(core: SimulatorCore, serials: Serials, registrations: readonly RegistrationSeed[]) {
    this.#core = core;
    this.#serials = serials;
    for (const registration of registrations) {
      serials.used(
        'acceptance',
        registration.acceptanceNumber.slice(0, 8),
        Number(registration.acceptanceNumber.slice(8)),
      );
      this.#take(registration);
    }
  }

  /** The registry accepts an application: gives the number and what is to be paid. */
  accept(applicantIdNumber: string, residential: boolean): Acceptance {
    const acceptanceNumber = this.#serials.next('acceptance', 4);
    const amountFen = residential ? FEES.residential : FEES.other;
    this.#applications.set(acceptanceNumber, {
      acceptanceNumber,
      applicantIdNumber,
      feeFen: amountFen,
      links: new Map(),
    });
    this.#core.record({
      kind: 'registration-accepted',
      reference: acceptanceNumber,
      subject: applicantIdNumber,
      amountFen,
    });
    const items = [{ ...FEE_ITEM, unitPriceFen: amountFen, quantity: 1, amountFen }];
    return { acceptanceNumber, amountFen, items };
  }

  /** 9800301: a pay code is linked. The same again changes nothing. */
  link({ data, flowId }: RequestMessage): string {
    const record = onlyRecord(data, 'SFXX');
    const value = attributesOf(record, {
      ...KEY_RULES,
      JFSEWMURL: may(/^.{0,2000}$/su),
      JKMSJ: may(TIME),
    });
    const totalFen = fen(value('HJ'));
    if (totalFen !== itemsTotal(record)) throw new Refusal('2004');
    const application = this.#application(value, flowId);
    const earlier = this.#linkOf(application, value('JFSBM'));
    if (earlier) {
      if (earlier.totalFen !== totalFen) throw new Refusal('2004');
      return feeState(application, earlier);
    }
    const settled = [...application.links.values()].some(({ paid }) => paid !== undefined);
    if (settled || totalFen !== application.feeFen) throw new Refusal('2004');
    const link = { payCode: value('JFSBM'), totalFen, paid: undefined, receipt: undefined };
    this.#keep(application, link);
    this.#record('fee-linked', application, link);
    return feeState(application, link);
  }

  /** 9800302: the linked fee was paid, and its e-receipt. What is known already changes nothing. */
  pay({ data, flowId }: RequestMessage): string {
    const record = onlyRecord(data, 'SFXX');
    const value = attributesOf(record, {
      ...KEY_RULES,
      SFZT: must(/^1$/),
      JKRQ: must(TIME),
      JYLSH: must(upTo(64)),
      FPDM: may(/^\d{8}$/),
      FPH: may(/^\d{10}$/),
    });
    if (record.children.length > 0 || (value('FPDM') === '') !== (value('FPH') === '')) throw new Refusal('1002');
    const application = this.#application(value, flowId);
    const known = this.#linkOf(application, value('JFSBM'));
    if (!known) throw new Refusal('2005');
    if (known.totalFen !== fen(value('HJ'))) throw new Refusal('2004');

    const paid = known.paid ?? { at: value('JKRQ'), tradeNumber: value('JYLSH') };
    const told = value('FPDM') === '' ? undefined : { code: value('FPDM'), number: value('FPH') };
    const link = { ...known, paid, receipt: known.receipt ?? told };
    this.#keep(application, link);
    if (!known.paid) this.#record('fee-paid', application, link, { tradeNumber: paid.tradeNumber, paidAt: paid.at });
    if (!known.receipt && told) {
      this.#record('receipt-told', application, link, { receiptCode: told.code, receiptNumber: told.number });
    }
    return feeState(application, link);
  }

  #take(registration: RegistrationSeed): void {
    const { acceptanceNumber, applicantIdNumber, feeFen, payCode, paidAt, tradeNumber, eReceipt } = registration;
    const application = { acceptanceNumber, applicantIdNumber, feeFen, links: new Map<string, Link>() };
    this.#applications.set(acceptanceNumber, application);
    if (payCode === null) return;
    const paid = paidAt === null ? undefined : { at: paidAt, tradeNumber: tradeNumber ?? '' };
    this.#keep(application, { payCode, totalFen: feeFen, paid, receipt: eReceipt ?? undefined });
  }

  #keep(application: Application, link: Link): void {
    application.links.set(link.payCode, link);
    this.#payCodes.set(link.payCode, application);
  }

  /** RecFlowID is the acceptance number when there is one (wire spec section 2). */
  #application(value: (name: string) => string, flowId: string): Application {
    if (flowId !== value('SLBH')) throw new Refusal('1002');
    const application = this.#applications.get(value('SLBH'));
    if (!application || !isAcceptanceNumber(value('SLBH'))) throw new Refusal('2005');
    return application;
  }

  /** The link of this pay code at this application; 2006 when it belongs to another. */
  #linkOf(application: Application, payCode: string): Link | undefined {
    const owner = this.#payCodes.get(payCode);
    if (owner && owner !== application) throw new Refusal('2006');
    return application.links.get(payCode);
  }

  #record(kind: string, application: Application, link: Link, more: Readonly<Record<string, string>> = {}): void {
    this.#core.record({
      kind,
      reference: application.acceptanceNumber,
      subject: application.applicantIdNumber,
      amountFen: link.totalFen,
      payCode: link.payCode,
      ...more,
    });
  }
}

const KEY_RULES = { SLBH: must(upTo(32)), JFSBM: must(/^\d{20}$/), HJ: must(MONEY) };

const ITEM_RULES = {
  SXH: must(/^[1-9]\d{0,3}$/),
  SFXMDM: must(upTo(32)),
  SFXMMC: must(upTo(100)),
  DJ: must(MONEY),
  SL: must(/^[1-9]\d{0,5}$/),
  JEDW: must(/^元$/),
  SSJE: must(MONEY),
};

/** Sum of the SFXM lines. Price times quantity must give each line's amount (2004); a line of 0 is not sent (wire spec 3.7). */
function itemsTotal(record: MarkupElement): number {
  if (record.children.length === 0) throw new Refusal('1002');
  return record.children.reduce((total, item) => {
    if (item.name !== 'SFXM' || item.children.length > 0) throw new Refusal('1002');
    const value = attributesOf(item, ITEM_RULES);
    const amount = fen(value('SSJE'));
    if (amount === 0) throw new Refusal('1002');
    if (fen(value('DJ')) * Number(value('SL')) !== amount) throw new Refusal('2004');
    return total + amount;
  }, 0);
}

function fen(yuan: string): number {
  const [whole = '', fraction = ''] = yuan.split('.');
  return Number(whole + fraction.padEnd(2, '0'));
}

function feeState(application: Application, link: Link): string {
  return markup('SFXX', [
    ['SLBH', application.acceptanceNumber],
    ['JFSBM', link.payCode],
    ['SFZT', link.paid ? '1' : '0'],
    ['HJ', amountIn('元', link.totalFen, 2)],
  ]);
}
