import type { ReplyOf } from '../../shared/contract/ipc.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import type { SettingsChange } from '../model/settings-change.ts';
import type { TocsinClient } from './client.ts';
import { failureText } from './failure-text.ts';

export type SettingsView = ReplyOf<'settings.get'>;

export type SaveOutcome =
  | { readonly outcome: 'saved'; readonly warnings: readonly SettingsFault[] }
  | { readonly outcome: 'invalid'; readonly faults: readonly SettingsFault[] }
  /** What was edited has been changed elsewhere meanwhile; nothing was saved. */
  | { readonly outcome: 'conflict'; readonly sentence: string }
  | { readonly outcome: 'failed'; readonly sentence: string };

/** The settings as the page knows them. `failure` says why they could not be read (again). */
export interface SettingsState {
  readonly view: SettingsView | null;
  readonly failure: string | null;
}

const CONFLICT =
  'This was changed elsewhere while you were editing it, so nothing was saved. Close it and open it again to see what it is now.';
/** Another window may save between reading and saving; more often than this it is no accident. */
const MOST_ROUNDS = 3;

/** Keeps the settings for all pages: reads them when first asked for, and again when anybody has saved. */
export class SettingsSource {
  readonly #client: TocsinClient;
  readonly #listeners = new Set<() => void>();
  #state: SettingsState = { view: null, failure: null };
  #started = false;

  constructor(client: TocsinClient) {
    this.#client = client;
  }

  readonly state = (): SettingsState => this.#state;

  /** Told when the state has changed, until the function that is returned is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#start();
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };

  /** Saves a change to the settings in force, whatever else has been changed in them since they were read. */
  async save(change: SettingsChange): Promise<SaveOutcome> {
    try {
      const outcome = await this.#tryToSave(change);
      await this.#read();
      return outcome;
    } catch (error) {
      return { outcome: 'failed', sentence: failureText(error) };
    }
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#read();
    this.#client.onConnection((connection) => {
      if (connection === 'open') void this.#read();
    });
    this.#client.subscribe('settings.changed', ({ revision }) => {
      if (revision !== this.#state.view?.revision) void this.#read();
    });
  }

  async #read(): Promise<void> {
    try {
      this.#set({ view: await this.#client.call('settings.get', {}), failure: null });
    } catch (error) {
      this.#set({ view: this.#state.view, failure: failureText(error) });
    }
  }

  /** Reads, changes and saves; begins again where somebody else was quicker. */
  async #tryToSave(change: SettingsChange): Promise<SaveOutcome> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { revision, settings } = await this.#client.call('settings.get', {});
      const changed = change(settings);
      if (changed === null) break;
      const reply = await this.#client.call('settings.save', { revision, settings: changed });
      if (reply.outcome !== 'conflict') return reply;
    }
    return { outcome: 'conflict', sentence: CONFLICT };
  }

  #set(state: SettingsState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
