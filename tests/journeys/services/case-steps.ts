import type { JourneyStep } from './journey.ts';

/** The steps by which people move a case: one mutation each. */

export interface Opening {
  readonly itemId: string;
  readonly channel: 'WINDOW' | 'ONLINE' | 'KIOSK' | 'VILLAGE' | 'HOSPITAL' | 'BANK';
  readonly operator: string;
  readonly materials?: readonly { readonly name: string; readonly way: string; readonly copies: number }[];
}

export function openCase(opening: Opening): JourneyStep {
  return {
    name: 'openCase',
    async take(at) {
      const { idNumber, name, phone } = at.applicant;
      const payload = await at.district.frontEnd.mutate<{ case: { id: string } }>({
        name: 'openCase',
        inputType: 'OpenCaseInput',
        input: { ...opening, applicant: { idNumber, name, mobile: phone } },
        selection: 'case { id }',
      });
      at.caseId = payload.case.id;
    },
  };
}

export const accept = (operator: string) => command('acceptCase', 'CaseCommandInput', { operator });

export const refuse = (operator: string, explanation: string) =>
  command('refuseCase', 'CaseCommandInput', { operator, explanation });

export const agree = (operator: string, step: string) =>
  command('completeStep', 'CompleteStepInput', { operator, step, agree: true });

export const disagree = (operator: string, step: string, explanation: string) =>
  command('completeStep', 'CompleteStepInput', { operator, step, agree: false, explanation });

export const askForSupplement = (operator: string, explanation: string) =>
  command('requestSupplement', 'CaseCommandInput', { operator, explanation });

export const takeSupplement = (operator: string) => command('receiveSupplement', 'CaseCommandInput', { operator });

export const suspend = (operator: string, procedure: string, name: string) =>
  command('startSpecialProcedure', 'StartSpecialProcedureInput', { operator, procedure, name, reason: '按规定进行' });

export const resume = (operator: string, explanation: string) =>
  command('endSpecialProcedure', 'CaseCommandInput', { operator, explanation });

export const grant = (operator: string, certificate?: { readonly name: string; readonly number: string }) =>
  command('closeCase', 'CloseCaseInput', {
    operator,
    result: 'GRANTED',
    ...(certificate && { certificateName: certificate.name, certificateNumber: certificate.number }),
  });

export const close = (operator: string, result: string, explanation: string) =>
  command('closeCase', 'CloseCaseInput', { operator, result, explanation });

export const withdraw = (operator: string, explanation: string) =>
  command('withdrawCase', 'CaseCommandInput', { operator, explanation });

export const visit = (operator: string) => command('recordVisit', 'CaseCommandInput', { operator });

function command(name: string, inputType: string, input: Readonly<Record<string, unknown>>): JourneyStep {
  return {
    name,
    async take({ district, caseId }) {
      await district.frontEnd.mutate({
        name,
        inputType,
        input: { ...input, caseId },
        selection: 'case { id status }',
      });
    },
  };
}
