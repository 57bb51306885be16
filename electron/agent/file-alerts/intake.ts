import { readdirSync } from 'node:fs';
import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { FileAlertSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Attachment } from '../../../shared/model/message.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import { type PlainRead, readPlainFile } from '../platform/plain-file.ts';
import type { FileAlertStore, TakenFile } from '../record/file-alert-store.ts';
import { isUnchanged, rejectRequest, removeTaken } from './folder.ts';
import {
  ATTACHMENTS_MAX_BYTES,
  type FileAlertRequest,
  parseRequest,
  REQUEST_MAX_BYTES,
  REQUEST_SUFFIX,
} from './request.ts';

export interface IntakeOptions {
  readonly fileAlerts: () => readonly FileAlertSettings[];
  readonly store: Store;
  readonly taken: FileAlertStore;
  readonly outbox: Outbox;
  readonly log: DeliveryLog;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  readonly clock: Clock;
  /** Told after mails have entered the outbox for good. */
  readonly onQueued: () => void;
  /** Told of a request that was refused and of a folder that cannot be read, each time it happens anew. */
  readonly onTrouble: (text: string) => void;
}

/** The File API: other programs drop requests into folders, and Tocsin mails them. */
export interface FileAlertIntake {
  /** Takes in what is new, and removes the files of what is settled. Runs one scan at a time. */
  scan(): Promise<void>;
}

/** A request that cannot be read and is younger than this may still be being written. */
const UNFINISHED_MS = 2000;
/** So many troubles are remembered as told; whoever fills a folder with bad names fills no memory. */
const MOST_TROUBLES = 1000;

type Loaded =
  | {
      readonly kind: 'request';
      readonly request: FileAlertRequest;
      readonly files: [TakenFile, ...TakenFile[]];
      readonly attachments: Attachment[];
    }
  | { readonly kind: 'rejected'; readonly reasons: readonly string[] }
  | { readonly kind: 'unfinished' };

export function createFileAlertIntake(options: IntakeOptions): FileAlertIntake {
  const { taken, clock } = options;
  const troubled = new Set<string>();
  let running: Promise<void> = Promise.resolve();

  const trouble = (key: string, text: string) => {
    if (troubled.size > MOST_TROUBLES) troubled.clear();
    if (!troubled.has(key)) options.onTrouble(text);
    troubled.add(key);
  };

  const namesIn = (fileAlert: FileAlertSettings): string[] => {
    const { folder, name } = fileAlert;
    try {
      const names = readdirSync(folder).filter(
        (entry) => entry.endsWith(REQUEST_SUFFIX) && !entry.startsWith('.'),
      );
      troubled.delete(folder);
      return names.toSorted();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      trouble(folder, `The folder ${folder} of the file alert “${name}” cannot be read: ${why}`);
      return [];
    }
  };

  const takeIn = async (fileAlert: FileAlertSettings, name: string, loaded: Loaded) => {
    const { folder } = fileAlert;
    if (loaded.kind === 'unfinished') return;
    if (loaded.kind === 'rejected') {
      const failed = rejectRequest(folder, name, loaded.reasons);
      trouble(
        `${folder}/${name}`,
        `The request ${name} of the file alert “${fileAlert.name}” was refused: ${loaded.reasons.join('; ')}${failed ?? ''}`,
      );
      return;
    }
    const composer = await options.composer();
    const { request, files, attachments } = loaded;
    const alert = {
      name: fileAlert.name,
      severity: request.severity,
      subject: request.subject,
      message: request.message,
      attachments: attachments.map((file) => ({ name: file.name, sizeBytes: file.content.length })),
      recipients: fileAlert.recipients,
      emailProperties: fileAlert.emailProperties,
    };
    const messages = composer.fileAlert(alert, options.composeContext());
    options.store.transaction(() => {
      options.outbox.accept(messages, clock.now());
      for (const message of messages) options.outbox.attach(message.id, attachments);
      taken.add({ folder, files, messageIds: messages.map((message) => message.id) });
    });
    options.onQueued();
  };

  const scanFolder = async (fileAlert: FileAlertSettings) => {
    const { folder } = fileAlert;
    const known = taken.inFolder(folder);
    const names = namesIn(fileAlert);
    if (names.length > 0 && fileAlert.recipients.length === 0) {
      trouble(
        folder,
        `The file alert “${fileAlert.name}” has no recipients, so the requests in ${folder} stay there.`,
      );
      return;
    }
    for (const name of names) {
      const before = known.find((request) => request.files[0].name === name);
      if (before && isUnchanged(folder, before.files[0])) continue;
      await takeIn(fileAlert, name, loadRequest(folder, name, clock.now()));
    }
  };

  const clearSettled = () => {
    for (const folder of taken.folders()) {
      for (const request of taken.inFolder(folder)) {
        if (!request.messageIds.every((id) => options.log.isSettled(id))) continue;
        const failed = removeTaken(request);
        if (failed === null) taken.remove(request);
        else trouble(`${folder}/${request.files[0].name}`, failed);
      }
    }
  };

  const scan = async () => {
    clearSettled();
    for (const fileAlert of options.fileAlerts()) if (fileAlert.enabled) await scanFolder(fileAlert);
  };

  return {
    scan() {
      const scanning = running.then(scan);
      running = scanning.catch(() => {});
      return scanning;
    },
  };
}

/** Reads a request with its attachments whole, so that what is mailed is what was there when it was taken in. */
function loadRequest(folder: string, name: string, now: number): Loaded {
  const file = readPlainFile(folder, name, REQUEST_MAX_BYTES);
  if (!file.ok) return file.missing ? { kind: 'unfinished' } : { kind: 'rejected', reasons: [file.reason] };
  const parsed = parseRequest(file.content.toString('utf8'));
  if (!parsed.ok) {
    return now - file.modifiedAt < UNFINISHED_MS
      ? { kind: 'unfinished' }
      : { kind: 'rejected', reasons: parsed.reasons };
  }
  const { request } = parsed;
  const reads = request.attachments.map((attachment) =>
    readPlainFile(folder, attachment, ATTACHMENTS_MAX_BYTES),
  );
  const reasons = reads.flatMap((read) => (read.ok ? [] : [read.reason]));
  const contents = reads.flatMap((read) => (read.ok ? [read] : []));
  const bytes = contents.reduce((sum, read) => sum + read.content.length, 0);
  if (bytes > ATTACHMENTS_MAX_BYTES) {
    reasons.push(
      `The attachments have ${bytes} bytes together; at most ${ATTACHMENTS_MAX_BYTES} are allowed.`,
    );
  }
  if (reasons.length > 0) return { kind: 'rejected', reasons };
  const attached = contents.map((read, index) => ({ name: request.attachments[index] ?? '', read }));
  return {
    kind: 'request',
    request,
    files: [takenFile(name, file), ...attached.map((entry) => takenFile(entry.name, entry.read))],
    attachments: attached.map((entry) => ({ name: entry.name, content: entry.read.content })),
  };
}

function takenFile(name: string, read: Extract<PlainRead, { ok: true }>): TakenFile {
  return { name, modifiedAt: read.modifiedAt, sizeBytes: read.content.length };
}
