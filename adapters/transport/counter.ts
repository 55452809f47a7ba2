/**
 * Serial numbers that a wire demands to be unique (HSA `msgid`, non-tax `PayCode` and `MsgID`, `BizMsgID`, `serialNo`). The store
 * keeps them across restarts and processes; clients take the interface.
 */
export interface Counter {
  /** The next number of the named series, from 1, never given before. */
  next(series: string): Promise<number>;
}

/** Numbers that live and end with the process: for tests and tools. */
export function memoryCounter(): Counter {
  const series = new Map<string, number>();
  return {
    next(name) {
      const value = (series.get(name) ?? 0) + 1;
      series.set(name, value);
      return Promise.resolve(value);
    },
  };
}
