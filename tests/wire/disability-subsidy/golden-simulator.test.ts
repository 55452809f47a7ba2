import { beforeEach, describe, expect, it } from 'vitest';
import { closeLater } from '../closing.ts';
import { header, json } from '../http-message.ts';
import { sendRaw } from '../loopback.ts';
import { type Department, startDepartment } from './department.ts';
import { goldenCase, goldenMessage, INDEX } from './golden-files.ts';
import { FROM_SHENZHEN, populationWithProgress, TO_SHENZHEN } from './population.ts';
import { refreshAll } from './raw-requests.ts';

let department: Department;

async function play(number: string) {
  const answer = await sendRaw(department.url, goldenMessage(number, 'request').bytes);
  return { answer, golden: goldenMessage(number, 'response') };
}

async function expectGolden(number: string): Promise<void> {
  const { answer, golden } = await play(number);
  expect(answer.startLine).toBe(golden.startLine);
  expect(header(answer, 'content-type')).toBe(header(golden, 'Content-Type'));
  expect(json(answer)).toEqual(json(golden));
}

describe('the simulator, asked with the golden requests before anything was filed', () => {
  beforeEach(async () => {
    department = closeLater(await startDepartment());
    await refreshAll(department);
  });

  it.each(['01', '02', '05', '06', '07', '08', '09', '10'])('answers transcript %s', (number) => expectGolden(number));

  it('answers 03 when the service is missing from the grant list', async () => {
    await department.act('set-grant', { transaction: 'LB08', standing: 'unlisted' });
    await expectGolden('03');
  });

  it('answers 04 when the grant is refused', async () => {
    await department.act('set-grant', { transaction: 'LB08', standing: 'refused' });
    await expectGolden('04');
  });

  it('files, tells the same application again for the same clientSerialNo, files another, refuses an ineligible one (11–14)', async () => {
    for (const number of ['11', '12', '13', '14']) await expectGolden(number);
    const filed = department.core.ledger.filter(({ kind }) => kind === 'application-submitted');
    expect(filed.map(({ reference }) => reference)).toEqual(['LB42120220221008000017', TO_SHENZHEN]);
  });
});

describe('the simulator, asked with the golden requests while an application is under review', () => {
  beforeEach(async () => {
    department = closeLater(await startDepartment(populationWithProgress()));
    await refreshAll(department);
  });

  it.each(['16', '17', '19', '23', '24', '25', '26'])('answers transcript %s', (number) => expectGolden(number));

  it('takes the supplement it asked for and goes back to where it asked (18)', async () => {
    await department.act('ask-supplement', { applicationNo: TO_SHENZHEN });
    await expectGolden('18');
    await expectGolden('18');
    expect(department.core.ledger.map(({ kind }) => kind)).toEqual(['decided', 'supplemented']);
  });

  it('takes the federation’s and the civil affairs’ decisions in turn (21, 22)', async () => {
    await department.act('review', { applicationNo: FROM_SHENZHEN, stage: '1' });
    await expectGolden('21');
    await expectGolden('22');
  });

  it('answers 28 while busy', async () => {
    department.core.addFault({ kind: 'busy', times: 1 });
    await expectGolden('28');
  });

  it('answers an HTML page with status 502 as in 29', async () => {
    department.core.addFault({ kind: 'html-error', times: 1 });
    const { answer, golden } = await play('29');
    expect(answer.startLine).toBe(golden.startLine);
    expect(header(answer, 'content-type')).toMatch(/^text\/html/);
  });
});

describe('the golden transcripts', () => {
  it('are all played', () => {
    const numbers = INDEX.cases.map(({ id }) => id.slice(0, 2));
    expect(numbers).toEqual([
      ...['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14'],
      ...['16', '17', '18', '19', '21', '22', '23', '24', '25', '26', '28', '29'],
    ]);
    expect(json(goldenMessage('05', 'request'))).toEqual(goldenCase('05').requestBody);
  });
});
