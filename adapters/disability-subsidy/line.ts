import type { Answer, Call, Dispatch } from '../transport/call.ts';
import { CasegraphError } from '../transport/errors.ts';
import { abortKind, departmentFailure, TransportFailure } from '../transport/failure.ts';
import { isJudgement, RENEWAL_PAUSE_MS, remedyOf } from './errors.ts';
import type { SignedRequest } from './exchange.ts';
import type { Request } from './messages/transaction.ts';
import type { Pause, ServiceSecret } from './secret.ts';

/**
 * Signs with the service's secret, which is fetched before a place on the line is taken, so that one service waiting for its secret
 * does not hold up the others (wire spec 5). A refusal with a remedy (wire spec 4: -5, -19, -50) is remedied and the call made once
 * more; all three say that nothing was done, so writes too.
 */
export function signed(secret: ServiceSecret, dispatch: Dispatch<SignedRequest, unknown>, pause: Pause) {
  return async (call: Call<Request>): Promise<Answer> => {
    const first = await orLeave(call, secret.get(call.signal));
    const send = (value: string) => dispatch({ ...call, input: { ...call.input, secret: value } });
    try {
      return await send(first);
    } catch (refusal) {
      const remedy = remedyOf(refusal);
      if (remedy === undefined || call.signal.aborted) throw refusal;
      if (remedy === 'sign-again') return await send(first);
      let next: string;
      try {
        if (remedy === 'wait') await pause(RENEWAL_PAUSE_MS, call.signal);
        next = await secret.instead(first, call.signal);
      } catch (error) {
        // The deadline passed or the caller left while waiting: what the exchange said is the better answer.
        throw error instanceof CasegraphError ? error : refusal;
      }
      return await send(next);
    }
  };
}

/**
 * Repeats a write of unknown outcome once, as wire spec 4 allows: with the same key, after asking where there is something to ask.
 * Unless the repetition tells the outcome it stays unknown, under the first attempt's message id.
 */
export function settled(dispatch: Dispatch<Request, unknown>, pause: Pause, backoffMs: number) {
  return async (call: Call<Request>): Promise<Answer> => {
    try {
      return await dispatch(call);
    } catch (unknown) {
      if (!isUnknown(unknown) || call.signal.aborted) throw unknown;
      try {
        await pause(backoffMs, call.signal);
        return (await ask(dispatch, call)) ?? (await dispatch(call));
      } catch (error) {
        throw error instanceof CasegraphError && isJudgement(error) ? error : unknown;
      }
    }
  };
}

async function ask(dispatch: Dispatch<Request, unknown>, call: Call<Request>): Promise<Answer | undefined> {
  const { inquiry } = call.input;
  if (inquiry === undefined) return undefined;
  const { request } = inquiry;
  const answer = await dispatch({ ...call, transaction: request.code, mode: 'read', input: request });
  const value = inquiry.settled(answer.value);
  return value === undefined ? undefined : { ...answer, value };
}

function isUnknown(error: unknown): boolean {
  return error instanceof CasegraphError && error.code === 'OUTCOME_UNKNOWN';
}

/** A signal's own reason becomes an error of the family: nothing was sent yet. */
async function orLeave<T>(call: Call, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof CasegraphError || !call.signal.aborted) throw error;
    throw departmentFailure(new TransportFailure(abortKind(call.signal), false), call);
  }
}
