import type { RequestOf } from '../../shared/contract/ipc.ts';
import type { DeliverySummary } from '../../shared/model/delivery.ts';
import { unsettledParts, withChanges, withNewest, withOlder } from '../model/log-rows.ts';
import { isSame } from '../model/settings-change.ts';
import type { TocsinClient } from './client.ts';
import { failureText } from './failure-text.ts';

/** So many rows are asked for at once. */
const PART = 100;
/** Of rows further down that are not settled, so many parts are asked for again when the log has changed. */
const MOST_PARTS_AGAIN = 3;

/** Which messages; null for all. */
export type LogFilter = Required<Pick<RequestOf<'log.rows'>, 'search' | 'status' | 'route'>>;

/** The delivery log as far as it has been read, newest first. */
export interface LogState {
  /** Null until the first answer. */
  readonly rows: readonly DeliverySummary[] | null;
  /** Whether these are all of them. */
  readonly isAll: boolean;
  /** Why they could not be read (again); null where they could. */
  readonly failure: string | null;
}

/** Reads the delivery log part by part, and keeps what has been read up while messages come in and are settled. */
export class LogSource {
  readonly #client: TocsinClient;
  readonly #listeners = new Set<() => void>();
  #filter: LogFilter | null = null;
  #state: LogState = { rows: null, isAll: false, failure: null };
  /** Another with each filter: what is answered to an older one is dropped. */
  #round = 0;
  #isReadingOn = false;
  /** `again`: something changed while an answer was under way. */
  #refreshing: 'no' | 'once' | 'again' = 'no';

  constructor(client: TocsinClient) {
    this.#client = client;
  }

  readonly state = (): LogState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };

  /** Shows other messages; the ones before stay until the answer is there. */
  show(filter: LogFilter): void {
    if (isSame(filter, this.#filter)) return;
    this.#filter = filter;
    this.#round++;
    this.#refreshing = 'no';
    void this.#attempt(async (isCurrent) => {
      const rows = await this.#ask(null);
      if (isCurrent()) this.#set({ rows, isAll: rows.length < PART, failure: null });
    });
  }

  /** The log has changed: what is new comes in above, what has changed changes where it stands. */
  async refresh(): Promise<void> {
    if (this.#refreshing !== 'no') {
      this.#refreshing = 'again';
      return;
    }
    this.#refreshing = 'once';
    await this.#attempt(async (isCurrent) => {
      await this.#takeNewest(isCurrent);
      await this.#takeChanges(isCurrent);
    });
    const isAgain = this.#isAgain();
    this.#refreshing = 'no';
    if (isAgain) await this.refresh();
  }

  /** Asks for what comes after the last row; does nothing while an answer is under way. */
  async readOn(): Promise<void> {
    const { rows, isAll } = this.#state;
    if (rows === null || isAll || this.#isReadingOn) return;
    this.#isReadingOn = true;
    await this.#attempt(async (isCurrent) => {
      const part = await this.#ask(rows.at(-1)?.id ?? null);
      if (!isCurrent()) return;
      this.#set({
        rows: withOlder(this.#state.rows ?? [], part),
        isAll: part.length < PART,
        failure: null,
      });
    });
    this.#isReadingOn = false;
  }

  async #takeNewest(isCurrent: () => boolean): Promise<void> {
    const part = await this.#ask(null);
    if (!isCurrent()) return;
    const { rows, isAll } = this.#state;
    const isShort = part.length < PART;
    const next = withNewest(rows ?? [], part, PART);
    if (next === null) this.#set({ rows: part, isAll: isShort, failure: null });
    else this.#set({ rows: next, isAll: isShort || (isAll && rows !== null), failure: null });
  }

  async #takeChanges(isCurrent: () => boolean): Promise<void> {
    for (const before of unsettledParts(this.#state.rows ?? [], PART, MOST_PARTS_AGAIN)) {
      const part = await this.#ask(before);
      if (!isCurrent()) return;
      this.#set({ ...this.#state, rows: withChanges(this.#state.rows ?? [], part) });
    }
  }

  #ask(before: string | null): Promise<readonly DeliverySummary[]> {
    return this.#client.call('log.rows', { limit: PART, before, ...this.#filter });
  }

  async #attempt(run: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const round = this.#round;
    const isCurrent = () => round === this.#round;
    try {
      await run(isCurrent);
    } catch (error) {
      if (isCurrent()) this.#set({ ...this.#state, failure: failureText(error) });
    }
  }

  #isAgain(): boolean {
    return this.#refreshing === 'again';
  }

  #set(state: LogState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
