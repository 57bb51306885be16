import type { Clock } from '../../../shared/model/clock.ts';
import { failureText } from '../collect/failure.ts';
import { providerFault, runProvider } from '../platform/provider-program.ts';
import type { ActionOutcome } from './action-outcome.ts';
import type { EventData } from './event-data.ts';

const LIMIT_MS = 30_000;

/** Runs a program of the folder of providers with the event as one line of JSON on its stdin. */
export async function notifyProvider(
  providersDir: string,
  command: string,
  data: EventData,
  clock: Clock,
): Promise<ActionOutcome> {
  try {
    const fault = providerFault(providersDir, command);
    if (fault !== null) return { kind: 'failed', text: `not run: ${fault}` };
    const end = await runProvider({
      dir: providersDir,
      name: command,
      input: `${JSON.stringify(data)}\n`,
      clock,
      limitMs: LIMIT_MS,
    });
    const text = `${command} ${end.words}`;
    return end.status === 0 ? { kind: 'done', text } : { kind: 'failed', text };
  } catch (error) {
    return { kind: 'failed', text: `${command} could not be run: ${failureText(error)}` };
  }
}
