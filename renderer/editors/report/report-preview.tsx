import { useState } from 'react';
import { useLoaded } from '../../hooks/use-call.ts';
import { entryFaults, faultSentence } from '../../model/entry-faults.ts';
import type { ReportDraft } from '../../model/report-draft.ts';
import { PreviewDialog, type PreviewKind } from '../entry/preview-dialog.tsx';
import { previewable } from './use-live-report.ts';

/** The report's mail as it would be now. */
export function ReportPreview({
  kind,
  draft,
  onClose,
}: {
  readonly kind: PreviewKind;
  readonly draft: ReportDraft;
  readonly onClose: () => void;
}) {
  // A schedule that cannot be read yet does not keep the mail from being seen.
  const [report] = useState(() => ({ ...previewable(draft), cron: null }));
  const loaded = useLoaded('reports.preview', { report });
  const { value } = loaded;
  const faults = value !== null && 'faults' in value ? entryFaults(value.faults, 'reports') : [];
  const failure =
    loaded.state === 'failed'
      ? loaded.sentence
      : faults.length > 0
        ? faults.map(({ message }) => faultSentence(message)).join(' ')
        : null;
  return (
    <PreviewDialog
      kind={kind}
      mail={value !== null && 'mail' in value ? value.mail : null}
      failure={failure}
      onClose={onClose}
    />
  );
}
