import type { RegisteredOrganisation } from '../../adapters/database/case-registry.ts';
import type { DirectoryOperator } from '../services/directory.ts';

/** Who moves a case on. */
export interface Handler {
  /** Null when a department's own system told what happened. */
  readonly account: string | null;
  readonly name: string;
  readonly organisation: RegisteredOrganisation;
  /** The resident's handle of the operator, where the directory knows who it is. */
  readonly resident: string | null;
}

/** An operator as a handler of cases. */
export function handlerOf(operator: DirectoryOperator, resident: string | null): Handler {
  return { account: operator.account, name: operator.name, organisation: organisationOf(operator), resident };
}

/** An operator's office, as steps and cases record it. */
export function organisationOf({ organisation: { code, name, division } }: DirectoryOperator): RegisteredOrganisation {
  return { code, name, division };
}
