import './tabs.css';
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { StateMark } from './state-mark.tsx';

export interface TabItem {
  readonly id: string;
  readonly title: string;
  /** How many faults stand on it; it bears a mark and the number. */
  readonly faults?: number;
  readonly content: ReactNode;
}

export interface TabsProps {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly selected?: string;
  readonly onSelect?: (id: string) => void;
}

/** Pages within a page or an editor. All of them stay alive, so that what was typed on one is there on return. */
export function Tabs({ label, items, selected, onSelect }: TabsProps) {
  const choice = {
    ...(selected === undefined ? {} : { selectedKey: selected }),
    ...(onSelect === undefined ? {} : { onSelectionChange: (key: string | number) => onSelect(String(key)) }),
  };
  return (
    <AriaTabs {...choice} className="tabs">
      <TabList aria-label={label} className="tab-list">
        {items.map(({ id, title, faults = 0 }) => (
          <Tab key={id} id={id} className="tab">
            {title}
            {faults > 0 && (
              <span className="tab-faults">
                <StateMark state="critical" />
                {faults}
                <span className="visually-hidden">{faults === 1 ? ' fault' : ' faults'}</span>
              </span>
            )}
          </Tab>
        ))}
      </TabList>
      {items.map(({ id, content }) => (
        <TabPanel key={id} id={id} shouldForceMount className="tab-panel">
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
