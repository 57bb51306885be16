import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { missingReason, programPath } from '../integration/support/debian-package.ts';
import { childrenOf, reapedChildrenNs } from './process-cost.ts';
import type { BenchPart } from './report.ts';
import { INTERVAL_SECONDS } from './running-watchers.ts';

const CYCLES = 4;
const SAMPLE_MS = 20;

/** How many processes a cycle starts, by the word of the kernel. */
export const childrenPart: BenchPart = {
  name: 'children',
  title: 'Child processes in a steady cycle',
  run: async (scene) => {
    const { agentPid, monitByNamePid } = await scene.watchers();
    const traceMissing = missingReason({ strace: ['strace'] });
    const agent = await count(agentPid, traceMissing === null);
    const monit = await count(monitByNamePid, traceMissing === null);
    const row = (name: string, found: Count) => [
      name,
      found.traced === null ? 'not traced' : String(found.traced),
      String(found.seen),
      `${(found.reapedNs / 1e6).toFixed(0)} ms`,
    ];
    return {
      title: childrenPart.title,
      header: ['program', 'processes started, traced', 'children seen', 'CPU of ended children'],
      rows: [row('Tocsin', agent), row('Monit', monit)],
      notes: [
        `Over ${CYCLES} cycles each, after the start; /proc looked at every ${SAMPLE_MS} ms.`,
        ...(traceMissing === null ? [] : [`Not traced: ${traceMissing}`]),
      ],
    };
  },
};

interface Count {
  /** Null where it could not be traced. */
  readonly traced: number | null;
  readonly seen: number;
  readonly reapedNs: number;
}

async function count(pid: number, trace: boolean): Promise<Count> {
  const durationMs = CYCLES * INTERVAL_SECONDS * 1000;
  const reapedBefore = reapedChildrenNs(pid);
  const children = new Set<number>();
  const sampling = (async () => {
    const end = performance.now() + durationMs;
    while (performance.now() < end) {
      for (const child of childrenOf(pid)) children.add(child);
      await delay(SAMPLE_MS);
    }
  })();
  const traced = trace ? await traceForks(pid, durationMs) : null;
  await sampling;
  return { traced, seen: children.size, reapedNs: reapedChildrenNs(pid) - reapedBefore };
}

/** Counts the calls by which a process or its threads start another; null where tracing is not permitted. */
async function traceForks(pid: number, durationMs: number): Promise<number | null> {
  const program = programPath('strace') ?? 'strace';
  const words = ['-f', '-qq', '-e', 'trace=clone,clone3,fork,vfork', '-e', 'signal=none'];
  const child = spawn(program, [...words, '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  await Promise.race([delay(durationMs), ended]);
  if (child.exitCode !== null || child.pid === undefined) return null;
  child.kill('SIGINT');
  await ended;
  // A new thread is a clone too; it is no process.
  return said
    .split('\n')
    .filter((line) => /\b(clone3?|v?fork)\(/.test(line) && !line.includes('CLONE_THREAD')).length;
}
