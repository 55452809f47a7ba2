import type { OrganisationSeed } from './model.ts';
import { HOSPITALS } from './population/hospitals.ts';
import { itemById } from './population/items.ts';
import {
  BANK_OUTLETS,
  CIVIL_AFFAIRS_OFFICE,
  FEDERATION_OFFICE,
  FINANCE_OFFICE,
  MEDICAL_SECURITY_OFFICE,
  townOffice,
  villageOffice,
} from './population/offices.ts';
import { TOWNS, VILLAGES } from './population/places.ts';

/** An office of the demo directory, and where it stands. */
export interface DirectoryOrganisationSeed extends OrganisationSeed {
  readonly level: 'district' | 'street' | 'town' | 'village' | 'bank' | 'hospital' | 'fund' | 'online';
}

/** An account of the demo directory. Every name is invented. */
export interface DirectoryOperatorSeed {
  readonly account: string;
  readonly name: string;
  /** Code of the organisation. */
  readonly organisation: string;
  readonly medicalInsurance?: { readonly number: string; readonly name: string; readonly type: '1' | '2' | '3' };
}

export interface DirectorySeed {
  readonly organisations: readonly DirectoryOrganisationSeed[];
  readonly operators: readonly DirectoryOperatorSeed[];
}

const DISTRICT = '421202000000';
/** The platforms that residents use themselves. */
const APPS = [
  { account: 'ehuiban', code: 'EHUIBAN', name: '鄂汇办' },
  { account: 'weijiayuan', code: 'WEIJIAYUAN', name: '咸安微家园' },
];

/**
 * The demo directory: every office of the demo population with an account or two. The first of each kind has a short account name:
 * `clerk` and `reviewer` (温泉街道), `village`, `kiosk`, `bank`, `hospital`, and the apps `ehuiban` and `weijiayuan`; the others are `clerk-` and the
 * town's number, `village-` and the village's, and so on.
 */
export function demoDirectory(): DirectorySeed {
  const organisations: DirectoryOrganisationSeed[] = [];
  const operators: DirectoryOperatorSeed[] = [];
  const add = (
    organisation: DirectoryOrganisationSeed,
    accounts: readonly Omit<DirectoryOperatorSeed, 'organisation'>[],
  ) => {
    organisations.push(organisation);
    operators.push(...accounts.map((one) => ({ ...one, organisation: organisation.code })));
  };

  TOWNS.filter(({ kind }) => kind !== 'zone').forEach(({ code, kind }, index) => {
    const suffix = index === 0 ? '' : `-${code.slice(6)}`;
    add({ ...townOffice(`${code}000`), level: kind === 'street' ? 'street' : 'town' }, [
      { account: `clerk${suffix}`, name: '林小满' },
      { account: `reviewer${suffix}`, name: '高远' },
      { account: `kiosk${suffix}`, name: '自助终端' },
    ]);
  });
  VILLAGES.forEach((division, index) => {
    const number = division.slice(6);
    add({ ...villageOffice(division), level: 'village' }, [
      {
        account: index === 0 ? 'village' : `village-${number}`,
        name: '田秀英',
        medicalInsurance: { number: `CW${number}`, name: '田秀英', type: '1' },
      },
    ]);
  });
  BANK_OUTLETS.forEach((outlet, index) => {
    add({ ...outlet, level: 'bank' }, [{ account: index === 0 ? 'bank' : `bank-${index + 1}`, name: '自助终端' }]);
  });
  HOSPITALS.forEach(({ organisation, operators: accounts }, index) => {
    const suffix = index === 0 ? '' : `-${index + 1}`;
    add(
      { ...organisation, level: 'hospital' },
      accounts.map(({ id, name }, place) => ({
        account: `${place === 0 ? 'hospital' : 'hospital-reviewer'}${suffix}`,
        name,
        medicalInsurance: { number: id, name, type: '1' as const },
      })),
    );
  });
  add({ ...itemById('S13').body, level: 'fund' }, [{ account: 'fund', name: '自助终端' }]);
  for (const { account, code, name } of APPS) {
    add({ code, name, division: DISTRICT, level: 'online' }, [{ account, name }]);
  }
  const bodies = [
    FINANCE_OFFICE,
    MEDICAL_SECURITY_OFFICE,
    CIVIL_AFFAIRS_OFFICE,
    FEDERATION_OFFICE,
    itemById('S03').body,
    itemById('S02').body,
    itemById('O04').body,
    itemById('O05').body,
  ];
  const accounts = [
    'finance',
    'medical-security',
    'civil-affairs',
    'federation',
    'registry',
    'market',
    'health',
    'employment',
  ];
  bodies.forEach((body, index) => {
    const number = `YBJ${String(index + 1).padStart(3, '0')}`;
    add({ ...body, level: 'district' }, [
      {
        account: accounts[index] as string,
        name: '方正',
        ...(body === MEDICAL_SECURITY_OFFICE && {
          medicalInsurance: { number, name: '方正', type: '1' as const },
        }),
      },
    ]);
  });
  return { organisations, operators };
}
