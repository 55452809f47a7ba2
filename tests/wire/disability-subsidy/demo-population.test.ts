import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DisabilitySubsidyClient } from '../../../adapters/disability-subsidy/client.ts';
import { disabilitySubsidySettings } from '../../../adapters/disability-subsidy/settings.ts';
import { simulateDisabilitySubsidy } from '../../../adapters/disability-subsidy/simulator.ts';
import { type DepartmentSimulator, SimulatorCore } from '../../../adapters/simulator/core.ts';
import { memoryCounter } from '../../../adapters/transport/counter.ts';
import type { Population } from '../../../seeds/model.ts';
import { DEFAULT_RESIDENTS, DEFAULT_SEED, populate } from '../../../seeds/population.ts';
import sandbox from '../../../seeds/sandbox.json' with { type: 'json' };

/** The sandbox as it starts: its credentials, its population, the real clock. */
let population: Population;
let department: DepartmentSimulator;
let client: DisabilitySubsidyClient;

beforeAll(async () => {
  population = populate({ seed: DEFAULT_SEED, residents: DEFAULT_RESIDENTS });
  department = simulateDisabilitySubsidy(new SimulatorCore('disability-subsidy'), population, {});
  const settings = disabilitySubsidySettings.parse({
    origin: await department.listen(0),
    ...sandbox.disabilitySubsidy,
    organisationCode: '11421202MB2A91048P',
    operator: 'xasandbox01',
    line: { rates: [] },
  });
  client = new DisabilitySubsidyClient(settings, { counter: memoryCounter() });
});

afterAll(async () => {
  await client.close();
  await department.close();
});

describe('the demo population', () => {
  it('has certificates that the client reads as they are', async () => {
    const { certificates } = population.subsidy;
    expect(certificates.length).toBeGreaterThan(0);
    for (const { idNumber, name, ...certificate } of certificates) {
      const query = { idNumber, name, certificateNumber: certificate.number };
      const subCategories = certificate.category === '7' ? certificate.subCategories : [];
      expect(await client.verifyCertificate(query)).toEqual({ ...certificate, subCategories });
    }
  });

  it('has enrolments and payments that the client reads as they are', async () => {
    const { enrolments, payments } = population.subsidy;
    for (const idNumber of new Set(enrolments.map((enrolment) => enrolment.idNumber))) {
      const own = enrolments.filter((enrolment) => enrolment.idNumber === idNumber);
      expect(await client.enrolments(idNumber)).toEqual(own.map(({ idNumber: _, ...enrolment }) => enrolment));
      const rows = await client.payments({ idNumber, from: '202501', to: '202612' });
      const paid = payments.filter((payment) => payment.idNumber === idNumber);
      expect(new Set(rows.map(({ number }) => number))).toEqual(new Set(paid.map(({ number }) => number)));
    }
  });

  it('has applications that the client reads as they are', async () => {
    for (const { number, status, subsidyTypes, steps } of population.subsidy.applications) {
      expect(await client.application(number)).toMatchObject({ number, status, subsidyTypes, steps });
    }
  });
});
