import type { FileAlertSettings } from '../../shared/contract/settings.ts';

/** A file alert as its editor holds it. */
export interface FileAlertDraft extends Omit<FileAlertSettings, 'recipients'> {
  readonly recipients: readonly string[];
}

export function fileAlertOf(draft: FileAlertDraft): FileAlertSettings {
  return {
    ...draft,
    name: draft.name.trim(),
    folder: draft.folder.trim(),
    recipients: [...draft.recipients],
  };
}
