import { readFileSync } from 'node:fs';

/** /proc shows times in ticks of USER_HZ, which is 100 on every architecture that Node.js runs on (time(7)). */
const MS_PER_TICK = 10;

/** CPU a process has used so far, all its threads, user and system, in milliseconds: the operating system's own count, in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name stands in parentheses and may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Time a core was not idle so far, for whomever, in milliseconds; what the host took from this machine counts too. */
export function coreBusyMs(core: number): number {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, _idle, _iowait, irq = 0, softirq = 0, steal = 0] =
    line?.split(' ').slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

/** The most memory a process ever held at once (VmHWM), in MB of 2^20 bytes. */
export function peakMemoryMb(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status has no VmHWM`);
  return Number(kilobytes) / 1_024;
}
