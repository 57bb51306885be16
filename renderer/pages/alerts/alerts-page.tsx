import './alerts.css';
import { useState } from 'react';
import type { PageProps } from '../../app/pages.ts';
import { useRouter } from '../../hooks/use-router.tsx';
import { ALERTS } from '../../strings/alerts.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { EntriesPage } from '../entries/entries-page.tsx';
import { AlertList } from './alert-list.tsx';
import { OpenedAlert } from './opened-alert.tsx';
import { TemplatesDialog } from './templates-dialog.tsx';

/** Everything that is watched; the address behind the page's name opens one, or a new one from a template. */
export function AlertsPage({ rest }: PageProps) {
  const router = useRouter();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <EntriesPage title={NAVIGATION.alerts} words={ALERTS} onCreate={() => setChoosing(true)} list="alerts">
      {({ alerts }) => (
        <>
          {alerts.length > 0 && <AlertList alerts={alerts} />}
          <TemplatesDialog
            isOpen={isChoosing}
            onClose={() => setChoosing(false)}
            onChoose={(id) => {
              setChoosing(false);
              router.navigate('alerts', 'new', id);
            }}
          />
          <OpenedAlert rest={rest} alerts={alerts} onClose={() => router.navigate('alerts')} />
        </>
      )}
    </EntriesPage>
  );
}
