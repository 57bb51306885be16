import type { ReactNode } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import type { ListName } from '../../model/settings-change.ts';

export interface EntriesPageProps {
  readonly title: string;
  readonly words: {
    /** On the button of the header. */
    readonly create: string;
    readonly emptyTitle: string;
    readonly empty: string;
    /** On the button of the empty page. */
    readonly first: string;
  };
  readonly onCreate: () => void;
  /** Below the title. */
  readonly intro?: string;
  /** Which entries it lists. */
  readonly list: ListName;
  /** The list where there is something to list, the editor that is open, and whatever else stands on the page. */
  readonly children: (settings: Settings) => ReactNode;
}

/** A page that lists entries of the settings: what they are for while there is none, the button that makes one. */
export function EntriesPage({ title, words, onCreate, intro, list, children }: EntriesPageProps) {
  const { view, failure } = useSettings();
  if (view === null) {
    return (
      <>
        <PageHeader title={title} />
        {failure !== null && <Banner state="critical">{failure}</Banner>}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={title}
        action={
          <Button look="primary" onPress={onCreate}>
            {words.create}
          </Button>
        }
      />
      {intro !== undefined && <p className="muted">{intro}</p>}
      {view.settings[list].length === 0 && (
        <EmptyState title={words.emptyTitle} action={<Button onPress={onCreate}>{words.first}</Button>}>
          {words.empty}
        </EmptyState>
      )}
      {children(view.settings)}
    </>
  );
}
