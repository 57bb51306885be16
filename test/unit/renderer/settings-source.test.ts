import { describe, expect, test } from 'vitest';
import type { TocsinClient } from '../../../renderer/api/client.ts';
import { SettingsSource } from '../../../renderer/api/settings-source.ts';
import { changeEntry } from '../../../renderer/model/settings-change.ts';
import { defaultSettings, type Settings } from '../../../shared/contract/settings.ts';

/** An agent's settings and their revision, as several windows see them. */
class FakeAgent {
  settings: Settings = defaultSettings();
  revision = 1;
  reads = 0;
  /** Run once, between the next reading and what follows it. */
  meanwhile: (() => void) | null = null;
  /** What saving finds wrong. */
  faults: readonly { path: string; message: string }[] = [];
  isDead = false;
  told: ((payload: { revision: string }) => void) | null = null;

  readonly client = {
    call: async (name: string, request: { revision: string; settings: Settings }) => {
      if (this.isDead) throw new Error('Tocsin is not answering.');
      if (name === 'settings.get') return this.#get();
      if (request.revision !== String(this.revision))
        return { outcome: 'conflict', revision: String(this.revision) };
      if (this.faults.length > 0) return { outcome: 'invalid', faults: this.faults };
      this.change(request.settings);
      return { outcome: 'saved', revision: String(this.revision), warnings: [] };
    },
    subscribe: (_event: string, listener: (payload: { revision: string }) => void) => {
      this.told = listener;
      return () => {};
    },
    connection: () => 'open',
    onConnection: () => () => {},
  } as unknown as TocsinClient;

  change(settings: Settings): void {
    this.settings = settings;
    this.revision += 1;
  }

  #get() {
    this.reads += 1;
    const view = { revision: String(this.revision), settings: this.settings, warnings: [] };
    const meanwhile = this.meanwhile;
    this.meanwhile = null;
    meanwhile?.();
    return view;
  }
}

const window = (name: string) => ({ name, cron: '0 2 * * 0', minutes: 60 });
const names = (settings: Settings | undefined) => settings?.maintenance.map(({ name }) => name);
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('SettingsSource', () => {
  test('a save that another window gets ahead of is made again, and loses neither', async () => {
    const agent = new FakeAgent();
    const source = new SettingsSource(agent.client);
    agent.meanwhile = () => agent.change({ ...agent.settings, maintenance: [window('theirs')] });
    expect(await source.save(changeEntry('maintenance', null, window('ours')))).toMatchObject({
      outcome: 'saved',
    });
    expect(names(agent.settings)).toEqual(['theirs', 'ours']);
    expect(names(source.state().view?.settings)).toEqual(['theirs', 'ours']);
  });

  test('an entry that another window has changed is left as it is, and that is said', async () => {
    const agent = new FakeAgent();
    agent.change({ ...agent.settings, maintenance: [window('theirs')] });
    const source = new SettingsSource(agent.client);
    const outcome = await source.save(changeEntry('maintenance', window('as it was'), window('ours')));
    expect(outcome.outcome).toBe('conflict');
    expect(names(agent.settings)).toEqual(['theirs']);
  });

  test('faults come back, and what is in force stays', async () => {
    const agent = new FakeAgent();
    agent.faults = [{ path: 'maintenance.0.cron', message: 'is no schedule' }];
    const source = new SettingsSource(agent.client);
    expect(await source.save(changeEntry('maintenance', null, window('ours')))).toEqual({
      outcome: 'invalid',
      faults: agent.faults,
    });
    expect(names(agent.settings)).toEqual([]);
  });

  test('an agent that does not answer is an outcome, not an exception', async () => {
    const agent = new FakeAgent();
    agent.isDead = true;
    const source = new SettingsSource(agent.client);
    expect(await source.save((current) => current)).toEqual({
      outcome: 'failed',
      sentence: 'Tocsin is not answering.',
    });
  });

  test('it reads again when somebody else has saved, and not for its own news', async () => {
    const agent = new FakeAgent();
    const source = new SettingsSource(agent.client);
    let told = 0;
    source.subscribe(() => (told += 1));
    await settle();
    expect(agent.reads).toBe(1);
    agent.told?.({ revision: '1' });
    await settle();
    expect(agent.reads).toBe(1);
    agent.change({ ...agent.settings, maintenance: [window('theirs')] });
    agent.told?.({ revision: '2' });
    await settle();
    expect(names(source.state().view?.settings)).toEqual(['theirs']);
    expect(told).toBe(2);
  });
});
