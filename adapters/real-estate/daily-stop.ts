import type { Interceptor } from '../transport/call.ts';
import { CasegraphError } from '../transport/errors.ts';
import { type Clock, chinaDate, instantFromChina } from '../values/china-time.ts';

/** Milliseconds until the next day in China begins. */
export function untilMidnight(instant: number): number {
  return instantFromChina(chinaDate(instant)) + 86_400_000 - instant;
}

/**
 * After one of these codes (1102, the daily limit) nothing more is sent until midnight in China: calls fail at once as
 * `DEPARTMENT_BUSY` with the time left (wire spec section 4).
 */
export function dailyStop(codes: readonly string[], clock: Clock): Interceptor {
  let stopped: { readonly until: number; readonly code: string } | undefined;
  const busy = (code: string, now: number) =>
    new CasegraphError('DEPARTMENT_BUSY', 'The daily limit is reached.', {
      departmentCode: code,
      retryAfterMs: untilMidnight(now),
    });

  return (dispatch) => async (call) => {
    const now = clock();
    if (stopped && now < stopped.until) throw busy(stopped.code, now).with({ department: call.department });
    try {
      return await dispatch(call);
    } catch (error) {
      const code = error instanceof CasegraphError ? error.details.departmentCode : undefined;
      if (!(error instanceof CasegraphError) || code === undefined || !codes.includes(code)) throw error;
      const met = clock();
      stopped = { until: met + untilMidnight(met), code };
      throw error.with({ retryAfterMs: untilMidnight(met) });
    }
  };
}
