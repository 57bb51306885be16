import './app.css';
import { Suspense, useEffect } from 'react';
import { Banner } from '../components/banner.tsx';
import { Toasts } from '../components/toast.tsx';
import { useNow } from '../hooks/use-now.ts';
import { useRoute } from '../hooks/use-router.tsx';
import { useStatus } from '../hooks/use-status.tsx';
import { overallState } from '../model/overall-state.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Navigation } from './navigation.tsx';
import { pageOf } from './pages.ts';
import { UnsavedDialog } from './unsaved-dialog.tsx';
import { useFirstRun } from './use-first-run.ts';
import { useLost } from './use-lost.ts';

/** The window: navigation at the left, the current page beside it, and what holds for every page above. */
export function App() {
  const { page: id, rest } = useRoute();
  const status = useStatus();
  const lost = useLost();
  const now = useNow(5000);
  useFirstRun();
  const overall = overallState(status, lost === null, now);
  const { id: pageId, title, Page } = pageOf(id);

  useEffect(() => {
    document.title = status === null ? `${title} · Tocsin` : `Tocsin · ${status.installation}`;
  }, [title, status]);

  return (
    <div className="app">
      <Navigation current={pageId} overall={overall} />
      <main className="app-page">
        {lost !== null && (
          <Banner state="unknown" isUrgent>
            {lost}
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
