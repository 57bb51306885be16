/** What the page File Alerts and its editor say. */
export const FILES = {
  create: 'New file alert',
  newTitle: 'New file alert',
  emptyTitle: 'No file alerts yet.',
  empty:
    'With a file alert, another program drops a request into a folder, with attachments if it likes, and Tocsin mails it: a backup tool, for instance.',
  first: 'Set one up',
  columns: {
    name: 'File alert',
    folder: 'Folder',
    requests: 'Requests',
    last: 'Last mail',
    recipients: 'Recipients',
  },
  off: 'Off',
  nothingWaits: 'None waits',
  neverMailed: 'None yet',
  looking: '…',
  enabledNote: 'While it is off, requests stay in the folder.',
  folder: 'Folder',
  folderNote: 'In full, from the root or the drive. Tocsin must be allowed to read and write it.',
  folderMissing: 'Type the folder in full, such as /var/spool/backup-alerts.',
  whenNone: 'Nobody is mailed as it stands: requests stay in the folder until somebody is.',
  how: 'How a program writes a request',
  howSteps: [
    'Write the attachments into the folder, if there are any: at most 5 plain files, 2 MiB together.',
    'Write the request under another name, and then rename it to a name that ends in .alert.json.',
    'Tocsin mails it, and removes the files once every recipient is settled. A request that it cannot read goes to the folder “rejected”, with the reason beside it.',
  ],
  example: 'Example of a request',
  copy: 'Copy',
  copied: 'Copied',
  rejected: 'Refused requests',
  rejectedNote: 'They stay in the folder “rejected” until somebody removes them.',
} as const;

/** What a program writes: every key, with what is usual. */
export const EXAMPLE_REQUEST = `{
  "subject": "Backup failed",
  "message": "Tape 3 is full.",
  "severity": "critical",
  "attachments": ["backup.log"]
}`;

export function waitingText(count: number): string {
  return count === 1 ? '1 waits' : `${count} wait`;
}

export function rejectedText(count: number): string {
  return count === 1 ? '1 refused' : `${count} refused`;
}

export function folderFoundText(waiting: number): string {
  if (waiting === 0) return 'The folder is there, and no request waits in it.';
  return waiting === 1
    ? 'The folder is there; 1 request waits in it.'
    : `The folder is there; ${waiting} requests wait in it.`;
}
