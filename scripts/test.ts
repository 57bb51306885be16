/** `npm test`: every test there is, and as the last line `N passed, N failed` (`, N skipped` where some were). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface JsonReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const scratchDir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const reportPath = join(scratchDir, 'report.json');
const words = [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportPath}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync('vitest', words, { stdio: 'inherit', shell: process.platform === 'win32' });

let report: JsonReport | null = null;
try {
  report = JSON.parse(readFileSync(reportPath, 'utf8')) as JsonReport;
} catch {
  console.log('The test runner ended without a report.');
}
rmSync(scratchDir, { recursive: true, force: true });

// A file that could not even be loaded holds no test that failed, and still is a failure.
const broken = (report?.testResults ?? []).filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const passed = report?.numPassedTests ?? 0;
let failed = (report?.numFailedTests ?? 0) + broken.length;
if (failed === 0 && status !== 0) failed = 1;
const skipped = report?.numPendingTests ?? 0;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
