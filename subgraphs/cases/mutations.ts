import type { CaseMaterial } from '../../adapters/database/case-registry.ts';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import { birthDate, type IdNumber } from '../../adapters/identifiers/id-number.ts';
import { parseMobileNumber } from '../../adapters/identifiers/mobile-number.ts';
import { chinaDate } from '../../adapters/values/china-time.ts';
import { CASE_STATUS, RESULT_TYPE } from '../case-codes.ts';
import { identifierInput, invalidInput, textInput } from '../invalid-input.ts';
import { type MutationInput, mutationRequest, onlyOnce } from '../services/mutation.ts';
import type { SpecialProcedureKind } from './case-state.ts';
import { nextStep } from './case-state.ts';
import type { CaseCommand } from './commands.ts';
import { type CaseAsItWas, stateOf } from './desk.ts';
import { handlerOf } from './handler.ts';
import { acceptanceRefusal, type CaseChannel, stepRefusal } from './levels.ts';
import type { CasesContext } from './loaders.ts';
import { processOf } from './process.ts';
import { recordVisit } from './visits.ts';

/** So old must whoever applies without anybody in their place be (民法典 17, 18). */
const FULL_AGE = 18;
const LONGEST_NAME = 50;
const LONGEST_MATERIAL = 200;
const MOST_MATERIALS = 50;
const MOST_COPIES = 999;
/** resultCertName and resultCertNo (unified-acceptance 3.3, `result`). */
const LONGEST_CERTIFICATE = { name: 256, number: 2000 };

interface OpenCaseInput extends MutationInput {
  readonly itemId: string;
  readonly channel: CaseChannel;
  readonly applicant: { readonly idNumber: IdNumber; readonly name: string; readonly mobile?: string | null };
  readonly agent?: { readonly idNumber: IdNumber; readonly name: string } | null;
  readonly materials?: readonly Omit<CaseMaterial, 'number'>[] | null;
}

interface CommandInput extends MutationInput {
  readonly caseId: string;
  readonly explanation?: string | null;
}

interface CompleteStepInput extends CommandInput {
  readonly step?: string | null;
  readonly agree: boolean;
}

interface SpecialProcedureInput extends CommandInput {
  readonly procedure: SpecialProcedureKind;
  readonly name: string;
  readonly reason: string;
}

interface CloseInput extends CommandInput {
  readonly result: (typeof RESULT_TYPE)[keyof typeof RESULT_TYPE];
  readonly certificateName?: string | null;
  readonly certificateNumber?: string | null;
}

type Mutation<Input> = (parent: unknown, args: { readonly input: Input }, context: CasesContext) => Promise<object>;

/** Cases moved by people: what a window, a village agent or a reviewing office does. */
export const caseMutations = {
  openCase: (async (_, { input }, context) => ({
    case: await openCase(input, context),
  })) as Mutation<OpenCaseInput>,
  acceptCase: commanding<CommandInput>('acceptCase', (input) => ({ kind: 'accept', ...said(input) })),
  refuseCase: commanding<CommandInput>('refuseCase', (input) => ({ kind: 'refuse', explanation: words(input) })),
  completeStep: commanding<CompleteStepInput>('completeStep', (input) => ({
    kind: 'completeStep',
    agree: input.agree,
    ...(input.step != null && { step: input.step }),
    ...said(input),
  })),
  requestSupplement: commanding<CommandInput>('requestSupplement', (input) => ({
    kind: 'requestSupplement',
    explanation: words(input),
  })),
  receiveSupplement: commanding<CommandInput>('receiveSupplement', (input) => ({
    kind: 'receiveSupplement',
    ...said(input),
  })),
  startSpecialProcedure: commanding<SpecialProcedureInput>('startSpecialProcedure', (input) => ({
    kind: 'startSpecialProcedure',
    procedure: input.procedure,
    name: textInput('input.name', input.name, LONGEST_MATERIAL),
    reason: textInput('input.reason', input.reason, 2000),
  })),
  endSpecialProcedure: commanding<CommandInput>('endSpecialProcedure', (input) => ({
    kind: 'endSpecialProcedure',
    explanation: words(input),
  })),
  closeCase: commanding<CloseInput>('closeCase', closing),
  withdrawCase: commanding<CommandInput>('withdrawCase', (input) => ({ kind: 'withdraw', explanation: words(input) })),
  recordVisit: (async (_, { input }, context) => ({
    ...(await visit(input, context)),
  })) as Mutation<CommandInput>,
};

/** Opens a case, once for its key. Returns it as it was then. */
async function openCase(input: OpenCaseInput, context: CasesContext): Promise<CaseAsItWas> {
  const { desk, store, clock, directory, idempotencyKey } = context;
  const operator = directory.operator(input.operator);
  const request = mutationRequest('openCase', input, idempotencyKey);
  const at = clock();
  const { applicant, agent, materials } = input;
  const application = {
    itemId: input.itemId,
    channel: input.channel,
    applicant: {
      idNumber: applicant.idNumber,
      name: textInput('input.applicant.name', applicant.name, LONGEST_NAME),
    },
    mobile:
      applicant.mobile == null ? null : identifierInput('input.applicant.mobile', applicant.mobile, parseMobileNumber),
    agent:
      agent == null
        ? null
        : { idNumber: agent.idNumber, name: textInput('input.agent.name', agent.name, LONGEST_NAME) },
    materials: materialsOf(materials ?? []),
    operator,
    at,
  };
  return onlyOnce(store, request, clock, async (tx) => {
    const refusal = acceptanceRefusal(input.itemId, operator.organisation, input.channel);
    if (refusal) throw invalidInput('input.operator', refusal);
    checkAges(applicant.idNumber, agent?.idNumber, chinaDate(at));
    return desk.open(tx, application);
  });
}

