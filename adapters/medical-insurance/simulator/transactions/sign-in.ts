import { chinaDateTime } from '../../../values/china-time.ts';
import { node, required, text } from '../fields.ts';
import type { Platform } from '../platform.ts';
import { type Transactions, transaction } from '../transaction.ts';

const SIGN_IN = {
  signIn: node({ opter_no: required(text(20)), mac: required(text(20)), ip: required(text(20)) }),
};

const SIGN_OUT = {
  signOut: node({ sign_no: required(text(30)), opter_no: required(text(20)) }),
};

/** 9001 sign-in (签到) and 9002 sign-out (签退), wire spec 3.1. */
export function signInTransactions({ core, signIns }: Platform): Transactions {
  return {
    '9001': transaction(SIGN_IN, ({ signIn }, { fixmedins_code, mdtrtarea_admvs }) => ({
      signinoutb: {
        sign_time: chinaDateTime(core.now()),
        sign_no: signIns.open(signIn.opter_no, fixmedins_code, mdtrtarea_admvs),
      },
    })),
    '9002': transaction(SIGN_OUT, ({ signOut }, { fixmedins_code }) => {
      signIns.check(signOut.sign_no, signOut.opter_no, fixmedins_code);
      signIns.close(signOut.sign_no);
      return { signoutoutb: { sign_time: chinaDateTime(core.now()) } };
    }),
  };
}
