import { randomUUID } from 'node:crypto';
import type { Store } from '../../adapters/database/store.ts';

const APPLICANT = {
  idNumber: '421202198803056219',
  name: '孙䶮',
  hukouDivision: '421202100000',
  residenceDivision: '421202002001',
};

/** A case in a store, for what belongs to one. Its id. */
export async function openCase({ write, registry }: Store): Promise<string> {
  const id = randomUUID();
  await write(async (tx) => {
    await registry.upsertResident(tx, APPLICANT);
    await registry.openCase(tx, {
      id,
      itemId: 'S03',
      applicantHandle: registry.handle(APPLICANT.idNumber),
      applicantName: APPLICANT.name,
      agent: null,
      mobile: null,
      channel: 'kiosk',
      operator: 'kiosk',
      organisation: { code: '11421202MB2A91048P', name: '某镇便民服务中心', division: '421202100000' },
      status: '1',
      projectType: '1',
      promiseDays: 0,
      appliedAt: 0,
      visitsPromised: 0,
      visitsMade: 0,
    });
  });
  return id;
}
