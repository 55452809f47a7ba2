import { type Act, ActRefused, type SimulatorCore } from '../../simulator/core.ts';
import { chinaDateTime } from '../../values/china-time.ts';
import type { CaseFile, Step } from './case-file.ts';
import type { Gate } from './gate.ts';
import type { FeeOrder, Platform } from './platform.ts';
import { RecordRefused } from './record-rules.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** What people at the platform and in the departments behind it can be made to do. */
export function departmentActs(core: SimulatorCore, platform: Platform, gate: Gate): Readonly<Record<string, Act>> {
  const office = new Office(core, platform);
  return {
    review: {
      about: 'The department reviews a case in progress: adds a step with its opinion.',
      parameters: {
        projectNo: 'case number',
        nodeResult: '0 disagree, 1 agree, 5 ask for a supplement, 7 return; 1 when absent',
        processName: "the step's name; the next of the item's process when absent",
      },
      run: (parameters) => office.review(parameters),
    },
    advance: {
      about:
        'Takes a case one state further: received is accepted, a supplement comes in, a special procedure ends, the next step is done, and after the last step the case is closed with grant.',
      parameters: { projectNo: 'case number' },
      run: (parameters) => office.advance(parameters),
    },
    supplement: {
      about: 'The supplement that a case waits for comes in; a case that waits for none is asked for one.',
      parameters: { projectNo: 'case number' },
      run: (parameters) => office.supplement(parameters),
    },
    close: {
      about: 'The department closes a case.',
      parameters: { projectNo: 'case number', resultType: '0 to 5 of wire spec 3.2; 0 when absent' },
      run: (parameters) => office.close(parameters),
    },
    'fee-paid': {
      about: 'The non-tax system tells that a fee order was paid.',
      parameters: { payCode: 'payment code of a fee order' },
      run: (parameters) => office.settleFee(parameters, '1', 'fee-paid'),
    },
    'fee-void': {
      about: 'The non-tax system tells that a fee order was voided.',
      parameters: { payCode: 'payment code of a fee order' },
      run: (parameters) => office.settleFee(parameters, '2', 'fee-void'),
    },
    'disable-app': {
      about: 'The platform disables a caller (1003), or enables it again.',
      parameters: { appId: 'caller; every caller when absent', disabled: 'true or false; true when absent' },
      run: (parameters) => {
        for (const appId of appIdsOf(gate, parameters)) gate.setDisabled(appId, flagOf(parameters, 'disabled'));
      },
    },
    'revoke-interface': {
      about: 'The platform takes an interface from a caller (1004), or grants it again.',
      parameters: {
        apiCode: '421200W0101 to 421200W0109',
        appId: 'caller; every caller when absent',
        revoked: 'true or false; true when absent',
      },
      run: (parameters) => {
        const apiCode = textOf(parameters, 'apiCode', /^421200W010[1-9]$/);
        for (const appId of appIdsOf(gate, parameters)) gate.setRevoked(appId, apiCode, flagOf(parameters, 'revoked'));
      },
    },
    'block-address': {
      about: 'The platform stops letting in the address that callers come from (1005), or lets it in again.',
      parameters: { on: 'true or false; true when absent' },
      run: (parameters) => gate.setAddressBlocked(flagOf(parameters, 'on')),
    },
    maintenance: {
      about: 'Maintenance begins (5003), or ends.',
      parameters: { on: 'true or false; true when absent' },
      run: (parameters) => gate.setMaintenance(flagOf(parameters, 'on')),
    },
  };
}

/** The people who work on cases. */
class Office {
  readonly #core: SimulatorCore;
  readonly #platform: Platform;

  constructor(core: SimulatorCore, platform: Platform) {
    this.#core = core;
    this.#platform = platform;
  }

