import type { Browser } from 'playwright-core';
import { type AgentHarness, createAgentHarness } from '../../integration/support/agent-process.ts';
import { openPage, type PageOptions, type PageRig } from './page-rig.ts';

/** A real agent on settings of its own, with its web console. */
export interface ConsoleRig {
  readonly agent: AgentHarness;
  /** Opens the console as an administrator does: by a one-time link. */
  readonly open: (browser: Browser, options?: PageOptions) => Promise<PageRig>;
  readonly dispose: () => Promise<void>;
}

export interface ConsoleRigOptions {
  /** Called with the folder of the rig, where files to watch may be put. */
  readonly settings: (dir: string) => unknown;
  /** Further words for `tocsin run`. */
  readonly words?: readonly string[];
  /** What is put into the data folder before the agent starts. */
  readonly prepare?: (agent: AgentHarness) => Promise<void> | void;
}

/** Starts the built agent on a free port, and waits for its first check. */
export async function startConsoleRig(options: ConsoleRigOptions): Promise<ConsoleRig> {
  const agent = createAgentHarness('tocsin-e2e', true);
  await agent.must('import', agent.writeSettings(options.settings(agent.dir)));
  await options.prepare?.(agent);
  agent.start(...(options.words ?? []));
  await agent.ready();
  return {
    agent,
    async open(browser, pageOptions) {
      const { url } = JSON.parse(await agent.must('console', '--json')) as { url: string };
      const rig = await openPage(browser, url, pageOptions);
      await rig.page.getByRole('navigation').waitFor();
      return rig;
    },
    dispose: () => agent.dispose(),
  };
}
