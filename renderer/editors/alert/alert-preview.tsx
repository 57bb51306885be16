import { useState } from 'react';
import { useLoaded } from '../../hooks/use-call.ts';
import { type AlertDraft, soundPart } from '../../model/alert-draft.ts';
import { entryFaults, faultSentence } from '../../model/entry-faults.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { PreviewDialog, type PreviewKind } from '../entry/preview-dialog.tsx';

/** The alert's mail as it would be if it fired now. */
export function AlertPreview({
  kind,
  draft,
  onClose,
}: {
  readonly kind: PreviewKind;
  readonly draft: AlertDraft;
  readonly onClose: () => void;
}) {
  const [alert] = useState(() => soundPart(draft, ALERTS.newTitle));
  const loaded = useLoaded('alerts.preview', { alert });
  const { value } = loaded;
  const shown = value !== null && 'mail' in value ? value : null;
  return (
    <PreviewDialog
      kind={kind}
      mail={shown?.mail ?? null}
      sms={shown?.sms ?? null}
      failure={failureOf(loaded)}
      onClose={onClose}
    />
  );
}

/** Why there is no mail to show. */
function failureOf(loaded: ReturnType<typeof useLoaded<'alerts.preview'>>): string | null {
  if (loaded.state === 'failed') return loaded.sentence;
  if (loaded.value === null || !('faults' in loaded.value)) return null;
  if (loaded.value.faults.some(({ path }) => path === 'conditions')) return ALERTS.noCondition;
  return entryFaults(loaded.value.faults, 'alerts')
    .map(({ message }) => faultSentence(message))
    .join(' ');
}
