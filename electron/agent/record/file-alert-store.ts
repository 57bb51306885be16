import type { Schema, Store } from '../../../mail/store.ts';
import { storedJson } from '../../../mail/store-failure.ts';

export const FILE_ALERT_SCHEMA: Schema = {
  part: 'file-alerts',
  steps: [
    `CREATE TABLE taken_request (
       folder TEXT NOT NULL, name TEXT NOT NULL,
       files TEXT NOT NULL, message_ids TEXT NOT NULL,
       PRIMARY KEY (folder, name)
     ) STRICT, WITHOUT ROWID;`,
  ],
};

/** A file as it was when it was taken in; one that has changed since is another. */
export interface TakenFile {
  readonly name: string;
  readonly modifiedAt: number;
  readonly sizeBytes: number;
}

/** A request whose mail is in the outbox, and whose files stay until every recipient is settled. */
export interface TakenRequest {
  readonly folder: string;
  /** The request first, then its attachments. */
  readonly files: readonly [TakenFile, ...TakenFile[]];
  readonly messageIds: readonly string[];
}

/** Which requests have been taken in: what keeps a restart from mailing them again. */
export interface FileAlertStore {
  inFolder(folder: string): TakenRequest[];
  folders(): string[];
  /** Called in the transaction that puts the mail into the outbox. */
  add(request: TakenRequest): void;
  remove(request: TakenRequest): void;
}

export function createFileAlertStore(store: Store): FileAlertStore {
  return {
    inFolder: (folder) =>
      store.all('SELECT files, message_ids FROM taken_request WHERE folder = ?', folder).map((row) => ({
        folder,
        files: storedJson(row['files'], 'a file alert') as TakenRequest['files'],
        messageIds: storedJson(row['message_ids'], 'a file alert') as string[],
      })),
    folders: () => store.all('SELECT DISTINCT folder FROM taken_request').map((row) => String(row['folder'])),
    add({ folder, files, messageIds }) {
      store.run(
        'INSERT OR REPLACE INTO taken_request (folder, name, files, message_ids) VALUES (?, ?, ?, ?)',
        folder,
        files[0].name,
        JSON.stringify(files),
        JSON.stringify(messageIds),
      );
    },
    remove({ folder, files }) {
      store.run('DELETE FROM taken_request WHERE folder = ? AND name = ?', folder, files[0].name);
    },
  };
}
