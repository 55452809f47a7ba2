import { compose, type Dispatch } from '../transport/call.ts';
import { CircuitBreaker } from '../transport/circuit-breaker.ts';
import { concurrency } from '../transport/concurrency.ts';
import { deadline } from '../transport/deadline.ts';
import { observe } from '../transport/observe.ts';
import { rate } from '../transport/rate.ts';
import { retry } from '../transport/retry.ts';
import { systemClock } from '../values/china-time.ts';
import type { NonTaxServices } from './binding.ts';
import type { NonTaxSettings } from './settings.ts';

export interface FinanceLine<Transaction> {
  readonly dispatch: Dispatch<Transaction, unknown>;
  readonly breaker: CircuitBreaker;
}

/** The line to finance: the same around either dialect's exchange. */
export function lineToFinance<Transaction>(
  { line }: NonTaxSettings,
  { clock = systemClock, observer = () => {} }: NonTaxServices,
  exchange: Dispatch<Transaction, unknown>,
): FinanceLine<Transaction> {
  const breaker = new CircuitBreaker(line.breaker, clock);
  const dispatch = compose<Transaction, unknown>(exchange, [
    observe(observer),
    deadline(line.deadline),
    retry(line.retry),
    rate(line.rates, clock),
    breaker.interceptor,
    concurrency({ limit: line.concurrency }),
  ]);
  return { dispatch, breaker };
}
