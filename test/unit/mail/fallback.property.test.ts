import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher } from '../../../mail/dispatcher.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import type { SendRequest } from '../../../mail/outlet.ts';
import { PIN_MS } from '../../../mail/retry-policy.ts';
import type { Store } from '../../../mail/store.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Attempt, RecipientOutcome, Stage, Verdict } from '../../../shared/model/delivery.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../fakes/fake-outlet.ts';
import { FakeRelay, type RelayAnswer } from '../../fakes/fake-relay.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const RECIPIENTS = ['a@x.example', 'b@x.example', 'it@contoso.example'];
const SECOND = 1000;

/** What a mail server makes of one recipient. `lost`: it takes the mail, and its reply is lost. `cut`: it does not. */
const SMTP_ANSWERS = ['accept', 'later', 'deny', 'nobody', 'lost', 'cut'] as const;
type SmtpAnswer = (typeof SMTP_ANSWERS)[number];

/** What the world does next. `kill`: the process ends here, and another takes the folder over. */
type Step =
  | { readonly wait: number }
  | { readonly servers: 'up' | 'down' }
  | { readonly service: 'up' | 'down' }
  | { readonly kill: 'before the effect' | 'after the effect' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 70, 300, 1900).map((seconds) => ({ wait: seconds * SECOND })) },
  { weight: 2, arbitrary: fc.constantFrom('up' as const, 'down' as const).map((servers) => ({ servers })) },
  { weight: 1, arbitrary: fc.constantFrom('up' as const, 'down' as const).map((service) => ({ service })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('before the effect' as const, 'after the effect' as const)
      .map((kill) => ({ kill })),
  },
);

/** A world in which both ways answer as they were told, and everybody who gets a mail is written down. */
class World {
  readonly clock = new FakeClock();
  readonly store: Store = memoryStore();
  readonly relay = new FakeRelay();
  servers = new FakeOutlet();
  readonly takenBySmtp: string[] = [];
  /** Those of whom nobody could know whether a mail server had accepted them, or the service. */
  readonly unsure = new Set<string>();
  readonly unsureOfService = new Set<string>();
  waitedMs = 0;
  readonly faults: unknown[] = [];
  #dispatcher: Dispatcher;
  #smtpAnswers: readonly SmtpAnswer[];
  #asked = 0;
  #killAt: 'before the effect' | 'after the effect' | null = null;

