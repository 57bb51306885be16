/** `npm run kill-test`: kills the agent 200 times at random while 500 alerts go out; `--kills`, `--alerts`, `--seed`. */
import { parseArgs } from 'node:util';
import { runKills } from '../test/integration/support/kill-run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    alerts: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const report = await runKills({
  kills: Number(values.kills),
  alerts: Number(values.alerts),
  seed: Number(values.seed),
  onProgress: (line) => console.error(line),
});
for (const fault of report.unexplained) console.log(`unexplained: ${fault}`);
for (const name of report.lost) console.log(`lost: ${name}`);
console.log(
  `seed ${report.seed}: ${report.kills} kills in ${report.seconds.toFixed(0)} s ` +
    `(${report.killsWithMailQueued} with mail waiting, ${report.killsBeforeSettling} between the sink's acceptance and the log's), ` +
    `${report.messages} messages, ${report.lost.length} lost, ${report.doubled} doubled ` +
    `(at most ${report.mostDoubledByOneKill} by one kill), ${report.unexplained.length} unexplained`,
);
process.exitCode = report.lost.length + report.unexplained.length === 0 ? 0 : 1;
