/** System calls as strace tells them: a sync stands where it ended, any other call where it began. */
export function callsIn(trace: string): readonly string[] {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, thread = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (SYNC.test(call) && call.endsWith('<unfinished ...>')) {
      begun.set(thread, call);
      return [];
    }
    if (/^<\.\.\. (?:fsync|fdatasync) resumed>/.test(call)) return [`${begun.get(thread)} ${call}`];
    return call.includes('(') ? [call] : [];
  });
}

const SYNC = /^(?:fsync|fdatasync)\(/;

/** Something is appended to the store's log. */
export function isLogWrite(call: string): boolean {
  return call.startsWith('pwrite64(') && call.includes('-wal>');
}

/** The log is on disk. */
export function isLogSync(call: string): boolean {
  return SYNC.test(call) && call.includes('-wal>') && / = 0$/.test(call);
}

/** An answer leaves that says that something is stored. */
export function isAcknowledgement(call: string): boolean {
  return /^(?:write|writev|sendto|sendmsg)\(/.test(call) && call.includes('\\"STORED\\"');
}
