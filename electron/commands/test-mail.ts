import type { TestReport, TestStage } from '../../shared/contract/ipc.ts';
import type { StageFacts } from '../../shared/model/stage-facts.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { factRows, offeredFingerprint } from '../../shared/fact-rows.ts';
import { formatDuration } from '../../shared/format.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { connect } from './connect.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { columns, isoTime, type Output, roundMs } from './output.ts';

const MARKS: Readonly<Record<TestStage['outcome'], string>> = { ok: '✓', failed: '✗', skipped: '–' };

/** The Test button: every stage with its time and outcome; status 1 where the server did not take the message. */
export async function testMailCommand(
  dataDir: DataDir,
  to: string,
  via: 'smtp' | 'relay',
  output: Output,
): Promise<ExitStatus> {
  const connection = await connect(dataDir);
  try {
    // Asked meanwhile. A test does not fail because nothing could be found out about the sender.
    const asked =
      via === 'smtp' ? connection.call('mail.findings', {}).catch((): Finding[] => []) : Promise.resolve([]);
    const report = await connection.call('mail.test', { to, via });
    const findings = await asked;
    const stages = report.stages.map((stage) => ({
      ...stage,
      durationMs: roundMs(stage.durationMs),
      facts: stage.facts === null ? null : factsForPrograms(stage.facts),
    }));
    output.answer({ ...report, stages, findings }, () => {
      print(report, output);
      printFindings(findings, output);
    });
    return report.accepted ? EXIT.done : EXIT.no;
  } finally {
    await connection.close();
  }
}

function print(report: TestReport, output: Output): void {
  // Faults stand at the top (C5).
  output.line(report.sentence);
  for (const fault of report.stages.filter((stage) => stage.outcome === 'failed')) {
    if (fault.sentence !== null && fault.sentence !== report.sentence) output.line(fault.sentence);
    if (fault.cause) output.line(`  Cause: ${fault.cause}`);
    if (fault.mend) output.line(`  Mend:  ${fault.mend}`);
    if (fault.reply) output.line(`  The server said: ${fault.reply}`);
    const fingerprint = offeredFingerprint(fault);
    if (fingerprint !== null)
      output.line(
        `  To trust exactly this certificate: "certificateSha256": "${fingerprint}" at this server.`,
      );
  }
  output.line();
  const rows = report.stages.map((stage) => [
    `${MARKS[stage.outcome]} ${stage.title}`,
    stage.outcome === 'skipped' || stage.durationMs === 0 ? '' : formatDuration(stage.durationMs),
    detailText(stage),
  ]);
  for (const line of columns(rows)) output.line(line);
  printFacts(report.stages, output);
}

/** Times as ISO 8601 and durations as whole milliseconds, as in every document of the commands. */
function factsForPrograms(facts: StageFacts): object {
  switch (facts.kind) {
    case 'connect':
      return { ...facts, tries: facts.tries.map((tried) => ({ ...tried, ms: roundMs(tried.ms) })) };
    case 'tls':
      return {
        ...facts,
        certificates: facts.certificates.map((certificate) => ({
          ...certificate,
          validFrom: isoTime(certificate.validFrom),
          validUntil: isoTime(certificate.validUntil),
        })),
      };
    case 'dns':
    case 'greeting':
    case 'auth':
      return facts;
  }
}

/** What is no failure, and may yet keep mail from being read. */
function printFindings(findings: readonly Finding[], output: Output): void {
  if (findings.length > 0) output.line('\nAbout the sender');
  for (const { level, sentence, mend } of findings) {
    output.line(`  ${level === 'warning' ? '!' : '·'} ${sentence}`);
    output.line(`    ${mend}`);
  }
}

/** Everything that was found out, stage by stage. */
function printFacts(stages: readonly TestStage[], output: Output): void {
  for (const { title, facts } of stages) {
    if (facts === null) continue;
    output.line(`\n${title}`);
    for (const line of columns(factRows(facts).map(({ name, value }) => [`  ${name}`, value])))
      output.line(line);
  }
}

/** What there is to say of a stage; the reply of one that failed stands at the top already. */
function detailText({ detail, outcome, reply }: TestStage): string {
  const parts = [detail, reply !== null && outcome === 'ok' ? `server: ${reply}` : ''];
  return parts.filter((part) => part !== '').join('; ');
}
