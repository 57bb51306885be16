import './entry.css';
import { type ReactNode, useState } from 'react';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { type EntryFaults, faultCount } from '../../model/entry-faults.ts';
import { EDITOR, faultsText } from '../../strings/editor.ts';
import type { EntryEditor } from './use-entry-editor.ts';

/** One tab of an editor, and the fields of the entry that stand on it. */
export interface EntryTab {
  readonly id: string;
  readonly title: string;
  readonly paths: readonly string[];
  readonly content: ReactNode;
}

export interface EntryDialogProps {
  readonly title: string;
  readonly editor: Pick<EntryEditor<object>, 'faults' | 'failure' | 'isSaving' | 'save' | 'close'>;
  readonly tabs: readonly EntryTab[];
  /** Left of Cancel and Save. */
  readonly aside?: ReactNode;
}

/** The window of an editor: its tabs with their faults, and Save, which leads to the first fault. */
export function EntryDialog({ title, editor, tabs, aside }: EntryDialogProps) {
  const [selected, setSelected] = useState(tabs[0]?.id ?? '');
  const { faults, failure, isSaving } = editor;
  const save = async () => {
    const found = await editor.save();
    const [first] = tabs.filter(({ paths }) => faultCount(found, paths) > 0);
    if (first !== undefined) setSelected(first.id);
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={editor.close}
      size="editor"
      footer={
        <>
          <div className="row at-start entry-aside">{aside}</div>
          <Button onPress={editor.close}>{EDITOR.cancel}</Button>
          <Button look="primary" isPending={isSaving} onPress={() => void save()}>
            {EDITOR.save}
          </Button>
        </>
      }
    >
      {failure !== null && (
        <Banner state="critical" isUrgent>
          {failure}
        </Banner>
      )}
      {faults.length > 0 && (
        <Banner state="critical" isUrgent>
          {faultsSentence(faults, tabs)}
        </Banner>
      )}
      <Tabs
        label={EDITOR.tabs}
        selected={selected}
        onSelect={setSelected}
        items={tabs.map(({ paths, ...tab }) => ({ ...tab, faults: faultCount(faults, paths) }))}
      />
    </Dialog>
  );
}

function faultsSentence(faults: EntryFaults, tabs: readonly EntryTab[]): string {
  const shown = tabs.filter(({ paths }) => faultCount(faults, paths) > 0);
  const nowhere = faults.filter((fault) => !tabs.some(({ paths }) => faultCount([fault], paths) > 0));
  const rest = nowhere.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  const sentence = faultsText(
    faults.length,
    shown.map((tab) => tab.title),
  );
  return rest === '' ? sentence : `${sentence} ${rest}`;
}
