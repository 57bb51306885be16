import type { Outbox } from './outbox.ts';

/**
 * The mails that the workers of a route have in hand, from the lease until what became of them is written down, whatever
 * has become of the lease: clocks jump, and people ask for a mail again.
 */
export class InHand {
  readonly #outbox: Pick<Outbox, 'together' | 'togetherSoon'>;
  readonly #ids = new Set<string>();
  readonly #aside = new Set<string>();

  constructor(outbox: Pick<Outbox, 'together' | 'togetherSoon'>) {
    this.#outbox = outbox;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** How many of them take up a connection that others wait for. */
  get pressing(): number {
    return this.#ids.size - this.#aside.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  take(id: string): void {
    this.#ids.add(id);
  }

  end(id: string): void {
    this.#ids.delete(id);
    this.#aside.delete(id);
  }

  /** It takes too long: it holds nobody back any more. */
  putAside(id: string): void {
    if (this.#ids.has(id)) this.#aside.add(id);
  }

  bringBack(id: string): void {
    this.#aside.delete(id);
  }

  /** Makes calls that take and end mails one commit. Where it fails, none of them was taken or has ended. */
  together<Value>(calls: () => Value): Value {
    return this.#whole(() => this.#outbox.together(calls));
  }

  /** The same for what may be durable a few milliseconds later. */
  togetherSoon<Value>(calls: () => Value, onFault: (error: unknown) => void): Value {
    return this.#whole(() => this.#outbox.togetherSoon(calls, onFault));
  }

  #whole<Value>(commit: () => Value): Value {
    const ids = [...this.#ids];
    const aside = [...this.#aside];
    try {
      return commit();
    } catch (error) {
      restore(this.#ids, ids);
      restore(this.#aside, aside);
      throw error;
    }
  }
}

function restore(set: Set<string>, values: readonly string[]): void {
  set.clear();
  for (const value of values) set.add(value);
}
