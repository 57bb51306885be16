import { powerMonitor } from 'electron';
import type { Agent } from '../agent/agent.ts';

/** What the system tells of sleep and its own end. An agent in another process finds out by itself. */
export function followPower(agent: Agent | null, onShutdown: () => void): void {
  powerMonitor.on('suspend', () => agent?.suspending());
  powerMonitor.on('resume', () => agent?.resumed());
  // Windows tells its windows instead, and there may be none: whatever is cut off there is kept all the same.
  powerMonitor.on('shutdown', onShutdown);
}
