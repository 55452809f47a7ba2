import { isIdNumber } from '../../identifiers/id-number.ts';
import { type Act, ActRefused, type SimulatorCore } from '../../simulator/core.ts';
import { chinaDateTime } from '../../values/china-time.ts';
import { isCurrent } from './entry.ts';
import type { FeeDesk } from './fees.ts';
import type { FolioNumber, LandRegister, Mortgage, Property, Seizure } from './land-register.ts';
import type { ProofDesk } from './proofs.ts';
import type { Serials } from './serials.ts';
import { day } from './wall-clock.ts';

/** What the acts work on. Looked up at each act: a reset replaces everything. */
export interface Offices {
  readonly register: LandRegister;
  readonly fees: FeeDesk;
  readonly proofs: ProofDesk;
  readonly serials: Serials;
}

type Parameters = Readonly<Record<string, unknown>>;

/** What people at the registry and the courts do (contract, "Simulators"). */
export function departmentActs(
  core: SimulatorCore,
  offices: () => Offices,
  limitDay: (calls: number) => void,
): Readonly<Record<string, Act>> {
  const now = () => chinaDateTime(core.now());

  return {
    'accept-registration': {
      about: 'The registry accepts an application, numbers it and assesses the fee.',
      parameters: {
        applicantIdNumber: 'ID number of a known person',
        residential: 'true for a dwelling (80 yuan), false for anything else (550 yuan); true when left out',
      },
      run(parameters) {
        const { register, fees } = offices();
        const applicant = text(parameters, 'applicantIdNumber');
        knownName(register, applicant, 'applicantIdNumber');
        return fees.accept(applicant, flagParameter(parameters, 'residential', true));
      },
    },

    seize: {
      about: 'A court seizes a unit; a second seizure waits behind the first.',
      parameters: {
        unitNumber: 'the unit',
        court: 'name of the court; a usual one when left out',
        documentNumber: 'number of the ruling; made up when left out',
        kind: 'CFLX 1 to 5; 1, or 2 when the unit is seized already, when left out',
        from: 'yyyy-MM-dd, today when left out',
        to: 'yyyy-MM-dd, three years later when left out',
      },
      run(parameters) {
        const { register, serials } = offices();
        const [folio, property] = unit(register, parameters);
        const seizure: Seizure = {
          court: text(parameters, 'court', '咸宁市咸安区人民法院'),
          documentNumber: text(parameters, 'documentNumber', ruling(core, serials)),
          kind: coded(parameters, 'kind', /^[1-5]$/, property.seizures.some(isCurrent) ? '2' : '1'),
          from: date(parameters, 'from', day(core.now())),
          to: date(parameters, 'to', day(core.now(), 3 * 365)),
          registeredAt: now(),
          state: '1',
        };
        register.change(folio, { seizures: [...property.seizures, seizure] });
        core.record({
          kind: 'seized',
          reference: seizure.documentNumber,
          subject: property.unitNumber,
          seizureKind: seizure.kind,
        });
        return { documentNumber: seizure.documentNumber, kind: seizure.kind };
      },
    },

    'lift-seizure': {
      about: 'A court lifts seizures of a unit.',
      parameters: { unitNumber: 'the unit', documentNumber: 'the ruling; all of the unit when left out' },
      run(parameters) {
        const { register } = offices();
        const [folio, property] = unit(register, parameters);
        const wanted = text(parameters, 'documentNumber', '');
        const lifted = property.seizures.filter(
          (seizure) => isCurrent(seizure) && (wanted === '' || seizure.documentNumber === wanted),
        );
        if (lifted.length === 0) throw new ActRefused('documentNumber: no such seizure of this unit');
        register.change(folio, {
          seizures: property.seizures.map((seizure) =>
            lifted.includes(seizure) ? { ...seizure, state: '2' } : seizure,
          ),
        });
        for (const { documentNumber } of lifted) {
          core.record({ kind: 'seizure-lifted', reference: documentNumber, subject: property.unitNumber });
        }
        return { lifted: lifted.map(({ documentNumber }) => documentNumber) };
      },
    },

    mortgage: {
      about: 'A mortgage of a unit is registered.',
      parameters: {
        unitNumber: 'the unit',
        amountFen: 'secured or maximum amount in fen',
        kind: 'DYFS 1 general or 2 maximum amount; 1 when left out',
        mortgagee: 'name of the bank; a usual one when left out',
        unit: 'how the amount is written: 元, 万元, or an empty text to forget the unit; 万元 when left out',
        from: 'yyyy-MM-dd, today when left out',
        to: 'yyyy-MM-dd, twenty years later when left out',
      },
      run(parameters) {
        const { register, serials } = offices();
        const [folio, property] = unit(register, parameters);
        const mortgage: Mortgage = {
          certificateNumber: certificate('不动产证明', core, serials),
          mortgagee: text(parameters, 'mortgagee', '中国工商银行股份有限公司咸宁咸安支行'),
          kind: coded(parameters, 'kind', /^[12]$/, '1'),
          securedFen: amount(parameters, 'amountFen'),
          unit: coded(parameters, 'unit', /^(?:万?元)?$/, '万元') as Mortgage['unit'],
          from: date(parameters, 'from', day(core.now())),
          to: date(parameters, 'to', day(core.now(), 20 * 365)),
          rank: String(property.mortgages.filter(isCurrent).length + 1),
          registeredAt: now(),
          state: '1',
        };
        register.change(folio, { mortgages: [...property.mortgages, mortgage] });
        core.record({
          kind: 'mortgaged',
          reference: mortgage.certificateNumber,
          subject: property.unitNumber,
          amountFen: mortgage.securedFen,
        });
        return { certificateNumber: mortgage.certificateNumber };
      },
    },

    'release-mortgage': {
      about: 'Mortgages of a unit are released.',
      parameters: { unitNumber: 'the unit', certificateNumber: 'the mortgage proof; all of the unit when left out' },
      run(parameters) {
        const { register } = offices();
        const [folio, property] = unit(register, parameters);
        const wanted = text(parameters, 'certificateNumber', '');
        const released = property.mortgages.filter(
          (mortgage) => isCurrent(mortgage) && (wanted === '' || mortgage.certificateNumber === wanted),
        );
        if (released.length === 0) throw new ActRefused('certificateNumber: no such mortgage of this unit');
        register.change(folio, {
          mortgages: property.mortgages.map((mortgage) =>
            released.includes(mortgage) ? { ...mortgage, state: '2' } : mortgage,
          ),
        });
        for (const { certificateNumber } of released) {
          core.record({ kind: 'mortgage-released', reference: certificateNumber, subject: property.unitNumber });
        }
        return { released: released.map(({ certificateNumber }) => certificateNumber) };
      },
    },

    transfer: {
      about: 'A unit passes to a new sole owner: the old entry becomes historical, a new certificate is given.',
      parameters: {
        unitNumber: 'the unit, neither mortgaged nor seized',
        toIdNumber: 'ID number of a known person',
        priceFen: 'price in fen; none when left out',
      },
      run(parameters) {
        const { register, serials } = offices();
        const [folio, property] = unit(register, parameters);
        if (property.seizures.some(isCurrent)) throw new ActRefused('unitNumber: the unit is seized');
        if (property.mortgages.some(isCurrent)) throw new ActRefused('unitNumber: the unit is mortgaged');
        const idNumber = text(parameters, 'toIdNumber');
        const name = knownName(register, idNumber, 'toIdNumber');
        const certificateNumber = certificate('不动产权', core, serials);
        register.change(folio, { state: '2' });
        register.enter({
          ...property,
          certificateNumber,
          registeredAt: now(),
          priceFen: parameters.priceFen === undefined ? null : amount(parameters, 'priceFen'),
          owners: [{ name, idNumber, ownership: '0', share: '100%', holdsCertificate: true }],
          mortgages: [],
          seizures: [],
          preNotices: [],
          objections: [],
        });
        core.record({
          kind: 'transferred',
          reference: certificateNumber,
          subject: idNumber,
          unitNumber: property.unitNumber,
        });
        return { certificateNumber };
      },
    },

    'making-proof': {
      about: 'The next certificates asked for are still being made: they are answered with 3001.',
      parameters: { times: 'how many answers, 0 to end it; 1 when left out' },
      run(parameters) {
        offices().proofs.beMaking(count(parameters, 'times', 1));
      },
    },

    misprint: {
      about: 'The next certificates asked for come with the digest of another document.',
      parameters: { times: 'how many answers, 0 to end it; 1 when left out' },
      run(parameters) {
        offices().proofs.misprint(count(parameters, 'times', 1));
      },
    },

    'print-large': {
      about: 'The next certificate that is made has a document of so many bytes at least.',
      parameters: { bytes: 'how many bytes, 0 to end it' },
      run(parameters) {
        offices().proofs.printLarge(count(parameters, 'bytes'));
      },
    },

    'limit-day': {
      about: 'Sets how many calls the registry takes a day; the rest is answered with 1102.',
      parameters: { calls: 'calls a day, those of today included' },
      run(parameters) {
        limitDay(count(parameters, 'calls'));
      },
    },
  };
}

