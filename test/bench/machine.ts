import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { PartReport } from './report.ts';

/** What the figures were taken on and with, as Markdown. `words` are those of the command line. */
export function machine(words: readonly string[]): string {
  const [first] = cpus();
  return [
    `- Command: ${runText(words)}`,
    `- Machine: ${cpus().length} × ${first?.model.trim() ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `- System: ${system()}, kernel ${release()}`,
    `- Versions: Node ${process.versions.node}, Monit ${packageVersion('monit')}, Postfix ${packageVersion('postfix')}`,
    '- Figures are medians with their range in brackets; compare the ratios, which were taken in one run, and not the milliseconds of one machine with those of another.',
  ].join('\n');
}

/** The report with a note that it comes from a run of its own. */
export function apart(report: PartReport, words: readonly string[]): PartReport {
  if ('skipped' in report) return report;
  return { ...report, notes: [...report.notes, `Measured apart from the other parts: ${runText(words)}.`] };
}

function runText(words: readonly string[]): string {
  const kept = words.filter((word) => word !== '--write');
  const command = ['npm run bench', ...(kept.length === 0 ? [] : ['--', ...kept])].join(' ');
  return `\`${command}\`, on ${new Date().toISOString().slice(0, 10)}`;
}

function system(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

function packageVersion(name: string): string {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' });
  return status === 0 ? stdout : 'of unknown version';
}
