import './app.css';
import { Suspense, useEffect } from 'react';
import { Banner } from '../components/banner.tsx';
import { Toasts } from '../components/toast.tsx';
import { useNow } from '../hooks/use-now.ts';
import { useRoute } from '../hooks/use-router.tsx';
import { useConnection, useStatus } from '../hooks/use-status.tsx';
import { overallState } from '../model/overall-state.ts';
import { SHELL } from '../strings/shell.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { pageOf } from './pages.ts';
import { UnsavedDialog } from './unsaved-dialog.tsx';
import { useIsLost } from './use-is-lost.ts';

/** The window: navigation at the left, the current page beside it, and what holds for every page above. */
export function App() {
  const { page: id, rest } = useRoute();
  const status = useStatus();
  const isLost = useIsLost(useConnection());
  const now = useNow(5000);
  const overall = overallState(status, !isLost, now);
  const { id: pageId, title, Page } = pageOf(id);

  useEffect(() => {
    document.title = status === null ? `${title} · Tocsin` : `Tocsin · ${status.installation}`;
  }, [title, status]);

  return (
    <div className="app">
      <Navigation current={pageId} overall={overall} />
      <main className="app-page">
        {isLost && (
          <Banner state="unknown" isUrgent>
            {SHELL.lost}
          </Banner>
        )}
        <ErrorBoundary key={pageId} reload={() => globalThis.location.reload()}>
          <Suspense fallback={null}>
            <Page rest={rest} />
          </Suspense>
        </ErrorBoundary>
      </main>
      <UnsavedDialog />
      <Toasts />
    </div>
  );
}
