import { systemClock, systemRandom } from '../../../mail/platform/clock.ts';
import type { Agent, AgentStart } from '../../../electron/agent/agent.ts';
import { createAgentLog } from '../../../electron/agent/log.ts';
import { dataDirAt } from '../../../electron/agent/platform/data-dir.ts';
import { startSteadyAgent } from '../../../electron/agent/steady-agent.ts';

/** An agent in this very process, with what it said. Hundreds of starts cost a tenth of what processes do. */
export interface InnerAgent {
  readonly agent: Agent;
  readonly said: string[];
}

export async function startInnerAgent(
  dir: string,
): Promise<InnerAgent | { readonly refused: Extract<AgentStart, { ok: false }>; readonly said: string[] }> {
  const said: string[] = [];
  const write = (fields: object, text: string) => said.push(`${text} ${JSON.stringify(fields)}`);
  const started = await startSteadyAgent({
    dataDir: dataDirAt(dir),
    clock: systemClock,
    random: systemRandom,
    log: createAgentLog({ info: write, warn: write, error: write }),
    consolePort: 0,
    withConsole: false,
    distDir: null,
    onBacklog: () => {},
  });
  return started.ok ? { agent: started.value, said } : { refused: started, said };
}
