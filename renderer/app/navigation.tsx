import './navigation.css';
import { StateMark } from '../components/state-mark.tsx';
import { useSettings } from '../hooks/use-settings.tsx';
import { useStatus } from '../hooks/use-status.tsx';
import type { Overall } from '../model/overall-state.ts';
import { SHELL } from '../strings/shell.ts';
import { type PageDefinition, PAGES } from './pages.ts';
import { hrefOf } from './router.ts';

/** Left of every page: the state in a word, then the pages with what they list and what of it wants attention. */
export function Navigation({ current, overall }: { readonly current: string; readonly overall: Overall }) {
  const status = useStatus();
  const pages = PAGES.filter((page) => page.isListed?.(status) !== false || page.id === current);
  return (
    <nav className="navigation" aria-label={SHELL.navigation}>
      <div className="navigation-state" role="status">
        <StateMark state={overall.state} word={overall.word} />
      </div>
      <ul className="navigation-list">
        {pages.map((page) => (
          <NavigationItem key={page.id} page={page} isCurrent={page.id === current} />
        ))}
      </ul>
    </nav>
  );
}

function NavigationItem({ page, isCurrent }: { readonly page: PageDefinition; readonly isCurrent: boolean }) {
  const status = useStatus();
  const { view } = useSettings();
  const attention = status === null ? null : (page.attention?.(status) ?? null);
  const count = view === null ? null : (page.count?.(view.settings) ?? null);
  return (
    <li className={page.isApart === true ? 'navigation-apart' : ''}>
      <a className="navigation-link" href={hrefOf(page.id)} aria-current={isCurrent ? 'page' : undefined}>
        <span className="cut">{page.title}</span>
        {attention !== null ? (
          <span className="navigation-count">
            <StateMark state={attention.state} />
            {attention.count}
            <span className="visually-hidden"> to look at</span>
          </span>
        ) : (
          count !== null && <span className="navigation-count muted">{count}</span>
        )}
      </a>
    </li>
  );
}
