/** What /proc/PID/stat says of a process. */
export interface ProcessStat {
  /** The command's name, cut to 15 bytes by the kernel. */
  readonly comm: string;
  /** R, S, D, T, Z and others, as proc_pid_stat(5) lists them. */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** CPU time in user and kernel mode, of all its threads, in clock ticks. */
  readonly cpuTicks: number;
  /** Clock ticks after the start of the computer; with the pid it names a process for ever. */
  readonly startTicks: number;
  readonly residentPages: number;
}

const BLANK = 0x20;
const ZERO = 0x30;
const MINUS = 0x2d;
/** The kernel's numbers have 64 bits. */
const LARGEST = 2 ** 64;
/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const KERNEL_THREAD = 0x20_0000;

/**
 * Reads `PID (name) S 1 …`. The name may itself hold blanks and parentheses, so the fields begin after the last ")".
 * Null where it makes no sense. Works on bytes: of a hundred processes a cycle, most need no text but their name.
 */
export function parseProcessStat(content: Buffer): ProcessStat | null {
  const open = content.indexOf('(');
  const close = content.lastIndexOf(')');
  if (open === -1 || close < open || close + 2 >= content.length) return null;
  const state = String.fromCharCode(content[close + 2] ?? BLANK);
  // The numbers after the state are fields 4 to 24 of proc_pid_stat(5).
  const fields = numbersFrom(content, close + 4, 21);
  if (fields === null) return null;
  const [flags = 0, userTicks = 0, systemTicks = 0] = [fields[5], fields[10], fields[11]];
  return {
    comm: content.toString('utf8', open + 1, close),
    state,
    isKernelThread: (flags & KERNEL_THREAD) !== 0,
    cpuTicks: userTicks + systemTicks,
    startTicks: fields[18] ?? 0,
    residentPages: Math.max(0, fields[20] ?? 0),
  };
}

/** So many whole numbers, each with one blank between; null where there are fewer. */
function numbersFrom(content: Buffer, start: number, count: number): number[] | null {
  const numbers: number[] = [];
  let at = start;
  while (numbers.length < count) {
    const negative = content[at] === MINUS;
    if (negative) at += 1;
    let number = 0;
    const first = at;
    for (let digit = (content[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (content[at] ?? 0) - ZERO) {
      number = number * 10 + digit;
      at += 1;
    }
    if (at === first || number > LARGEST) return null;
    numbers.push(negative ? -number : number);
    at += 1;
  }
  return numbers;
}
