import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CREDENTIAL, type MedicalPlatform, openMedicalPlatform } from './fixture/medical-platform.ts';
import { PSN } from './fixture/medical-records.ts';
import { CHEN, ZHOU } from './fixture/people.ts';
import { coversPartOfItsSchema, type RunningSubgraph } from './fixture/running-subgraph.ts';
import { tapLine } from './fixture/tapped-line.ts';

let platform: MedicalPlatform;
let medical: RunningSubgraph;
let token: string;
let card: { readonly number: string; readonly serial: string };

beforeAll(async () => {
  platform = await openMedicalPlatform();
  medical = await platform.subgraph();
  token = issued(PSN.CHEN, '01').number;
  card = issued(PSN.ZHOU, '03');
});

beforeEach(() => platform.rewind());

afterEach(() => expect(medical.faults).toEqual([]));

afterAll(async () => {
  await medical.stop();
  await platform.close();
});

coversPartOfItsSchema(() => medical, CREDENTIAL);

/** A credential's token or a card, as the platform gives it out. */
function issued(psnNo: string, type: '01' | '03') {
  const given = platform.act('issue-certificate', { psnNo, type }) as { mdtrt_cert_no: string; card_sn: string };
  return { number: given.mdtrt_cert_no, serial: given.card_sn };
}

const BY_CREDENTIAL = `query ($credential: MedicalCredentialInput!, $at: DateTime) {
  insuredPersonByCredential(credential: $credential, at: $at) {
    personNumber name maskedIdNumber insurances { kind status } resident { __typename idNumber }
  }
}`;

describe('an insured person who shows a credential', () => {
  it('is found by the token of an electronic credential, and the resident with them', async () => {
    expect(await medical.ask(BY_CREDENTIAL, { credential: { electronicCredential: token } })).toEqual({
      data: {
        insuredPersonByCredential: {
          personNumber: PSN.CHEN,
          name: '陈若溪',
          maskedIdNumber: '421202**********82',
          insurances: [expect.objectContaining({ status: 'ACTIVE' })],
          resident: { __typename: 'Resident', idNumber: CHEN.idNumber },
        },
      },
    });
  });

  it('is found by a social security card, as of a moment, and asked about further', async () => {
    const { data, errors } = await medical.ask(
      `query ($card: SocialSecurityCardInput!) {
        insuredPersonByCredential(credential: { socialSecurityCard: $card }, at: "2001-06-29T23:30:00Z") {
          name insurances { kind status pausedOn } chronicDiseaseFilings { diseaseCode }
        }
      }`,
      { card },
    );
    expect(errors).toBeUndefined();
    expect(data.insuredPersonByCredential).toEqual({
      name: '周启明',
      insurances: [{ kind: '390', status: 'ENDED', pausedOn: '2001-06-30' }],
      chronicDiseaseFilings: [{ diseaseCode: 'M03900' }, { diseaseCode: 'M99999' }],
    });
  });

  it('is asked for by the credential alone', async () => {
    const line = await tapLine(platform.address);
    const tapped = await platform.subgraph({ baseUrl: line.url });
    await tapped.ask(BY_CREDENTIAL, { credential: { socialSecurityCard: card } });
    const asked = line.requests.map((body) => JSON.parse(body.toString('utf8'))).find(({ infno }) => infno === '1101');
    expect(asked.input.data).toEqual({
      mdtrt_cert_type: '03',
      mdtrt_cert_no: card.number,
      card_sn: card.serial,
      begntime: '2026-01-01 00:30:00',
      psn_cert_type: '',
      certno: '',
      psn_name: '',
    });
    await tapped.stop();
    await line.close();
  });

  it('is asked for once a request, however many places want the person', async () => {
    const { data } = await medical.ask(
      `query ($credential: MedicalCredentialInput!) {
        a: insuredPersonByCredential(credential: $credential) { name }
        b: insuredPersonByCredential(credential: $credential) { birthDate }
      }`,
      { credential: { electronicCredential: token } },
    );
    expect(data).toEqual({ a: { name: '陈若溪' }, b: { birthDate: '1994-07-21' } });
    expect(platform.asked()).toEqual({ 1101: 1 });
  });

  it.each([
    ['no such token', () => ({ electronicCredential: 'DEMO-TOKEN-NOBODY' })],
    ['a card number shown as a token', () => ({ electronicCredential: card.number })],
    ['a token shown as a card', () => ({ socialSecurityCard: { number: token, serial: card.serial } })],
    ['a card of another serial', () => ({ socialSecurityCard: { ...card, serial: '421202D156000000' } })],
  ])('is null for %s', async (_, credential) => {
    expect(await medical.ask(BY_CREDENTIAL, { credential: credential() })).toEqual({
      data: { insuredPersonByCredential: null },
    });
  });

  it.each([
    ['02', '1'],
    ['01', '421202580312013'],
  ])('has no resident where the platform names a document of kind %s with the number %s', async (idType, number) => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(
        answer
          .toString('utf8')
          .replace('"psn_cert_type":"01"', `"psn_cert_type":"${idType}"`)
          .replace(ZHOU.idNumber, number),
      ),
    );
    const other = await platform.subgraph({ baseUrl: line.url });
    const { data, errors } = await other.ask(BY_CREDENTIAL, { credential: { socialSecurityCard: card } });
    expect(errors).toBeUndefined();
    expect(data.insuredPersonByCredential).toMatchObject({ personNumber: PSN.ZHOU, resident: null });
    await other.stop();
    await line.close();
  });

  it('is the resident also where the platform writes the number with a small x and the kind as 1', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(
        answer
          .toString('utf8')
          .replace('"psn_cert_type":"01"', '"psn_cert_type":"1"')
          .replace(ZHOU.idNumber, '42120219870605991x'),
      ),
    );
    const other = await platform.subgraph({ baseUrl: line.url });
    const { data } = await other.ask(BY_CREDENTIAL, { credential: { socialSecurityCard: card } });
    expect(data.insuredPersonByCredential.resident).toEqual({ __typename: 'Resident', idNumber: '42120219870605991X' });
    await other.stop();
    await line.close();
  });

  it('with another identity number than the one asked for is no answer, whatever was shown', async () => {
    const line = await tapLine(platform.address, (answer) =>
      Buffer.from(answer.toString('utf8').replace(ZHOU.idNumber, CHEN.idNumber)),
    );
    const crossed = await platform.subgraph({ baseUrl: line.url });
    const { data, errors } = await crossed.entities(
      [{ __typename: 'Resident', idNumber: ZHOU.idNumber, name: null }],
      'insuredPerson { name }',
    );
    expect(data._entities).toEqual([{ __typename: 'Resident', insuredPerson: null }]);
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_PROTOCOL', field: 'output.baseinfo.certno' } }]);
    await crossed.stop();
    await line.close();
  });
});

