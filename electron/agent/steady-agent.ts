import { isStoreDamage } from '../../mail/store-failure.ts';
import { failure } from '../../shared/errors.ts';
import { sleep } from '../../shared/model/clock.ts';
import { type Agent, type AgentOptions, type AgentStart, startAgent } from './agent.ts';

/** A second damage within this time has a cause that a new database does not mend: the disk. It is not met in a loop. */
const REST_MS = 60_000;

/**
 * An agent that is started anew when it meets damage in its database: the damaged one is then set aside. Its port may
 * change with that where any free one was asked for; callers find it by the control file.
 */
export async function startSteadyAgent(
  options: Omit<AgentOptions, 'onDamage' | 'isDamaged'>,
): Promise<AgentStart> {
  const { clock, log } = options;
  const stopping = new AbortController();
  let restarting: Promise<void> | null = null;
  let restUntilMs = Number.NEGATIVE_INFINITY;

  const start = async (isDamaged: boolean): Promise<AgentStart> => {
    let isMet = false;
    let isUp = false;
    const onDamage = () => {
      if (isUp) restartSoon();
      isMet = true;
    };
    try {
      const started = await startAgent({ ...options, isDamaged, onDamage });
      isUp = true;
      if (!started.ok || !isMet) return started;
      await started.value.stop();
    } catch (error) {
      if (isDamaged || !(isMet || isStoreDamage(error))) throw error;
    }
    // Damage was met while it started.
    return isDamaged ? failure('store_corrupt', { file: options.dataDir.databasePath }) : start(true);
  };
  const restartSoon = () => {
    restarting ??= restart().finally(() => {
      restarting = null;
    });
  };
  /** Until it runs again, or is stopped: an agent that has given up watches nothing. */
  const restart = async () => {
    log.warn('the database is damaged; Tocsin keeps it and starts anew with another one');
    await rested();
    if (!stopping.signal.aborted) await current.stop();
    while (!stopping.signal.aborted && !(await startAnew())) await rested();
  };
  const startAnew = async () => {
    restUntilMs = clock.monotonic() + REST_MS;
    try {
      const started = await start(true);
      if (started.ok) current = started.value;
      else log.warn('Tocsin could not start anew, and tries again in a minute: look at the disk');
      return started.ok;
    } catch (error) {
      log.fault(error);
      return false;
    }
  };
  const rested = async () => {
    // In short steps, so that a stop does not have to wait for the whole of it.
    while (!stopping.signal.aborted && clock.monotonic() < restUntilMs) await sleep(clock, 250);
  };

  const first = await start(false);
  if (!first.ok) return first;
  let current: Agent = first.value;
  return {
    ok: true,
    value: {
      get port() {
        return current.port;
      },
      consoleLink: () => current.consoleLink(),
      status: () => current.status(),
      suspending: () => current.suspending(),
      resumed: () => current.resumed(),
      async stop() {
        stopping.abort();
        await restarting;
        await current.stop();
      },
    },
  };
}
