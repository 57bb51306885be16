/** The kernel keeps 15 bytes of a command's name. */
const COMM_BYTES = 15;

/**
 * The name that people know a process by, from the bytes of /proc/PID/cmdline: the last part of the program's path. The
 * kernel's own short name will not do where it is cut (systemd-timesyncd), or where the program renamed its first thread
 * (node calls it "node-MainThread"). Of a script, whose first word is its interpreter, the kernel's cut name tells that the
 * second word is meant. Null where the command line is empty.
 */
export function fullProcessName(comm: string, cmdline: Buffer): string | null {
  const end = cmdline.indexOf(0);
  const program = baseName(end === -1 ? cmdline : cmdline.subarray(0, end));
  if (program === '') return null;
  if (Buffer.byteLength(comm) < COMM_BYTES || program.startsWith(comm) || end === -1) return program;
  const rest = cmdline.subarray(end + 1);
  const scriptEnd = rest.indexOf(0);
  const script = baseName(scriptEnd === -1 ? rest : rest.subarray(0, scriptEnd));
  return script.startsWith(comm) ? script : program;
}

/** Without folders, and without the dash that marks a login shell ("-bash"). */
function baseName(word: Buffer): string {
  const text = word.toString('utf8');
  const name = text.slice(text.lastIndexOf('/') + 1);
  return name.startsWith('-') ? name.slice(1) : name;
}