const SECRET = 'SECRET-0001';

describe('a credential that cannot be', () => {
  it.each([
    ['nothing', {}, 'credential'],
    ['nulls', { electronicCredential: null, socialSecurityCard: null }, 'credential'],
    ['both', { electronicCredential: SECRET, socialSecurityCard: { number: SECRET, serial: SECRET } }, 'credential'],
    ['an empty token', { electronicCredential: '' }, 'credential.electronicCredential'],
    ['a token with white space', { electronicCredential: `${SECRET} ${SECRET}` }, 'credential.electronicCredential'],
    ['a token of 51 characters', { electronicCredential: SECRET.padEnd(51, '0') }, 'credential.electronicCredential'],
    [
      'an empty card number',
      { socialSecurityCard: { number: '', serial: SECRET } },
      'credential.socialSecurityCard.number',
    ],
    [
      'a card number of 51 characters',
      { socialSecurityCard: { number: SECRET + '𠮷'.repeat(40), serial: SECRET } },
      'credential.socialSecurityCard.number',
    ],
    ['an empty serial', { socialSecurityCard: { number: SECRET, serial: '' } }, 'credential.socialSecurityCard.serial'],
    [
      'a serial of 33 characters',
      { socialSecurityCard: { number: SECRET, serial: SECRET.padEnd(33, '0') } },
      'credential.socialSecurityCard.serial',
    ],
    ['a card without its serial', { socialSecurityCard: { number: SECRET } }, 'credential.socialSecurityCard'],
    ['a number for a token', { electronicCredential: 12345678 }, 'credential.electronicCredential'],
    ['another kind of certificate', { identityCard: SECRET }, 'credential'],
  ])(
    '%s: the error names the place in both languages, shows nothing of it, and nobody is asked',
    async (_, credential, field) => {
      const answer = await medical.ask(BY_CREDENTIAL, { credential });
      expect(answer.data?.insuredPersonByCredential ?? null).toBeNull();
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'INVALID_INPUT', field, messageZh: expect.stringMatching(/^输入不合规范。/) } },
      ]);
      expect(JSON.stringify(answer)).not.toMatch(/SECRET|12345678/);
      expect(platform.asked()).toEqual({});
    },
  );

  it('is not repeated by the platform’s refusal either', async () => {
    const refused = `FSI-示例：卡号${SECRET}（卡识别码${SECRET}-S）已挂失[demoPsnBO_0007]`;
    const line = await tapLine(platform.address, (answer) => {
      const envelope = JSON.parse(answer.toString('utf8'));
      if (envelope.output?.signinoutb) return answer;
      return Buffer.from(JSON.stringify({ ...envelope, infcode: -1, err_msg: refused, output: null }));
    });
    const lost = await platform.subgraph({ baseUrl: line.url });
    const { errors } = await lost.ask(BY_CREDENTIAL, {
      credential: { socialSecurityCard: { number: SECRET, serial: `${SECRET}-S` } },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'DEPARTMENT_REJECTED', department: 'medical-insurance' } }]);
    expect(JSON.stringify(errors)).toContain('已挂失');
    expect(JSON.stringify(errors)).not.toContain('SECRET');
    await lost.stop();
    await line.close();
  });
});