  constructor(smtpAnswers: readonly SmtpAnswer[], relayAnswers: readonly RelayAnswer[]) {
    this.#smtpAnswers = smtpAnswers;
    this.relay.answers = [...relayAnswers];
    const submit = this.relay.send.bind(this.relay);
    this.relay.send = (request) => {
      const before = this.relay.answers[0];
      return this.#perhapsKilled(request.recipients, this.unsureOfService, async () => {
        if (before === 'lost' || before === 'cut')
          for (const address of request.recipients) this.unsureOfService.add(address);
        return submit(request);
      });
    };
    this.#dispatcher = this.#begin();
    this.servers.onSend = (request) => this.#send(request);
  }

  async run(list: readonly Step[]): Promise<void> {
    createOutbox(this.store, fakeRandom()).accept(
      [aMessage({ recipients: RECIPIENTS, createdAt: this.clock.now() })],
      this.clock.now(),
    );
    this.#dispatcher.wake();
    for (const step of list) await this.#do(step);
  }

  async stop(): Promise<void> {
    await this.#dispatcher.stop();
    this.store.close();
  }

  async #do(step: Step): Promise<void> {
    if ('wait' in step) {
      this.waitedMs += step.wait;
      return this.clock.advance(step.wait);
    }
    if ('servers' in step) this.servers.isAvailable = step.servers === 'up';
    if ('service' in step) this.relay.isAvailable = step.service === 'up';
    if ('kill' in step) {
      this.#killAt = step.kill;
      this.#dispatcher.tryNow(null);
      await this.clock.advance(1);
      this.#killAt = null;
      void this.#dispatcher.stop();
      this.#dispatcher = this.#begin();
    }
    this.#dispatcher.tryNow(null);
    await this.clock.advance(1);
  }

  #begin(): Dispatcher {
    const outbox = createOutbox(this.store, fakeRandom());
    outbox.takeOver(this.clock.now());
    const dispatcher = createDispatcher({
      outbox,
      clock: this.clock,
      route: (choice) => ({ outlet: choice === 'smtp' ? this.servers : this.relay }),
      fallback: {
        route: () => ({ outlet: this.relay, note: null }),
        isAdministrator: (address) => address.endsWith('@contoso.example'),
      },
      onFault: (error) => this.faults.push(error),
    });
    dispatcher.wake();
    return dispatcher;
  }

  /** A killed process never learns of what it began; the world may. */
  async #perhapsKilled(
    recipients: readonly string[],
    unsure: Set<string>,
    effect: () => Promise<readonly Attempt[]>,
  ): Promise<readonly Attempt[]> {
    if (this.#killAt === null) return effect();
    for (const address of recipients) unsure.add(address);
    if (this.#killAt === 'after the effect') await effect();
    return new Promise(() => {});
  }

  #send(request: SendRequest): Promise<readonly Attempt[]> {
    return this.#perhapsKilled(request.recipients, this.unsure, async () => {
      const outcomes = request.recipients.map((address) => this.#outcome(address));
      const stage: Stage = outcomes.some(({ verdict }) => verdict === 'accepted') ? 'accepted' : 'data';
      return [{ ...this.servers.attempt(request, 'retry'), stage, outcomes }];
    });
  }

  #outcome(address: string): RecipientOutcome {
    const answer = this.#smtpAnswers[this.#asked++ % this.#smtpAnswers.length] ?? 'accept';
    const says = (verdict: Verdict, code: ErrorCode | null, reply: string | null) => ({
      address,
      verdict,
      code,
      reply,
    });
    if (answer === 'accept' || answer === 'lost') this.takenBySmtp.push(address);
    switch (answer) {
      case 'accept':
        return says('accepted', null, '250 Ok');
      case 'later':
        return says('retry', 'smtp_temporary', '451 4.3.0 Later');
      case 'deny':
        return says('rejected', 'smtp_relaying_denied', '550 5.7.1 Relaying denied');
      case 'nobody':
        return says('rejected', 'smtp_recipient_rejected', '550 5.1.1 No such user');
      case 'lost':
      case 'cut':
        this.unsure.add(address);
        return says('unknown', 'smtp_outcome_unknown', null);
    }
  }
}

test('each recipient is accepted at most once unless an outcome was unknown, and never lost from sight', async () => {
  const relayAnswers = fc.constantFrom<RelayAnswer>(
    'accept',
    'lost',
    'cut',
    'unreachable',
    'refuse',
    'expired',
  );
  let handedOver = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<SmtpAnswer>('accept', 'deny', 'deny', ...SMTP_ANSWERS), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.array(relayAnswers, { minLength: 1, maxLength: 6 }),
      fc.array(steps, { minLength: 3, maxLength: 25 }),
      async (smtp, service, list) => {
        const world = new World(smtp, service);
        await world.run(list);
        const record = createDeliveryLog(world.store).find('message-1');
        handedOver += world.relay.requests.length;
        expect([world.relay.conflicts, world.faults]).toEqual([[], []]);
        for (const address of RECIPIENTS) {
          const copies = [...world.takenBySmtp, ...world.relay.mailed].filter((taken) => taken === address);
          const state = record?.recipients.find((recipient) => recipient.address === address);
          // The service is asked again under the same key, and by nothing else for half an hour.
          const isKnown =
            !world.unsure.has(address) && (!world.unsureOfService.has(address) || world.waitedMs < PIN_MS);
          if (isKnown) expect(copies.length).toBeLessThanOrEqual(1);
          if (state?.status === 'accepted') expect(copies.length).toBeGreaterThanOrEqual(1);
          if (state?.status === 'queued') expect(state.nextAttemptAt).not.toBeNull();
          expect(state).toBeDefined();
        }
        await world.stop();
      },
    ),
    { numRuns: 150 },
  );
  // The property would say nothing of a fallback that is never taken.
  expect(handedOver).toBeGreaterThan(100);
}, 60_000);
