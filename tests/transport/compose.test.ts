import { describe, expect, it } from 'vitest';
import { type Call, compose, type Interceptor, NO_SIGNAL } from '../../adapters/transport/call.ts';
import { toyCall } from './toy-line.ts';

describe('a composed line', () => {
  it('runs its interceptors from the first, outermost, to the last and comes back the other way', async () => {
    const seen: string[] = [];
    const named =
      (name: string): Interceptor =>
      (dispatch) =>
      async (call) => {
        seen.push(`into ${name}`);
        const answer = await dispatch(call);
        seen.push(`out of ${name}`);
        return answer;
      };
    const line = compose(async () => {
      seen.push('exchange');
      return { value: 'done', reference: 'M1' };
    }, [named('outer'), named('middle'), named('inner')]);

    expect(await line(toyCall())).toEqual({ value: 'done', reference: 'M1' });
    expect(seen).toEqual([
      'into outer',
      'into middle',
      'into inner',
      'exchange',
      'out of inner',
      'out of middle',
      'out of outer',
    ]);
  });

  it('without interceptors is the exchange itself', () => {
    const exchange = async () => ({ value: 1 });
    expect(compose(exchange, [])).toBe(exchange);
  });

  it('wraps once, when it is composed, and not with each call', async () => {
    let wrapped = 0;
    const counting: Interceptor = (dispatch) => {
      wrapped += 1;
      return dispatch;
    };
    const line = compose(async () => ({ value: 1 }), [counting]);
    await line(toyCall());
    await line(toyCall());
    expect(wrapped).toBe(1);
  });

  it('hands inwards what an interceptor changed of the call, and leaves the caller’s own call alone', async () => {
    const renamed: Interceptor = (dispatch) => (call) => dispatch({ ...call, transaction: 'T2' });
    const inner: Call[] = [];
    const line = compose(
      async (call: Call) => {
        inner.push(call);
        return { value: call.input };
      },
      [renamed],
    );
    const call = toyCall({ input: 7 });

    expect(await line(call)).toEqual({ value: 7 });
    expect(inner.map(({ transaction }) => transaction)).toEqual(['T2']);
    expect(call.transaction).toBe('T1');
  });

  it('has a signal for those who never leave', () => {
    expect(NO_SIGNAL.aborted).toBe(false);
  });
});