  review(parameters: Parameters): object {
    const file = this.#caseOf(parameters);
    const nodeResult = textOf(parameters, 'nodeResult', /^[0157]$/, '1');
    const name = textOf(parameters, 'processName', /^.{1,1000}$/u, this.#nextStepName(file));
    this.#work(() => {
      if (file.status !== '2') throw new RecordRefused('2204', '办件不在办理中');
      this.#doStep(file, name, { nodeResult, action: nodeResult === '5' ? '3' : '2' });
    });
    return this.#tell('case-reviewed', file, { nodeResult });
  }

  advance(parameters: Parameters): object {
    const file = this.#caseOf(parameters);
    this.#work(() => this.#advance(file));
    return this.#tell('case-advanced', file);
  }

  supplement(parameters: Parameters): object {
    const file = this.#caseOf(parameters);
    if (file.status === '21') {
      this.#work(() => file.receiveSupplement());
      return this.#tell('supplement-received', file);
    }
    this.#work(() => {
      if (file.status !== '1' && file.status !== '2') throw new RecordRefused('2204', '当前状态不能要求补正');
      this.#doStep(file, '补正告知', { nodeResult: '5', action: '3' });
    });
    return this.#tell('supplement-asked', file);
  }

  close(parameters: Parameters): object {
    const file = this.#caseOf(parameters);
    const type = textOf(parameters, 'resultType', /^[0-5]$/, '0');
    this.#work(() => this.#close(file, type));
    return this.#tell('case-closed', file, { resultType: type });
  }

  settleFee(parameters: Parameters, payState: '1' | '2', kind: string): object {
    const order = this.#feeOf(parameters);
    if (order.payState !== '0') throw new ActRefused('payCode: the order is paid or void already');
    order.payState = payState;
    const { projectNo, payCode, amountFen } = order;
    this.#core.record({ kind, reference: projectNo, payCode, amountFen });
    return { projectNo, payCode, payState };
  }

  #advance(file: CaseFile): void {
    switch (file.status) {
      case '1':
        this.#doStep(file, '受理', { nodeType: '1', nodeResult: '4', action: '1' });
        break;
      case '21':
        file.receiveSupplement();
        break;
      case '22':
        file.endSpecialProcedure();
        break;
      case '2':
        this.#advanceInProgress(file);
        break;
      default:
        throw new RecordRefused('2203', '办件已办结');
    }
  }

  #advanceInProgress(file: CaseFile): void {
    const toDo = file.steps.at(-1)?.nodeState === '01';
    if (!toDo && file.steps.length >= this.#processOf(file).length) this.#close(file, '0');
    else this.#doStep(file, this.#nextStepName(file), { nodeResult: '1', action: '2' });
  }

  #close(file: CaseFile, type: string): void {
    file.close(
      { type, at: this.#timeAfter(file.steps.at(-1)?.endedAt ?? file.acceptance.acceptedAt) },
      this.#core.now(),
    );
  }

  /** Does the step that is to do, or a new one. */
  #doStep(file: CaseFile, name: string, step: Pick<Step, 'nodeResult' | 'action'> & { nodeType?: string }): void {
    const last = file.steps.at(-1);
    const at = this.#timeAfter(last?.endedAt ?? file.acceptance.acceptedAt);
    if (last?.nodeState === '01') {
      file.finishLastStep({ nodeResult: step.nodeResult, action: step.action, endedAt: at }, this.#core.now());
      return;
    }
    const number = (last?.number ?? 0) + 1;
    const common = { nodeType: '2', nodeState: '02', startedAt: at, endedAt: at };
    file.addStep({ ...common, rowGuid: `${file.number}/${number}`, number, name, ...step }, this.#core.now());
  }

  /** Now, or the case's own last moment where that lies ahead of the clock. */
  #timeAfter(last: string): string {
    const now = chinaDateTime(this.#core.now());
    return now > last ? now : last;
  }

  #processOf(file: CaseFile): readonly string[] {
    return this.#platform.items.get(file.acceptance.taskCode)?.processSteps ?? [];
  }

  #nextStepName(file: CaseFile): string {
    return this.#processOf(file)[file.steps.length] ?? '审核';
  }

  #caseOf(parameters: Parameters): CaseFile {
    const file = this.#platform.cases.get(textOf(parameters, 'projectNo', /^.{1,50}$/));
    if (!file) throw new ActRefused('projectNo: no such case');
    return file;
  }

  #feeOf(parameters: Parameters): FeeOrder {
    const order = this.#platform.fees.get(textOf(parameters, 'payCode', /^\d{20}$/));
    if (!order) throw new ActRefused('payCode: no such fee order');
    return order;
  }

  #work(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof RecordRefused) throw new ActRefused(`${error.fault.code} ${error.fault.message}`);
      throw error;
    }
  }

  #tell(kind: string, file: CaseFile, more: object = {}): object {
    this.#core.record({
      kind,
      reference: file.number,
      subject: file.acceptance.applicantDocument,
      status: file.status,
      ...more,
    });
    return { projectNo: file.number, status: file.status };
  }
}

function textOf(parameters: Parameters, name: string, form: RegExp, fallback?: string): string {
  const value = parameters[name] ?? fallback;
  if (typeof value !== 'string' || !form.test(value)) throw new ActRefused(`${name}: missing or malformed`);
  return value;
}

function flagOf(parameters: Parameters, name: string): boolean {
  const value = parameters[name] ?? true;
  if (typeof value !== 'boolean') throw new ActRefused(`${name}: true or false`);
  return value;
}

function appIdsOf(gate: Gate, { appId }: Parameters): readonly string[] {
  if (appId === undefined) return gate.appIds;
  if (typeof appId !== 'string' || !gate.appIds.includes(appId)) throw new ActRefused('appId: no such caller');
  return [appId];
}
