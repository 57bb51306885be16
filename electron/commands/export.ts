import { resolve } from 'node:path';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { writeFileAtomic } from '../agent/platform/files.ts';
import { connect } from './connect.ts';
import type { Output } from './output.ts';

export async function exportCommand(
  dataDir: DataDir,
  outPath: string | undefined,
  output: Output,
): Promise<void> {
  const connection = await connect(dataDir);
  try {
    const settings = await connection.call('settings.export', {});
    if (outPath === undefined) {
      output.document(settings, 2);
      return;
    }
    writeFileAtomic(resolve(outPath), `${JSON.stringify(settings, null, 2)}\n`);
    output.answer({ exported: true, file: resolve(outPath) }, () =>
      output.line(`Settings written to ${resolve(outPath)}, without passwords.`),
    );
  } finally {
    await connection.close();
  }
}
