import { describe, expect, test } from 'vitest';
import { measuredItems } from '../../../renderer/model/measured-items.ts';
import { agentStatus, alertStatus, conditionStatus } from './status-samples.ts';

describe('measuredItems', () => {
  test('what two alerts watch stands once, with both limits, the one that is passed first', () => {
    const status = agentStatus({
      alerts: [
        alertStatus({ name: 'full', conditions: [conditionStatus({ limit: 'above 95 %' })] }),
        alertStatus({
          name: 'nearly',
          severity: 'critical',
          phase: 'firing',
          conditions: [conditionStatus({ limit: 'above 60 %', verdict: 'holding' })],
        }),
      ],
    });
    expect(measuredItems(status)).toMatchObject([
      {
        title: 'Disk / used',
        state: 'critical',
        isFiring: true,
        limits: ['above 60 %', 'above 95 %'],
      },
    ]);
  });

  test('what only alerts watch that are switched off is left out', () => {
    expect(measuredItems(agentStatus({ alerts: [alertStatus({ enabled: false })] }))).toEqual([]);
  });

  test.each([
    ['clear', 'ok'],
    ['met', 'warning'],
    ['holding', 'warning'],
    ['unknown', 'unknown'],
  ] as const)('%s is shown as %s', (verdict, state) => {
    const status = agentStatus({ alerts: [alertStatus({ conditions: [conditionStatus({ verdict })] })] });
    expect(measuredItems(status)[0]?.state).toBe(state);
  });
});
