import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { damagedDatabases, fileMark } from '../platform/damaged-files.ts';
import type { DataDir } from '../platform/data-dir.ts';
import type { Trouble } from './troubles.ts';

export interface DamageSources {
  readonly dataDir: DataDir;
  readonly now: number;
  /** Faults of the stored settings, where the last good copy stands in for them; null once that is over. */
  readonly settingsFaults: () => readonly SettingsFault[] | null;
  /** What is wrong with the stored passwords, as they are now. */
  readonly secretsFault: () => string | null;
}

/** So many faults are named in a mail; a file that is damaged all over has hundreds. */
const MOST_FAULTS = 5;

/** What was found damaged in the data folder, as troubles to tell of. */
export function damageTroubles(sources: DamageSources): Trouble[] {
  const { dataDir } = sources;
  const settingsFaults = sources.settingsFaults();
  const secretsFault = sources.secretsFault();
  const troubles: Trouble[] = damagedDatabases(dataDir.databasePath).map(({ path, foundAt }) => ({
    key: `damage ${path}`,
    name: 'Damaged database',
    since: foundAt,
    text: `The database was damaged. It is kept as ${path}, and Tocsin goes on with a new one.`,
    paragraphs: [
      'Mail that was waiting in it is not sent. Alerts whose cause still holds have fired anew; the delivery log begins anew.',
      'The disk may be failing, or another program wrote to the file. Check the disk. Run "tocsin ack "Damaged database"" to take this out of the status.',
    ],
  }));
  if (settingsFaults !== null) {
    const mark = fileMark(dataDir.settingsPath);
    const named = settingsFaults
      .slice(0, MOST_FAULTS)
      .map(({ path, message }) => `${path === '' ? 'The file' : path} ${message}.`);
    troubles.push({
      key: `settings ${mark}`,
      name: 'Damaged settings',
      since: sources.now,
      text: `${dataDir.settingsPath} cannot be used. Tocsin runs in safe mode, with the settings as they were last taken in.`,
      paragraphs: [
        ...named,
        'Take in sound settings with "tocsin import FILE"; the damaged file is kept beside them.',
      ],
      isOver: () => sources.settingsFaults() === null,
    });
  }
  if (secretsFault !== null) {
    const mark = fileMark(dataDir.secretsPath);
    troubles.push({
      key: `secrets ${mark} ${fileMark(dataDir.keyPath)}`,
      name: 'Damaged passwords',
      since: sources.now,
      text: `Stored passwords cannot be read: ${secretsFault}. Servers that need them are not used.`,
      paragraphs: ['Take in the settings again with their passwords; the damaged file is kept beside them.'],
      isOver: () => sources.secretsFault() === null,
    });
  }
  return troubles;
}
