import type { CaseRegistry, NewCase } from '../../adapters/database/case-registry.ts';
import { instantFromChina } from '../../adapters/values/china-time.ts';
import type { CaseSeed, Population } from '../../seeds/model.ts';

/** Fills an empty registry with the demo population: what the sandbox does at its first start. */
export async function fillRegistry(registry: CaseRegistry, population: Population): Promise<void> {
  if (!(await registry.isEmpty())) return;
  await registry.add(population.residents, population.cases.map(newCase));
}

function newCase(seed: CaseSeed): NewCase {
  return {
    number: seed.number,
    password: seed.password,
    itemId: seed.itemId,
    applicantIdNumber: seed.applicantIdNumber,
    channel: seed.channel,
    organisation: seed.organisation,
    status: seed.status,
    appliedAt: instantFromChina(seed.appliedAt),
    acceptedAt: instantFromChina(seed.acceptedAt),
    promiseAt: seed.promiseDate === '' ? null : instantFromChina(seed.promiseDate),
    visitsPromised: seed.visitsPromised,
    visitsMade: seed.visitsMade,
    result: seed.result
      ? {
          type: seed.result.type,
          at: instantFromChina(seed.result.at),
          explanation: seed.result.explanation || null,
          certificateName: seed.result.certificateName || null,
          certificateNumber: seed.result.certificateNumber || null,
        }
      : null,
    steps: seed.steps.map((step) => ({
      number: step.number,
      name: step.name,
      outcome: step.nodeState === '02' ? step.nodeResult : null,
      startedAt: instantFromChina(step.startedAt),
      endedAt: step.nodeState === '02' ? instantFromChina(step.endedAt) : null,
      handler: step.handler,
      explanation: step.explanation || null,
      organisation: step.organisation,
    })),
    references: seed.references,
  };
}
