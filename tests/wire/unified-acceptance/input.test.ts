import { describe, expect, test } from 'vitest';
import type { UnifiedAcceptanceClient } from '../../../adapters/unified-acceptance/client.ts';
import { acceptance, fee, firstStep, materials, result, specialStart } from './golden-records.ts';
import { startClient, startPlatform, TASK_CODE } from './platform-fixture.ts';

const material = materials[0];

/** What a caller may get wrong, and the path that the refusal names. */
const faults: readonly (readonly [string, (client: UnifiedAcceptanceClient) => Promise<unknown>])[] = [
  ['records.0.rowGuid', (client) => client.reportAcceptance([{ ...acceptance, rowGuid: '' }])],
  ['records.0.rowGuid', (client) => client.reportAcceptance([{ ...acceptance, rowGuid: 'x'.repeat(51) }])],
  ['records.0.version', (client) => client.reportAcceptance([{ ...acceptance, version: 0 }])],
  ['records.0.caseNumber', (client) => client.reportAcceptance([{ ...acceptance, caseNumber: 'x'.repeat(51) }])],
  ['records.0.password', (client) => client.reportAcceptance([{ ...acceptance, password: '12345' }])],
  [
    'records.0.item.name',
    (client) => client.reportAcceptance([{ ...acceptance, item: { ...acceptance.item, name: ' ' } }]),
  ],
  [
    'records.0.item.taskCode',
    (client) => client.reportAcceptance([{ ...acceptance, item: { ...acceptance.item, taskCode: '' } }]),
  ],
  [
    'records.0.item.catalogCode',
    (client) => client.reportAcceptance([{ ...acceptance, item: { name: '事项', version: 1, taskCode: TASK_CODE } }]),
  ],
  [
    'records.0.applicant.name',
    (client) =>
      client.reportAcceptance([{ ...acceptance, applicant: { ...acceptance.applicant, name: '名'.repeat(101) } }]),
  ],
  [
    'records.0.applicant.legalRepresentative',
    (client) => client.reportAcceptance([{ ...acceptance, applicant: { ...acceptance.applicant, type: '2' } }]),
  ],
  [
    'records.0.applicant.documentType',
    (client) =>
      client.reportAcceptance([{ ...acceptance, applicant: { ...acceptance.applicant, documentType: '51' as '111' } }]),
  ],
  [
    'records.0.contact.phone',
    (client) => client.reportAcceptance([{ ...acceptance, contact: { phone: '+8613800000000' } }]),
  ],
  ['records.0.acceptedAt', (client) => client.reportAcceptance([{ ...acceptance, acceptedAt: '2022-10-08' }])],
  ['records.0.acceptedAt', (client) => client.reportAcceptance([{ ...acceptance, acceptedAt: '2022-02-30 00:00:00' }])],
  [
    'records.0.promise',
    (client) => {
      const { promise: _, ...unpromised } = acceptance;
      return client.reportAcceptance([unpromised]);
    },
  ],
  ['records.1.visits', (client) => client.reportAcceptance([acceptance, { ...acceptance, visits: -1 }])],
  ['records.0', (client) => client.reportAcceptance([{ ...acceptance, colour: 'red' } as typeof acceptance])],
  ['records.0.number', (client) => client.reportProcess([{ ...firstStep, number: 0 }])],
  ['records.0.nodeResult', (client) => client.reportProcess([{ ...firstStep, nodeResult: '' }])],
  [
    'records.0.organisation.division',
    (client) =>
      client.reportProcess([{ ...firstStep, organisation: { ...firstStep.organisation, division: '421202' } }]),
  ],
  ['records.0.explanation', (client) => client.reportProcess([{ ...firstStep, explanation: '长'.repeat(2001) }])],
  ['records.0.explanation', (client) => client.reportResult([{ ...result, type: '5', explanation: '' }])],
  ['records.0.certificateNumber', (client) => client.reportResult([{ ...result, certificateName: '残疾人证' }])],
  ['records.0.feeFen', (client) => client.reportResult([{ ...result, feeFen: 0.5 }])],
  ['records.0.type', (client) => client.reportSpecialProcedure([{ ...specialStart, type: '6' as '9' }])],
  ['records.0.reason', (client) => client.reportSpecialProcedure([{ ...specialStart, reason: '' }])],
  ['records.0.count', (client) => client.reportMaterials(material ? [{ ...material, count: 100_000 }] : [])],
  ['records.0.way', (client) => client.reportMaterials(material ? [{ ...material, way: '5' as '6' }] : [])],
  ['payCode', (client) => client.reportFee({ ...fee, payCode: '4212000022000001' })],
  ['items', (client) => client.reportFee({ ...fee, items: [] })],
  [
    'items.0.amountFen',
    (client) => client.reportFee({ ...fee, items: fee.items.map((item) => ({ ...item, amountFen: -1 })) }),
  ],
  ['dueDate', (client) => client.reportFee({ ...fee, dueDate: '2022-02-30' })],
  ['taskCode', (client) => client.allocate({ taskCode: '', appliedAt: '2022-10-08 09:40:00' })],
  ['appliedAt', (client) => client.allocate({ taskCode: TASK_CODE, appliedAt: 'today' })],
  ['password', (client) => client.progress({ number: acceptance.caseNumber, password: 'secret' })],
  ['number', (client) => client.progress({ number: '', password: '604518' })],
  ['taskCode', (client) => client.itemGuide('x'.repeat(37))],
];

describe('input that breaks a rule of wire spec 3.3', () => {
  test.each(faults)('is refused with the path %s, and nothing is sent', async (field, call) => {
    const platform = await startPlatform();
    const refused = call(startClient(platform.url));
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } });
    expect(platform.core.calls.total).toBe(0);
  });

  test('is not repeated in the refusal', async () => {
    const platform = await startPlatform();
    const applicant = { ...acceptance.applicant, name: '张惠兰'.repeat(40) };
    const error = await startClient(platform.url)
      .reportAcceptance([{ ...acceptance, applicant }])
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error)])).not.toContain('张惠兰');
  });

  test('a report of nothing sends nothing', async () => {
    const platform = await startPlatform();
    expect(await startClient(platform.url).reportProcess([])).toEqual({ accepted: 0, rejected: [] });
    expect(platform.core.calls.total).toBe(0);
  });
});
