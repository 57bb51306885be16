import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LATER_WINDOW_MS } from '../../../../../electron/agent/evaluate/grouping.ts';
import { MonitorRig, noticesIn, type ToldNotice } from '../../../../fakes/monitor-rig.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const NAMES = ['A', 'B', 'C', 'D'] as const;

const step = fc.record({
  toggles: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
  passMs: fc.oneof(fc.constant(10_000), fc.integer({ min: 300, max: 400_000 })),
  jumpMs: fc.constantFrom(0, 0, 0, 0, HOUR_MS, -HOUR_MS, YEAR_MS, -YEAR_MS),
  isRestarted: fc.boolean(),
});

/** One after the other, what people are told of an alert has to make sense. */
function faultsOf(name: string, told: readonly ToldNotice[], isFiring: boolean): string[] {
  const faults: string[] = [];
  const fired = new Set<string>();
  const over = new Set<string>();
  for (const { kind, incidentId, isUntold } of told) {
    if (over.has(incidentId)) faults.push(`${name}: ${kind} after its end`);
    if (kind === 'alert' && fired.has(incidentId)) faults.push(`${name}: fired twice`);
    if (kind === 'resolved' && !fired.has(incidentId) && !isUntold) faults.push(`${name}: ended unheard of`);
    if (kind === 'resolved') over.add(incidentId);
    fired.add(incidentId);
  }
  const last = told.at(-1);
  const isToldFiring = last !== undefined && last.kind !== 'resolved';
  if (isToldFiring !== isFiring) faults.push(`${name}: told ${last?.kind ?? 'nothing'}, firing: ${isFiring}`);
  return faults;
}

test('whatever comes, goes, restarts and jumps: every incident is told, once, and the last word is true', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const rig = new MonitorRig(NAMES.map((name) => ({ name, repeatMinutes: 0 })));
      const incidents = new Set<string>();
      for (const { toggles, passMs, jumpMs, isRestarted } of steps) {
        for (const name of toggles) {
          if (!rig.holding.delete(name)) rig.holding.add(name);
        }
        rig.clock.jump(jumpMs);
        if (isRestarted) rig.restart();
        await rig.check(passMs);
        for (const { state } of rig.monitor.alerts()) if (state.incidentId) incidents.add(state.incidentId);
      }
      // Until it is quiet: 21 checks end what flaps, and then the last window.
      for (let check = 0; check < 22; check++) await rig.check(10_000);
      await rig.clock.advance(LATER_WINDOW_MS + 10_000);
      const told = rig.mails().flatMap(noticesIn);
      expect(rig.faults).toEqual([]);
      expect(new Set(told.map(({ incidentId }) => incidentId))).toEqual(incidents);
      const firing = new Set(
        rig.monitor.alerts().flatMap(({ alert, state }) => (state.phase === 'firing' ? [alert.name] : [])),
      );
      const faults = NAMES.flatMap((name) =>
        faultsOf(
          name,
          told.filter((notice) => notice.name === name),
          firing.has(name),
        ),
      );
      expect(faults).toEqual([]);
      rig.monitor.stop();
      rig.store.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);
