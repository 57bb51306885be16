import { runOverrideKills } from '../integration/support/override-kill-run.ts';
import { runRelayKills } from '../integration/support/relay-kill-run.ts';
import type { Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/** Of the points, so many are kills of the agent, as many of the service beneath it, and as many of one under load. */
const KILLS_PART = 0.1;
const ALERTS_A_KILL = 4;

/**
 * First a real agent with overridden alerts, then clients under load; the connections are cut before the request, before
 * its answer and inside it, and the rest of the points are such cuts.
 */
async function run(points: number, seed: number): Promise<Outcome> {
  const kills = Math.ceil(points * KILLS_PART);
  const agent = await runOverrideKills({ kills, alerts: Math.max(40, ALERTS_A_KILL * kills), seed });
  const left = Math.max(0, points - agent.kills - agent.cuts - kills);
  const load = await runRelayKills({ kills, cuts: left, seed });
  const faults = [
    ...agent.lost.map((name) => `agent: ${name} was lost`),
    ...agent.wrong.map((fault) => `agent: ${fault}`),
    ...load.lost.map((id) => `load: ${id} was lost`),
    ...load.wrong.map((fault) => `load: ${fault}`),
  ].map((fault) => `seed ${seed}, ${fault}`);
  const doubled = agent.doubledBySmtp + load.doubledBySmtp;
  const note = [
    `${kills} kills of the agent`,
    `${2 * kills} of the service`,
    `${agent.cuts + load.cuts} cuts`,
    `${load.messages} ids under load`,
    `${doubled} second copies by the service's SMTP, each with a kill between`,
  ].join(', ');
  return {
    points: agent.kills + agent.cuts + kills + load.cuts,
    lost: agent.lost.length + load.lost.length,
    doubled,
    faults,
    note,
  };
}

show({
  id: 'I2',
  title: 'the Web Service accepts a message id once',
  full: 1000,
  quick: 100,
  run,
});
