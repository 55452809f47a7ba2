import type { Viewer } from '../../subgraphs/access/viewer.ts';

/** How an identity proved itself. */
export type Credential = 'token' | 'client-assertion' | 'certificate' | 'none';

/** An identity that was proved, before a purpose is chosen. */
export interface Identity extends Omit<Viewer, 'purpose' | 'reach'> {
  /** Who vouches for it; empty for one without a credential. */
  readonly issuer: string;
  readonly credential: Credential;
  /** The id of the token or the certificate, for revocation and the audit log. */
  readonly credentialId?: string | undefined;
  /** Name shown to auditors. Personal. */
  readonly displayName?: string | undefined;
  readonly scopes: readonly string[];
  /** The purposes it may name; the first is taken where a request names none. */
  readonly purposes: readonly string[];
}

/** Who asks without a credential. */
export const ANONYMOUS: Identity = {
  subject: 'anonymous',
  issuer: '',
  credential: 'none',
  roles: [],
  scopes: [],
  purposes: [],
};
