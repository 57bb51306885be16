import './alerts.css';
import { useState } from 'react';
import type { PageProps } from '../../app/pages.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useRouter } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { ALERTS } from '../../strings/alerts.ts';
import { NAVIGATION } from '../../strings/shell.ts';
import { AlertList } from './alert-list.tsx';
import { OpenedAlert } from './opened-alert.tsx';
import { TemplatesDialog } from './templates-dialog.tsx';

/** Everything that is watched; the address behind the page's name opens one, or a new one from a template. */
export function AlertsPage({ rest }: PageProps) {
  const router = useRouter();
  const { view, failure } = useSettings();
  const [isChoosing, setChoosing] = useState(false);
  const choose = () => setChoosing(true);
  if (view === null) {
    return (
      <>
        <PageHeader title={NAVIGATION.alerts} />
        {failure !== null && <Banner state="critical">{failure}</Banner>}
      </>
    );
  }
  const { alerts } = view.settings;
  return (
    <>
      <PageHeader
        title={NAVIGATION.alerts}
        action={
          <Button look="primary" onPress={choose}>
            {ALERTS.newAlert}
          </Button>
        }
      />
      {alerts.length === 0 ? (
        <EmptyState
          title={ALERTS.emptyTitle}
          action={<Button onPress={choose}>{ALERTS.fromTemplate}</Button>}
        >
          {ALERTS.empty}
        </EmptyState>
      ) : (
        <AlertList alerts={alerts} />
      )}
      <TemplatesDialog
        isOpen={isChoosing}
        onClose={() => setChoosing(false)}
        onChoose={(id) => {
          setChoosing(false);
          router.navigate('alerts', 'new', id);
        }}
      />
      <OpenedAlert rest={rest} settings={view.settings} onClose={() => router.navigate('alerts')} />
    </>
  );
}
