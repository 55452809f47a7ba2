import type { SimulatorCore } from '../../simulator/core.ts';
import { chinaDateTime } from '../../values/china-time.ts';
import type { Application, Records } from './records.ts';
import { malformed, Refusal } from './refusal.ts';
import { monthlyFen } from './rules.ts';
import { ARROWS, LEADS_TO, STAGE_OF, type Stage, type Status, type Verdict } from './status.ts';

/** Who moves an application, as its step shows it. */
interface Hand {
  readonly handler: string;
  readonly opinion: string;
  /** Now, unless told. */
  readonly at?: string;
}

export interface Review {
  readonly stage: Stage;
  readonly verdict: Verdict;
  /** The types passed. */
  readonly subsidyTypes: readonly string[];
  readonly rejectedTypes: readonly string[];
  readonly opinion: string;
  readonly reviewer: string;
  readonly reviewedAt: string;
  readonly startMonth: string | null;
}

/** How applications move (wire spec 3.5, 3.7 and `state-transitions.json`), whoever moves them: a message or an act. */
export class Procedure {
  readonly #core: SimulatorCore;
  readonly #records: () => Records;

  constructor(core: SimulatorCore, records: () => Records) {
    this.#core = core;
    this.#records = records;
  }

  /** Passes a fresh application on to its hukou place unless the same township took it (transcripts 12, 16). */
  passOn(application: Application): void {
    if (isHukouTownship(application)) return;
    this.#move(application, '20', { handler: '系统', opinion: '' });
  }

  /** One stage's decision; the same again changes nothing. Throws `Refusal`. */
  review(application: Application, review: Review): void {
    if (!this.checkDue(application, review)) return;
    checkTypes(application, review);
    checkStartMonth(application, review);
    if (application.status === '20') {
      this.#move(application, '21', { ...handOf(review), opinion: '' });
    }
    if (review.verdict === '3') this.#ask(application, review);
    else this.#conclude(application, review, review.verdict);
    this.#core.record({
      kind: 'decided',
      reference: application.number,
      subject: application.idNumber,
      stage: review.stage,
      decision: review.verdict,
      subsidyTypes: review.subsidyTypes,
      status: application.status,
    });
  }

  /** True when the stage is due, false for a repetition of what was decided; LB3002 otherwise. */
  checkDue(application: Application, review: Review): boolean {
    if (isRepeated(application, review)) return false;
    if (STAGE_OF[application.status] !== review.stage) throw new Refusal('LB3002');
    return true;
  }

  /** A supplement in answer to a request for one; a round filed before changes nothing. Throws `Refusal`. */
  supplement(application: Application, round: number, hand: Hand): void {
    if (round <= application.rounds) return;
    if (application.status !== '11' || application.returnTo === undefined) throw new Refusal('LB3002');
    if (round !== application.rounds + 1) throw malformed('roundNo');
    application.rounds = round;
    this.#move(application, application.returnTo, hand);
    this.#core.record({ kind: 'supplemented', reference: application.number, subject: application.idNumber, round });
  }

  /** Any other single step: withdrawal, stop, resumption, first payment. Throws `Refusal` where no arrow leads. */
  step(application: Application, to: Status, handler: string, opinion: string): void {
    this.#move(application, to, { handler, opinion });
  }

  #ask(application: Application, review: Review): void {
    const { status } = application;
    this.#move(application, '11', handOf(review));
    application.returnTo = status;
  }

  #conclude(application: Application, review: Review, verdict: '1' | '2'): void {
    this.#move(application, LEADS_TO[review.stage][verdict], handOf(review));
    application.decisions.set(review.stage, verdict);
    application.remainingTypes = review.subsidyTypes;
    if (application.status === '50') this.#enrol(application, review.startMonth ?? '');
  }

  #enrol(application: Application, startMonth: string): void {
    for (const subsidyType of application.remainingTypes) {
      this.#records().addEnrolment({
        idNumber: application.idNumber,
        subsidyType,
        payDivision: `${application.hukouDivision.slice(0, 6)}000000`,
        startMonth,
        endMonth: null,
        monthlyFen: monthlyFen(application.hukouDivision, subsidyType, startMonth),
        state: '50',
      });
    }
  }

  #move(application: Application, to: Status, { handler, opinion, at }: Hand): void {
    if (!ARROWS[application.status].includes(to)) throw new Refusal('LB3002');
    const now = chinaDateTime(this.#core.now());
    application.status = to;
    application.returnTo = undefined;
    application.updatedAt = now;
    const sequence = application.steps.length + 1;
    application.steps.push({ sequence, status: to, ...deskOf(to, application), handler, at: at ?? now, opinion });
  }
}

/** True where the place that accepted is the hukou township itself. */
export function isHukouTownship(application: Pick<Application, 'acceptDivision' | 'hukouDivision'>): boolean {
  return application.acceptDivision.slice(0, 9) === application.hukouDivision.slice(0, 9);
}

/** Wire spec 3.7: the same stage and decision again is harmless, another one for a finished stage LB3002. */
function isRepeated(application: Application, { stage, verdict }: Review): boolean {
  const made = application.decisions.get(stage);
  if (made !== undefined && made !== verdict) throw new Refusal('LB3002');
  const asked = verdict === '3' && application.returnTo !== undefined && STAGE_OF[application.returnTo] === stage;
  return made !== undefined || asked;
}

/** What passes and what is rejected must together be what is still open; nothing passes otherwise. */
function checkTypes(application: Application, review: Review): void {
  const expected = review.verdict === '1' ? application.remainingTypes : review.rejectedTypes;
  const named = [...review.subsidyTypes, ...review.rejectedTypes];
  const whole = new Set(named).size === named.length && named.length === expected.length;
  if (!whole || !named.every((type) => application.remainingTypes.includes(type))) throw malformed('subsidyTypes');
  if (review.verdict === '1' && review.subsidyTypes.length === 0) throw malformed('subsidyTypes');
}

/** At the latest the month after the application was accepted. */
function checkStartMonth(application: Application, { stage, verdict, startMonth }: Review): void {
  if (stage !== '3' || verdict !== '1') return;
  if (startMonth === null || startMonth > nextMonth(application.acceptedAt)) throw malformed('startMonth');
}

function nextMonth(time: string): string {
  const months = Number(time.slice(0, 4)) * 12 + Number(time.slice(5, 7));
  return `${Math.floor(months / 12)}${((months % 12) + 1).toString().padStart(2, '0')}`;
}

function handOf({ reviewer, opinion, reviewedAt }: Review): Hand {
  return { handler: reviewer, opinion, at: reviewedAt };
}

/** On whose desk an application lies in a state (transcript 16). */
export function deskOf(
  status: Status,
  { acceptDivision, hukouDivision }: Pick<Application, 'acceptDivision' | 'hukouDivision'>,
): { division: string; department: string } {
  const district = `${hukouDivision.slice(0, 6)}000000`;
  switch (status) {
    case '10':
    case '11':
    case '12':
    case '60':
      return { division: acceptDivision, department: '受理地乡镇（街道）民政办' };
    case '20':
    case '21':
      return { division: `${hukouDivision.slice(0, 9)}000`, department: '户籍地街道' };
    case '30':
    case '32':
      return { division: district, department: '户籍地残联' };
    default:
      return { division: district, department: '户籍地民政' };
  }
}