/** The current right of a unit that acts change. */
function unit(register: LandRegister, parameters: Parameters): readonly [FolioNumber, Property] {
  const [first] = register.currentOfUnit(text(parameters, 'unitNumber'));
  if (!first) throw new ActRefused('unitNumber: no current right of such a unit');
  return first;
}

function knownName(register: LandRegister, idNumber: string, parameter: string): string {
  const name = isIdNumber(idNumber) ? register.nameOf(idNumber) : undefined;
  if (name === undefined) throw new ActRefused(`${parameter}: not the ID number of a known person`);
  return name;
}

/** Numbers given out here begin with 9, so that they never meet those of the population. */
function certificate(paper: '不动产权' | '不动产证明', core: SimulatorCore, serials: Serials): string {
  const serial = serials.next(paper, 4);
  return `鄂(${day(core.now()).slice(0, 4)})咸安区${paper}第9${serial.slice(4)}号`;
}

function ruling(core: SimulatorCore, serials: Serials): string {
  return `(${day(core.now()).slice(0, 4)})鄂1202执保9${serials.next('ruling', 4).slice(4)}号`;
}

function text(parameters: Parameters, name: string, otherwise?: string): string {
  const value = parameters[name] ?? otherwise;
  if (typeof value !== 'string' || (value === '' && otherwise !== '')) throw new ActRefused(`${name}: a text`);
  return value;
}

function coded(parameters: Parameters, name: string, form: RegExp, otherwise: string): string {
  const value = parameters[name] ?? otherwise;
  if (typeof value !== 'string' || !form.test(value)) throw new ActRefused(`${name}: not one of its codes`);
  return value;
}

function date(parameters: Parameters, name: string, otherwise: string): string {
  return coded(parameters, name, /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, otherwise);
}

function amount(parameters: Parameters, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw new ActRefused(`${name}: a whole number of fen above zero`);
  }
  return value;
}

function count(parameters: Parameters, name: string, otherwise?: number): number {
  const value = parameters[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ActRefused(`${name}: a whole number from 0`);
  }
  return value;
}

function flagParameter(parameters: Parameters, name: string, otherwise: boolean): boolean {
  const value = parameters[name] ?? otherwise;
  if (typeof value !== 'boolean') throw new ActRefused(`${name}: true or false`);
  return value;
}
