import type { DataDir } from '../agent/platform/data-dir.ts';
import type { AlertReply } from '../../shared/contract/ipc.ts';
import { connectToAgent } from './connect.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { isoTime, type Output } from './output.ts';

/** The short commands that tell a running agent something, as the tray and the window do. */

export async function acknowledgeCommand(dataDir: DataDir, name: string, output: Output): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  const reply = await call('alerts.acknowledge', { name });
  ensureDone(reply, name);
  output.answer({ acknowledged: name }, () =>
    output.line(`“${name}” is acknowledged: no more reminders until it is over.`),
  );
}

export async function snoozeCommand(
  dataDir: DataDir,
  name: string,
  minutes: number,
  output: Output,
): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  const reply = await call('alerts.snooze', { name, minutes });
  ensureDone(reply, name);
  output.answer({ snoozed: name, minutes }, () =>
    output.line(`“${name}” is snoozed for ${minutes} min. If it fires then, a mail says so.`),
  );
}

function ensureDone(reply: AlertReply, name: string): void {
  if (reply.outcome === 'not-found')
    throw new CommandFailure(EXIT.no, `There is no conditional alert by the name “${name}”.`);
  if (reply.outcome === 'not-firing') {
    throw new CommandFailure(EXIT.no, `“${name}” is not firing, so there is nothing to acknowledge.`);
  }
}

export async function pauseCommand(dataDir: DataDir, minutes: number | null, output: Output): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  const { until } = await call('monitoring.pause', { minutes });
  output.answer({ paused: true, until: until === 'forever' ? null : isoTime(until) }, () =>
    output.line(
      minutes === null
        ? 'Monitoring is paused until "tocsin resume". What waits in the outbox is still sent.'
        : `Monitoring is paused for ${minutes} min. What waits in the outbox is still sent.`,
    ),
  );
}

export async function resumeCommand(dataDir: DataDir, output: Output): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  await call('monitoring.resume', {});
  output.answer({ paused: false }, () => output.line('Monitoring goes on.'));
}

export async function resendCommand(dataDir: DataDir, id: string, output: Output): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  const record = await call('log.get', { id });
  if (record === null) throw new CommandFailure(EXIT.no, `The delivery log holds no message ${id}.`);
  const { found } = await call('log.resend', { id });
  if (!found)
    throw new CommandFailure(
      EXIT.no,
      'Every recipient of this message has been accepted; there is nobody to send it to.',
    );
  output.answer({ resent: record.message.id }, () =>
    output.line(
      `“${record.message.subject}” is sent again to those who have not got it. "tocsin log --id ${record.message.id}" shows how it fares.`,
    ),
  );
}

export async function consoleCommand(dataDir: DataDir, output: Output): Promise<void> {
  const { call } = await connectToAgent(dataDir);
  const { url } = await call('console.link', {});
  if (url === null)
    throw new CommandFailure(EXIT.no, 'The agent was started with --no-console, so there is no web console.');
  output.answer({ url }, () => output.line(url));
}
