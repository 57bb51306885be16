/** What all editors say. */
export const EDITOR = {
  cancel: 'Cancel',
  save: 'Save',
  tabs: 'Parts of the entry',
  preview: 'Preview:',
  previewMail: 'Mail',
  previewText: 'Text',
  previewSms: 'SMS',
  previewWait: 'Measuring, and writing the mail …',
  noHtml: 'This mail is sent as plain text, without HTML.',
  noSms: 'No SMS address stands on the tab “SMS Text Messaging (Optional)”, so no SMS is sent.',
  from: 'From',
  subject: 'Subject',
  general: 'General',
  recipients: 'Recipients',
  emailProperties: 'Email Properties (Optional)',
  name: 'Name',
  enabled: 'Enabled',
  nobody: 'Nobody',
  changedElsewhere: 'it was changed elsewhere meanwhile.',
  gone: 'It is not there any more: it was removed or renamed.',
  backToList: 'Back to the list',
  knownAddresses: 'Used elsewhere:',
  recipientsLabel: 'Recipients',
  recipientsNote:
    'Enter after each, or paste a list. Each address has an outcome of its own in the delivery log.',
} as const;

/** What can be done with an entry where it stands in a list. */
export const ENTRY_MENU = {
  edit: 'Edit',
  duplicate: 'Duplicate',
  turnOff: 'Turn off',
  turnOn: 'Turn on',
  remove: 'Delete',
} as const;

export function savedText(name: string): string {
  return `“${name}” was saved.`;
}

export function removedText(name: string): string {
  return `“${name}” was deleted.`;
}

export function duplicateNameText(name: string): string {
  return `“${name}” is the name of another one. Names must differ.`;
}

/** "Nothing was saved. 2 faults: General, Recipients." */
export function faultsText(count: number, tabs: readonly string[]): string {
  const some = count === 1 ? 'One thing is to be mended' : `${count} things are to be mended`;
  return tabs.length === 0
    ? `Nothing was saved. ${some}.`
    : `Nothing was saved. ${some}: see ${tabs.join(', ')}.`;
}

export function smsLengthText(length: number): string {
  return `${length} of 160 characters`;
}

export function turnedText(name: string, isOn: boolean): string {
  return isOn ? `“${name}” is on.` : `“${name}” is off.`;
}

export function notChangedText(name: string, reason: string): string {
  return `“${name}” could not be changed: ${reason}`;
}