/** A minor applies through somebody of full age; nobody stands in for themselves. */
function checkAges(applicant: IdNumber, agent: IdNumber | undefined, today: string): void {
  if (ageOn(applicant, today) < FULL_AGE && agent === undefined) {
    throw invalidInput('input.agent', {
      en: `is needed: the applicant is under ${FULL_AGE}, so that a guardian applies.`,
      zh: `不能为空：申请人未满${FULL_AGE}周岁，应由监护人代为申请。`,
    });
  }
  if (agent === undefined) return;
  if (agent === applicant)
    throw invalidInput('input.agent.idNumber', { en: 'is the applicant’s own.', zh: '不能与申请人相同。' });
  if (ageOn(agent, today) < FULL_AGE)
    throw invalidInput('input.agent.idNumber', {
      en: `belongs to somebody under ${FULL_AGE}.`,
      zh: `代办人未满${FULL_AGE}周岁。`,
    });
}

/** Whole years lived on a day. */
function ageOn(idNumber: IdNumber, today: string): number {
  const born = birthDate(idNumber);
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}

function materialsOf(materials: readonly Omit<CaseMaterial, 'number'>[]): CaseMaterial[] {
  if (materials.length > MOST_MATERIALS)
    throw invalidInput('input.materials', {
      en: `must be at most ${MOST_MATERIALS}.`,
      zh: `不得超过${MOST_MATERIALS}项。`,
    });
  return materials.map(({ name, way, copies }, index) => {
    const place = `input.materials.${index}`;
    if (copies < 1 || copies > MOST_COPIES)
      throw invalidInput(`${place}.copies`, { en: `must be 1 to ${MOST_COPIES}.`, zh: `应为1至${MOST_COPIES}。` });
    return { number: index + 1, name: textInput(`${place}.name`, name, LONGEST_MATERIAL), way, copies };
  });
}

/** A mutation that gives one command to a case. */
function commanding<Input extends CommandInput>(
  name: string,
  commandOf: (input: Input) => CaseCommand,
): Mutation<Input> {
  return async (_, { input }, context) => {
    const { desk, store, clock, directory, idempotencyKey } = context;
    const operator = directory.operator(input.operator);
    const request = mutationRequest(name, input, idempotencyKey);
    const command = commandOf(input);
    const moved = await onlyOnce(store, request, clock, async (tx) => {
      await checkOffice(tx, input, command, context);
      const resident = operator.idNumber === undefined ? null : store.registry.handle(operator.idNumber);
      return desk.command(tx, input.caseId, command, handlerOf(operator, resident), clock());
    });
    return { case: moved };
  };
}

/** The office that acts must be one that takes the step (catalogue). */
async function checkOffice(
  tx: WriteTransaction,
  { caseId, operator: account }: CommandInput,
  command: CaseCommand,
  { desk, store, directory }: CasesContext,
): Promise<void> {
  const found = await desk.held(tx, caseId);
  const { organisation } = directory.operator(account);
  const steps = (await store.registry.steps([caseId], tx)).get(caseId) ?? [];
  // Where the applicant came to apply, the applicant brings what was missing and takes the application back.
  const isApplicants = command.kind === 'receiveSupplement' || command.kind === 'withdraw';
  if (isApplicants && organisation.code === found.organisation.code) return;
  const refusal =
    command.kind === 'accept' || found.status === CASE_STATUS.RECEIVED
      ? acceptanceRefusal(found.itemId, organisation, found.channel as CaseChannel)
      : stepRefusal(
          found.itemId,
          nextStep(stateOf(found, steps), processOf(found.itemId))?.name ?? '',
          organisation,
          found.organisation.code,
        );
  if (refusal) throw invalidInput('input.operator', refusal);
}

async function visit(input: CommandInput, { desk, store, clock, directory, idempotencyKey }: CasesContext) {
  directory.operator(input.operator);
  const request = mutationRequest('recordVisit', input, idempotencyKey);
  return onlyOnce(store, request, clock, async (tx) => {
    const found = await desk.held(tx, input.caseId);
    const { made, excess } = recordVisit({ promised: found.visitsPromised, made: found.visitsMade });
    await desk.recordVisit(tx, found, made);
    return { visitsMade: made, excess: excess && [excess.en, excess.zh], case: await desk.asItIs(tx, input.caseId) };
  });
}

function closing(input: CloseInput): CaseCommand {
  const { result, certificateName, certificateNumber } = input;
  if (result === RESULT_TYPE.NOT_ACCEPTED)
    throw invalidInput('input.result', {
      en: 'acceptance is refused by refuseCase.',
      zh: '不予受理请使用refuseCase。',
    });
  return {
    kind: 'close',
    result,
    ...said(input),
    ...((certificateName != null || certificateNumber != null) && {
      certificate: {
        name: textInput('input.certificateName', certificateName ?? '', LONGEST_CERTIFICATE.name),
        number: textInput('input.certificateNumber', certificateNumber ?? '', LONGEST_CERTIFICATE.number),
      },
    }),
  };
}

function said({ explanation }: CommandInput): { readonly explanation?: string } {
  return explanation == null ? {} : { explanation };
}

function words({ explanation }: CommandInput): string {
  return explanation ?? '';
}
