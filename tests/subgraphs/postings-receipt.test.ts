import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOSPITAL, openPostingCounter, signingKey } from './fixture/posting-counter.ts';
import { referralDocument } from './fixture/posting-forms.ts';

const RECEIPT = 'result posting { id receipt { id storedAt digest token } }';

/** A part of a token as JSON. */
const part = (text: string | undefined) => JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8'));

/** Verifies by the Web's own cryptography what was signed by Node's. */
async function verifies(token: string, jwk: object): Promise<boolean> {
  const { kty, crv, x } = jwk as JsonWebKey;
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x } as JsonWebKey, 'Ed25519', false, ['verify']);
  const [header, payload, signature] = token.split('.');
  return crypto.subtle.verify(
    'Ed25519',
    key,
    Buffer.from(signature ?? '', 'base64url'),
    Buffer.from(`${header}.${payload}`),
  );
}

describe('a receipt', () => {
  it('is signed by the first key, checked by the published ones, and the same whenever it is asked for', async () => {
    const counter = await openPostingCounter({ signingKeys: [signingKey(), signingKey()] });
    const document = referralDocument(counter.patient());
    const { posting } = await counter.done('postReferral', document, RECEIPT);
    const { token, storedAt, digest } = posting.receipt;
    const { postingKeys } = await counter.asked('{ postingKeys { id jwk } }');
    const jwks = postingKeys.map(({ jwk }: { jwk: string }) => JSON.parse(jwk));
    expect(part(token.split('.')[0])).toEqual({ alg: 'EdDSA', kid: postingKeys[0].id });
    expect(part(token.split('.')[1])).toEqual({
      iss: 'casegraph',
      sub: posting.id,
      hospital: HOSPITAL,
      document: document.document,
      version: 1,
      kind: 'referral',
      storedAt,
      digest,
    });
    expect(await verifies(token, jwks[0])).toBe(true);
    expect(await verifies(token, jwks[1])).toBe(false);
    const [header, payload, signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...part(payload), version: 2 })).toString('base64url');
    expect(await verifies(`${header}.${forged}.${signature}`, jwks[0])).toBe(false);
    for (const { kid, kty, crv, x } of jwks) {
      const thumbprint = createHash('sha256').update(`{"crv":"${crv}","kty":"${kty}","x":"${x}"}`).digest('base64url');
      expect(kid).toBe(thumbprint);
    }
    const asked = await counter.asked(
      'query ($id: ID!) { posting(id: $id) { receipt { id storedAt digest token } } }',
      {
        id: posting.id,
      },
    );
    expect(asked.posting.receipt).toEqual(posting.receipt);
    expect((await counter.done('postReferral', document, RECEIPT)).posting).toEqual(posting);
    await counter.close();
  });

  it('that cannot be given keeps everything from being taken', async () => {
    const counter = await openPostingCounter({ signingKeys: [] });
    const person = counter.patient();
    expect(await counter.refused('postReferral', referralDocument(person))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await counter.versions(referralDocument(person).document)).toBe(0);
    expect(await counter.asked('{ postingKeys { id } }')).toEqual({ postingKeys: [] });
    await counter.close();
  });
});
