import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { newCode, hashCode } from '../enrolment-code.ts';
import type { RelayDataDir } from '../platform/data-dir.ts';
import { openRelayStore } from '../store/open-relay-store.ts';
import type { Installation, RelayStore } from '../store/relay-store.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { installationLine, installationLines, installationValue } from './installation-words.ts';
import type { Output } from './output.ts';

export interface AddOptions {
  readonly expiresAt: number | null;
  readonly replyTo: string | null;
  readonly validMinutes: number;
  /** A new code for an installation that is there already; its key stays valid until the code is used. */
  readonly renew: boolean;
}

const MINUTE_MS = 60_000;

/** Prints the one-time code, alone on stdout, and what to do with it on stderr. */
export async function addInstallation(
  dataDir: RelayDataDir,
  name: string,
  { expiresAt, replyTo, validMinutes, renew }: AddOptions,
  output: Output,
): Promise<void> {
  await withStore(dataDir, async (store) => {
    const now = systemClock.now();
    const code = newCode();
    const validUntil = now + validMinutes * MINUTE_MS;
    const kept = { hash: hashCode(code), validUntil };
    let installation = await store.findInstallation(name);
    if (renew) {
      if (installation === null) throw notFound(name);
      await store.renewCode(installation.id, kept);
    } else {
      const added = await store.addInstallation(
        { id: systemRandom.id(now), name, replyTo, expiresAt },
        kept,
        now,
      );
      if (!added) {
        throw new CommandFailure(
          EXIT.no,
          `There is an installation called “${name}” already. Choose another name, or add --renew for a new code for it.`,
        );
      }
      installation = await store.findInstallation(name);
    }
    if (installation === null) throw notFound(name);
    const until = new Date(validUntil).toISOString();
    output.answer(
      {
        installationId: installation.id,
        name: installation.name,
        code,
        validUntil: until,
        expiresAt: iso(installation.expiresAt),
      },
      [code],
    );
    if (!output.json) {
      output.note(
        `Valid once, until ${until}. On the computer: tocsin enroll ${code} --relay URL-OF-THIS-SERVICE`,
      );
    }
  });
}

export async function listInstallations(dataDir: RelayDataDir, output: Output): Promise<void> {
  await withStore(dataDir, async (store) => {
    const installations = await store.listInstallations();
    const now = systemClock.now();
    const lines =
      installations.length === 0
        ? ['No installations yet. "tocsin-relay installation add NAME" makes one and prints its code.']
        : installations.map((each) => installationLine(each, now));
    output.answer(
      installations.map((each) => installationValue(each, now)),
      lines,
    );
  });
}

export async function showInstallation(dataDir: RelayDataDir, name: string, output: Output): Promise<void> {
  await withStore(dataDir, async (store) => {
    const installation = await existing(store, name);
    const unsubscribed = await store.suppressed(installation.id);
    const now = systemClock.now();
    output.answer(
      { ...installationValue(installation, now), unsubscribed },
      installationLines(installation, unsubscribed, now),
    );
  });
}

/** Null: the subscription never ends. */
export async function extendInstallation(
  dataDir: RelayDataDir,
  name: string,
  expiresAt: number | null,
  output: Output,
): Promise<void> {
  await withStore(dataDir, async (store) => {
    const { id } = await existing(store, name);
    await store.setExpiry(id, expiresAt);
    await answerState(store, id, output);
  });
}

export async function revokeInstallation(dataDir: RelayDataDir, name: string, output: Output): Promise<void> {
  await withStore(dataDir, async (store) => {
    const { id } = await existing(store, name);
    await store.revoke(id, systemClock.now());
    await answerState(store, id, output);
  });
}

/** Undoes an unsubscription. */
export async function allowRecipient(
  dataDir: RelayDataDir,
  name: string,
  address: string,
  output: Output,
): Promise<void> {
  await withStore(dataDir, async (store) => {
    const { id } = await existing(store, name);
    if (!(await store.unsuppress(id, address))) {
      throw new CommandFailure(EXIT.no, `${address} has not unsubscribed from ${name}.`);
    }
    output.answer({ allowed: address }, [`${address} gets mail of ${name} again.`]);
  });
}

async function answerState(store: RelayStore, id: string, output: Output): Promise<void> {
  const installation = await existing(store, id);
  const now = systemClock.now();
  output.answer(installationValue(installation, now), [installationLine(installation, now)]);
}

async function existing(store: RelayStore, name: string): Promise<Installation> {
  const installation = await store.findInstallation(name);
  if (installation === null) throw notFound(name);
  return installation;
}

function notFound(name: string): CommandFailure {
  return new CommandFailure(
    EXIT.no,
    `There is no installation with the name or id “${name}”. "tocsin-relay installation list" shows them all.`,
  );
}

/** Works on the folder directly, whether the service runs on it or not. */
async function withStore(dataDir: RelayDataDir, work: (store: RelayStore) => Promise<void>): Promise<void> {
  const opened = openRelayStore(dataDir.databasePath, systemRandom);
  if (!opened.ok) throw new CommandFailure(EXIT.cannot, opened.error.message, opened.error.code);
  const { relayStore } = opened.value;
  try {
    await work(relayStore);
  } finally {
    await relayStore.close();
  }
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
