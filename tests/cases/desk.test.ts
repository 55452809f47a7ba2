import { expect, it } from 'vitest';
import type { WriteTransaction } from '../../adapters/database/writing.ts';
import type { CaseCommand } from '../../subgraphs/cases/commands.ts';
import { CaseDesk } from '../../subgraphs/cases/desk.ts';
import type { Handler } from '../../subgraphs/cases/handler.ts';
import { workingDays } from '../../subgraphs/cases/working-days.ts';
import { storeOpener, testHomes } from '../store/homes.ts';
import {
  ACCEPT,
  AGREE,
  ASK,
  GRANT,
  MINUTE,
  OPENED_AT,
  REFUSE,
  RESUME,
  SUPPLEMENT,
  SUSPEND,
  WITHDRAW,
} from './course.ts';

const openStore = storeOpener();
const OFFICE = {
  code: '11421202MB2A91048P',
  name: '汀泗桥镇便民服务中心',
  division: '421202100000',
  level: 'town',
} as const;
const REVIEWER: Handler = {
  account: 'reviewer',
  name: '审核员',
  organisation: { code: OFFICE.code, name: OFFICE.name, division: OFFICE.division },
  resident: null,
};

const application = {
  itemId: 'S10',
  channel: 'window',
  applicant: { idNumber: '421202197803159926', name: '甘安' },
  mobile: '13900000000',
  agent: { idNumber: '421202196507229972', name: '柏𠮷' },
  materials: [{ number: 1, name: '申请表', way: '1', copies: 1 }],
  operator: { account: 'clerk', name: '窗口', organisation: OFFICE },
  at: OPENED_AT,
};

const CERTIFIED: CaseCommand = { ...GRANT, certificate: { name: '备案表', number: 'B1' } };

for (const { name, newPlace } of await testHomes()) {
  it.each([
    ['a grant after a supplement and a special procedure', [ASK, SUPPLEMENT, SUSPEND, RESUME, AGREE, CERTIFIED]],
    ['an acceptance and a withdrawal', [ACCEPT, WITHDRAW]],
    ['a refusal', [REFUSE]],
  ] satisfies [string, CaseCommand[]][])(
    `a case is told after every command as the store on ${name} has it: %s`,
    async (_, commands) => {
      const store = await openStore(await newPlace());
      const desk = new CaseDesk(store, workingDays());
      const opened = await store.write((tx) => desk.open(tx, application));
      const asItIs = (tx: WriteTransaction) => desk.asItIs(tx, opened.case.id);
      expect(opened).toEqual(await store.write(asItIs));
      for (const [index, command] of commands.entries()) {
        const at = OPENED_AT + (index + 1) * MINUTE;
        const moved = await store.write((tx) => desk.command(tx, opened.case.id, command, REVIEWER, at));
        expect(moved).toEqual(await store.write(asItIs));
        expect(moved.case.version).toBe(index + 1);
      }
    },
  );
}
