import { describe, expect, onTestFinished, test } from 'vitest';
import { createAgentClient } from '../../../../electron/client/agent-client.ts';
import { overridesAll, withOverride } from '../../../../electron/tray/override-all.ts';
import { type AgentCommand, performAgentCommand } from '../../../../electron/tray/tray-actions.ts';
import type { CallOutcome } from '../../../../shared/contract/desktop-bridge.ts';
import type { MethodName } from '../../../../shared/contract/ipc.ts';
import { parseSettings } from '../../../../shared/contract/settings-rules.ts';
import { exampleSettings } from '../../../fakes/example-settings.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { startRealAgent } from '../../../fakes/real-agent.ts';

function settings() {
  const read = parseSettings(exampleSettings(), { cronFault: () => null });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.settings;
}

describe('sending everything through the Web Service', () => {
  test('is no choice without an enrolment, or with nothing to send', () => {
    expect(overridesAll(settings(), false)).toBeNull();
    expect(overridesAll({ ...settings(), alerts: [], reports: [] }, true)).toBeNull();
  });

  test('is on only where every alert and report does, and changes nothing else', () => {
    const all = withOverride(settings(), true);
    expect(overridesAll(all, true)).toBe(true);
    expect(overridesAll({ ...all, alerts: withOverride(all, false).alerts }, true)).toBe(false);
    const none = withOverride(all, false);
    expect(overridesAll(none, true)).toBe(false);
    expect(withOverride(none, true)).toEqual(all);
    expect(all.fileAlerts).toEqual(settings().fileAlerts);
  });

  test('is saved by a running agent, twice as well as once', async () => {
    const { agent, dataDir } = await startRealAgent({ settings: exampleSettings() });
    onTestFinished(() => agent.stop());
    const client = createAgentClient(dataDir, new FakeClock());
    onTestFinished(() => client.close());
    expect(await performAgentCommand({ do: 'override-all', on: true }, client.call)).toBeNull();
    expect(await performAgentCommand({ do: 'override-all', on: true }, client.call)).toBeNull();
    const view = await client.call('settings.get', {});
    expect(view.ok && overridesAll(view.reply.settings, true)).toBe(true);
  });

  test('gives up, and says so, where somebody else saves all the time', async () => {
    const asked: string[] = [];
    const said = await performAgentCommand({ do: 'override-all', on: true }, async (name) => {
      asked.push(name);
      const reply =
        name === 'settings.get'
          ? { revision: '1', settings: settings() }
          : { outcome: 'conflict', revision: '2' };
      return { ok: true, reply } as never;
    });
    expect(said).toContain('somebody else');
    expect(asked).toHaveLength(6);
  });
});

const done = { outcome: 'done' };

describe('what is chosen in the tray', () => {
  test.each<[AgentCommand, MethodName, object, unknown]>([
    [{ do: 'acknowledge', alert: 'Disk' }, 'alerts.acknowledge', { name: 'Disk' }, done],
    [{ do: 'snooze', alert: 'Disk', minutes: 30 }, 'alerts.snooze', { name: 'Disk', minutes: 30 }, done],
    [{ do: 'pause', minutes: 15 }, 'monitoring.pause', { minutes: 15 }, { until: 1 }],
    [{ do: 'pause', minutes: null }, 'monitoring.pause', { minutes: null }, { until: 'forever' }],
    [{ do: 'resume' }, 'monitoring.resume', {}, {}],
    [{ do: 'send-report', name: 'Weekly' }, 'reports.send', { name: 'Weekly' }, { found: true, ids: [] }],
  ])('%j calls %s', async (command, method, request, reply) => {
    const asked: unknown[] = [];
    const said = await performAgentCommand(command, async (...call) => {
      asked.push(call);
      return { ok: true, reply } as never;
    });
    expect(said).toBeNull();
    expect(asked).toEqual([[method, request]]);
  });

  test.each<[string, AgentCommand, CallOutcome<MethodName> | object]>([
    ['is over', { do: 'acknowledge', alert: 'Disk' }, { ok: true, reply: { outcome: 'not-firing' } }],
    ['no alert', { do: 'snooze', alert: 'Disk', minutes: 1 }, { ok: true, reply: { outcome: 'not-found' } }],
    ['no report', { do: 'send-report', name: 'X' }, { ok: true, reply: { found: false, ids: [] } }],
    ['Gone.', { do: 'resume' }, { ok: false, kind: 'lost', message: 'Gone.' }],
    ['Gone.', { do: 'override-all', on: true }, { ok: false, kind: 'lost', message: 'Gone.' }],
    ['Gone.', { do: 'send-report', name: 'X' }, { ok: false, kind: 'lost', message: 'Gone.' }],
  ])('says “%s” where that is so', async (words, command, outcome) => {
    expect(await performAgentCommand(command, async () => outcome as never)).toContain(words);
  });
});
