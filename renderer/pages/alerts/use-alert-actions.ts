import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { MenuAction } from '../../components/menu.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useCall } from '../../hooks/use-call.ts';
import type { AlertRow } from '../../model/alert-row.ts';
import { minutesUntilTomorrow } from '../../model/tomorrow.ts';
import { browserClock } from '../../platform/clock.ts';
import { ALERTS, snoozedText } from '../../strings/alerts.ts';
import { useEntryMenu } from '../entries/use-entry-menu.ts';

/** What the menu of a row does; `onTest` opens the dialog that asks for an address. */
export function useAlertActions(
  onTest: (alert: AlertSettings) => void,
): (row: AlertRow) => readonly MenuAction[] {
  const { run: acknowledge } = useCall('alerts.acknowledge');
  const { run: snooze } = useCall('alerts.snooze');
  const menu = useEntryMenu('alerts', 'alerts');
  const snoozeFor = (name: string, minutes: number) =>
    void snooze({ name, minutes }).then((reply) => {
      if (reply?.outcome === 'done') tellDone(snoozedText(name, minutes));
    });
  return ({ alert, status }) => {
    const { name, enabled } = alert;
    const isFiring = status !== null && (status.phase === 'firing' || status.flapping);
    return menu(alert, [
      {
        id: 'acknowledge',
        label: ALERTS.acknowledge,
        isDisabled: !isFiring || status.acknowledgedAt !== null,
        onAction: () => void acknowledge({ name }),
      },
      {
        id: 'snooze30',
        label: ALERTS.snooze30,
        isDisabled: !enabled,
        onAction: () => snoozeFor(name, 30),
      },
      {
        id: 'snooze120',
        label: ALERTS.snooze120,
        isDisabled: !enabled,
        onAction: () => snoozeFor(name, 120),
      },
      {
        id: 'snoozeTomorrow',
        label: ALERTS.snoozeTomorrow,
        isDisabled: !enabled,
        onAction: () => snoozeFor(name, minutesUntilTomorrow(browserClock.now())),
      },
      { id: 'test', label: ALERTS.test, onAction: () => onTest(alert) },
    ]);
  };
}
