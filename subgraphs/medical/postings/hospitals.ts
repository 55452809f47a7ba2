import { isMedicalProvider } from '../../../adapters/identifiers/medical-provider.ts';
import type { Institution } from '../../../adapters/medical-insurance/settings.ts';
import type { Directory } from '../../services/directory.ts';
import type { ServiceSurroundings } from '../services/surroundings.ts';

/** The hospitals of the directory that are providers of the platform, by provider code. */
export function hospitalsOf(directory: Directory): readonly string[] {
  return directory.organisations
    .filter(({ level, code }) => level === 'hospital' && isMedicalProvider(code))
    .map(({ code }) => code);
}

/**
 * A hospital as the platform knows it, by the account that acted or, where that has no delegated account (any more), the first that has.
 * Undefined where the hospital has none.
 */
export function hospitalInstitution(
  { directory, institution }: Pick<ServiceSurroundings, 'directory' | 'institution'>,
  provider: string,
  account: string | null,
): Institution | undefined {
  const delegated = directory.operatorsOf(provider).filter(({ medicalInsurance }) => medicalInsurance !== undefined);
  const operator = delegated.find((one) => one.account === account) ?? delegated[0];
  if (!operator?.medicalInsurance) return undefined;
  const { number, name, type } = operator.medicalInsurance;
  const { workstation } = institution;
  return {
    code: provider,
    name: operator.organisation.name,
    operator: { number, name, type },
    ...(workstation && { workstation }),
  };
}
