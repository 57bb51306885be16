import { type ComponentType, lazy } from 'react';
import type { Settings } from '../../shared/contract/settings.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { State } from '../model/state.ts';
import { firingAlerts, routeState } from '../model/overall-state.ts';
import { NAVIGATION } from '../strings/shell.ts';

/** What a page is given: what stands in the address behind its own name, such as the alert to open. */
export interface PageProps {
  readonly rest: readonly string[];
}

/** What wants attention on a page, by how much. */
interface Attention {
  readonly state: State;
  readonly count: number;
}

export interface PageDefinition {
  /** Its place in the address. */
  readonly id: string;
  /** In the navigation, and in the window's title. */
  readonly title: string;
  /** Fetched when it is first opened. */
  readonly Page: ComponentType<PageProps>;
  /** How many things it lists; null where it lists none. */
  readonly count?: (settings: Settings) => number;
  readonly attention?: (status: AgentStatus) => Attention | null;
  /** Whether it stands in the navigation now; always where it is left out. */
  readonly isListed?: (status: AgentStatus | null) => boolean;
  /** Stands apart from the ones before. */
  readonly isApart?: boolean;
}

const OVERVIEW: PageDefinition = {
  id: 'overview',
  title: NAVIGATION.overview,
  Page: lazy(async () => ({ default: (await import('../pages/overview/overview-page.tsx')).OverviewPage })),
};

/** Every page once, in the order of the navigation. */
export const PAGES: readonly PageDefinition[] = [
  OVERVIEW,
  {
    id: 'alerts',
    title: NAVIGATION.alerts,
    Page: lazy(async () => ({ default: (await import('../pages/alerts/alerts-page.tsx')).AlertsPage })),
    count: (settings) => settings.alerts.length,
    attention: (status) => {
      const [worst, ...others] = firingAlerts(status);
      if (worst === undefined) return null;
      return { state: worst.severity === 'critical' ? 'critical' : 'warning', count: others.length + 1 };
    },
  },
  {
    id: 'reports',
    title: NAVIGATION.reports,
    Page: lazy(async () => ({ default: (await import('../pages/reports/reports-page.tsx')).ReportsPage })),
    count: (settings) => settings.reports.length,
  },
  {
    id: 'files',
    title: NAVIGATION.files,
    Page: lazy(async () => ({ default: (await import('../pages/files/files-page.tsx')).FilesPage })),
    count: (settings) => settings.fileAlerts.length,
  },
  {
    id: 'email',
    title: NAVIGATION.email,
    Page: lazy(async () => ({ default: (await import('../pages/email/email-page.tsx')).EmailPage })),
    attention: (status) => {
      const unwell = status.routes.filter((route) =>
        ['critical', 'warning'].includes(routeState(route).state),
      );
      return unwell.length === 0
        ? null
        : {
            state: unwell.some((route) => routeState(route).state === 'critical') ? 'critical' : 'warning',
            count: unwell.length,
          };
    },
  },
  {
    id: 'practice',
    title: NAVIGATION.practice,
    Page: lazy(async () => ({ default: (await import('../pages/practice/practice-page.tsx')).PracticePage })),
    isListed: (status) => status?.routes.some(({ route }) => route === 'practice') === true,
  },
  {
    id: 'welcome',
    title: NAVIGATION.welcome,
    Page: lazy(async () => ({ default: (await import('../pages/welcome/welcome-page.tsx')).WelcomePage })),
    isListed: () => false,
  },
  {
    id: 'events',
    title: NAVIGATION.events,
    Page: lazy(async () => ({ default: (await import('../pages/events/events-page.tsx')).EventsPage })),
    count: (settings) => settings.smtpEvents.length,
  },
  {
    id: 'log',
    title: NAVIGATION.log,
    Page: lazy(async () => ({ default: (await import('../pages/log/log-page.tsx')).LogPage })),
    attention: (status) =>
      status.outbox.failed24h === 0 ? null : { state: 'warning', count: status.outbox.failed24h },
  },
  {
    id: 'about',
    title: NAVIGATION.about,
    Page: lazy(async () => ({ default: (await import('../pages/about/about-page.tsx')).AboutPage })),
    isApart: true,
  },
];

/** The page of an address; the overview where there is none of that name. */
export function pageOf(id: string): PageDefinition {
  return PAGES.find((page) => page.id === id) ?? OVERVIEW;
}
