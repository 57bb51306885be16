import { Menu } from '../../components/menu.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { OVERVIEW, PAUSES } from '../../strings/overview.ts';

/** Pauses monitoring; the banner that follows resumes it. */
export function PauseMenu() {
  const pause = useCall('monitoring.pause');
  return (
    <Menu
      label={OVERVIEW.pauseLabel}
      buttonText={OVERVIEW.pause}
      actions={PAUSES.map(({ label, minutes }) => ({
        id: label,
        label,
        onAction: () => void pause.run({ minutes }),
      }))}
    />
  );
}
