import { readFileSync } from 'node:fs';
import { relayUrlFault } from '../../shared/contract/relay-url.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { connect } from './connect.ts';
import { CommandFailure, EXIT, type ExitStatus } from './exit.ts';
import { localTime } from './log.ts';
import type { Output } from './output.ts';

export interface EnrollOptions {
  readonly code: string;
  readonly url: string;
  readonly caFile: string | undefined;
}

/** Enrols this computer with a Web Service; status 1 where the service said no or was not reached. */
export async function enrollCommand(
  dataDir: DataDir,
  { code, url, caFile }: EnrollOptions,
  output: Output,
): Promise<ExitStatus> {
  const fault = relayUrlFault(url);
  if (fault !== null) throw new CommandFailure(EXIT.usage, `The address of the Web Service ${fault}.`);
  const ca = caFile === undefined ? null : readAuthority(caFile);
  const connection = await connect(dataDir);
  try {
    const reply = await connection.call('relay.enroll', { code, url, ca });
    if (reply.outcome === 'refused') {
      throw new CommandFailure(EXIT.no, reply.sentence, { code: reply.code });
    }
    const { from, subscription } = reply;
    output.answer({ enrolled: true, url, from, subscription, agentRunning: connection.running }, () => {
      output.line(`This computer is enrolled with the Tocsin Web Service ${url}.`);
      output.line(`Mail through it comes from ${from}.`);
      output.line(
        subscription.expiresAt === null
          ? 'The subscription has no end.'
          : `The subscription ends on ${localTime(Date.parse(subscription.expiresAt))}.`,
      );
      if (!connection.running) output.line('It is used as soon as an agent runs: "tocsin run".');
    });
    return EXIT.done;
  } finally {
    await connection.close();
  }
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(EXIT.usage, `The CA file ${path} cannot be read: ${why}.`);
  }
}
