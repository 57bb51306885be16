/** `npm run kill-test`: kills the agent, or it and the Web Service, at random while alerts go out; `--help` says more. */
import { Command } from 'commander';
import { runKills } from '../test/integration/support/kill-run.ts';
import { runOverrideKills } from '../test/integration/support/override-kill-run.ts';

const values = new Command('kill-test')
  .description('Kills the agent at random while alerts go out, and counts what arrives.')
  .option('--kills <number>', 'how often it is killed', '200')
  .option('--alerts <number>', 'how many alerts fire', '500')
  .option('--override', 'by way of a Web Service, which is killed as often, over connections cut at random')
  .option('--seed <number>', 'repeats a run', String(Date.now() % 1_000_000))
  .parse()
  .opts<{ kills: string; alerts: string; seed: string; override?: true }>();
const options = {
  kills: Number(values.kills),
  alerts: Number(values.alerts),
  seed: Number(values.seed),
  onProgress: (line: string) => console.error(line),
};
const { lost, faults } = values.override ? await killBoth() : await killAgent();
for (const fault of faults) console.log(`wrong: ${fault}`);
for (const name of lost) console.log(`lost: ${name}`);
process.exitCode = lost.length + faults.length === 0 ? 0 : 1;

interface Outcome {
  readonly lost: readonly string[];
  readonly faults: readonly string[];
}

async function killAgent(): Promise<Outcome> {
  const report = await runKills(options);
  console.log(
    `seed ${report.seed}: ${report.kills} kills in ${report.seconds.toFixed(0)} s ` +
      `(${report.killsWithMailQueued} with mail waiting, ${report.killsBeforeSettling} between the sink's acceptance and the log's), ` +
      `${report.messages} messages, ${report.lost.length} lost, ${report.doubled} doubled ` +
      `(at most ${report.mostDoubledByOneKill} by one kill), ${report.unexplained.length} unexplained`,
  );
  return { lost: report.lost, faults: report.unexplained };
}

async function killBoth(): Promise<Outcome> {
  const report = await runOverrideKills(options);
  console.log(
    `seed ${report.seed}: ${report.kills} kills in ${report.seconds.toFixed(0)} s, ${report.cuts} connections cut, ` +
      `${options.alerts} alerts, ${report.lost.length} lost, ${report.wrong.length} wrong, ` +
      `${report.doubledBySmtp} second copies by the service's SMTP, each under its one Message-ID`,
  );
  return { lost: report.lost, faults: report.wrong };
}
