import { z } from 'zod';
import type { Institution } from '../settings.ts';
import { optionalText, text } from './answer-fields.ts';
import type { Node } from './input-fields.ts';

/** 9001 签到 (wire spec 3.1). */
export function signInInput(institution: Institution): Node {
  const { operator, workstation } = institution;
  return { signIn: { opter_no: operator.number, mac: workstation?.mac ?? '', ip: workstation?.ip ?? '' } };
}

/** The sign-in number that later envelopes of the operator carry. */
export const signedIn = z
  .object({ signinoutb: z.object({ sign_no: text, sign_time: optionalText }) })
  .transform(({ signinoutb }) => signinoutb.sign_no);

/** 9002 签退 (wire spec 3.1). */
export function signOutInput(operatorNumber: string, signNumber: string): Node {
  return { signOut: { sign_no: signNumber, opter_no: operatorNumber } };
}

/** When the platform says the operator has signed out. */
export const signedOut = z
  .object({ signoutoutb: z.object({ sign_time: optionalText }) })
  .transform(({ signoutoutb }) => signoutoutb.sign_time);
