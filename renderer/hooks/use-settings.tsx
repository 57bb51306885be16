import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react';
import { type SaveOutcome, SettingsSource, type SettingsState } from '../api/settings-source.ts';
import type { SettingsChange } from '../model/settings-change.ts';
import { useClient } from './client.tsx';

const SettingsContext = createContext<SettingsSource | null>(null);

export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const [source] = useState(() => new SettingsSource(client));
  return <SettingsContext value={source}>{children}</SettingsContext>;
}

export interface SettingsAccess extends SettingsState {
  /** Saves a change, made by `changeEntry` or `changeSection`, to the settings in force; nothing shows before it is saved. */
  readonly save: (change: SettingsChange) => Promise<SaveOutcome>;
}

/** The settings in force, their passwords left out, and the way to change them. */
export function useSettings(): SettingsAccess {
  const source = useContext(SettingsContext);
  if (source === null) throw new Error('There is no SettingsProvider around this component');
  const state = useSyncExternalStore(source.subscribe, source.state);
  return { ...state, save: (change) => source.save(change) };
}
