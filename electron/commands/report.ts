import { systemClock } from '../../mail/platform/clock.ts';
import { sleep } from '../../shared/model/clock.ts';
import type { DeliveryRecord } from '../../shared/model/delivery.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { connectToAgent } from './connect.ts';
import { CommandFailure, EXIT, type ExitStatus } from './exit.ts';
import { logEntry, printShort } from './log.ts';
import type { Output } from './output.ts';

const LOOK_AGAIN_MS = 100;

/** Sends a status report now and waits until every recipient is settled, or until the time is over (status 1). */
export async function reportCommand(
  dataDir: DataDir,
  name: string,
  timeoutSeconds: number,
  output: Output,
): Promise<ExitStatus> {
  const connection = await connectToAgent(dataDir);
  const { found, ids } = await connection.call('reports.send', { name });
  if (!found) throw new CommandFailure(EXIT.no, `There is no status report by the name “${name}”.`);
  if (ids.length === 0)
    throw new CommandFailure(EXIT.no, `The status report “${name}” has no recipients, so it went nowhere.`);
  const deadline = systemClock.monotonic() + timeoutSeconds * 1000;
  let records: DeliveryRecord[] = [];
  for (;;) {
    records = [];
    for (const id of ids) {
      const record = await connection.call('log.get', { id });
      if (record) records.push(record);
    }
    if (records.every(isSettled) || systemClock.monotonic() >= deadline) break;
    await sleep(systemClock, LOOK_AGAIN_MS);
  }
  const accepted = records.every((record) =>
    record.recipients.every((recipient) => recipient.status === 'accepted'),
  );
  const settled = records.every(isSettled);
  if (output.json) {
    output.answer({ report: name, accepted, settled, messages: records.map(logEntry) }, () => {});
  } else {
    for (const record of records) printShort(record, output);
    if (!settled)
      output.note(
        `Not settled after ${timeoutSeconds} s; Tocsin goes on trying by itself. "tocsin log" shows how it fares.`,
      );
  }
  return accepted ? EXIT.done : EXIT.no;
}

function isSettled(record: DeliveryRecord): boolean {
  return record.recipients.every((recipient) => recipient.status !== 'queued');
}
