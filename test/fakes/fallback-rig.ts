import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher } from '../../mail/dispatcher.ts';
import type { FallbackRoute } from '../../mail/fallback.ts';
import { createOutbox, type Outbox } from '../../mail/outbox.ts';
import type { Outlet } from '../../mail/outlet.ts';
import type { SmtpServerOptions } from '../../mail/smtp-server-options.ts';
import type { Message } from '../../shared/model/message.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { FakeRelay } from './fake-relay.ts';
import { memoryStore } from './memory-store.ts';
import { aMessage } from './messages.ts';
import { cleanUp, outletFor, type WAITING_LIMITS } from './outlet-rig.ts';

/** A recipient who is no administrator, and one who is. */
export const OUT = 'customer@elsewhere.example';
export const ADMIN = 'it@contoso.example';

interface Begun {
  readonly outbox: Outbox;
  readonly servers: Outlet;
  readonly dispatcher: Dispatcher;
}

/** Mail servers on real sockets and a Web Service that stands in for them, on a clock whose hands the test turns. */
export class FallbackRig {
  readonly clock = new FakeClock();
  readonly store = memoryStore();
  readonly relay = new FakeRelay();
  route: FallbackRoute = { outlet: this.relay, note: null };
  faults: unknown[] = [];
  #begun: Begun | null = null;

  /** Begins to send, as an agent does at its start. */
  begin(list: readonly SmtpServerOptions[], limits: Partial<typeof WAITING_LIMITS> = {}): void {
    const { clock, store, relay } = this;
    const outbox = createOutbox(store, fakeRandom());
    outbox.takeOver(clock.now());
    const servers = outletFor(list, { clock, limits }, () => this.dispatcher.tryNow('smtp'));
    const dispatcher = createDispatcher({
      outbox,
      clock,
      route: (choice) => ({ outlet: choice === 'smtp' ? servers : relay }),
      fallback: {
        route: () => this.route,
        isAdministrator: (address) => address.endsWith('@contoso.example'),
      },
      onFault: (error) => this.faults.push(error),
    });
    this.#begun = { outbox, servers, dispatcher };
    dispatcher.wake();
  }

  /** Ends what `begin` made, and says whatever went wrong meanwhile. */
  async end(): Promise<void> {
    await this.dispatcher.stop();
    await cleanUp();
    this.store.close();
    const wrong = [...this.faults, ...this.relay.conflicts];
    if (wrong.length > 0) throw new Error(`faults, or a key with two bodies: ${wrong.join('; ')}`);
  }

  get outbox(): Outbox {
    return this.#now().outbox;
  }

  get servers(): Outlet {
    return this.#now().servers;
  }

  get dispatcher(): Dispatcher {
    return this.#now().dispatcher;
  }

  queue(given: Partial<Message> = {}): void {
    const { clock, outbox, dispatcher } = this;
    outbox.accept([aMessage({ recipients: [OUT], createdAt: clock.now(), ...given })], clock.now());
    dispatcher.wake();
  }

  log(id = 'message-1') {
    const record = createDeliveryLog(this.store).find(id);
    if (record === null) throw new Error(`no message ${id}`);
    return record;
  }

  states(id?: string) {
    return this.log(id).recipients.map(({ status }) => status);
  }

  ways(id?: string) {
    return this.log(id).attempts.map(({ route: way, code }) => `${way} ${code ?? 'accepted'}`);
  }

  reasons(id?: string) {
    return this.log(id).attempts.map(({ reason }) => reason);
  }

  /** Sockets take real time: turns the hands by one millisecond until something holds. */
  async turning(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 400 && !holds(); turn++) {
      await this.clock.advance(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    if (!holds()) throw new Error('what the test waits for did not happen within 400 turns');
  }

  settled(id?: string): Promise<void> {
    return this.turning(() => this.states(id).every((state) => state !== 'queued'));
  }

  tried(times: number, id?: string): Promise<void> {
    return this.turning(() => this.log(id).attempts.length >= times);
  }

  #now(): Begun {
    if (this.#begun === null) throw new Error('nothing has begun');
    return this.#begun;
  }
}
