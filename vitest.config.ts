import { statfsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { METHODS } from './shared/contract/ipc.ts';

const ELECTRON_DOUBLE = [
  { find: /^electron$/, replacement: resolve(import.meta.dirname, 'test/desktop/fakes/electron.ts') },
];

/**
 * Scratch folders of unit tests are in memory where there is room for them (a container may have 64 MB there): none of
 * them pulls the plug, and they wait for the disk a thousand times.
 */
function scratchPlace(): { readonly TMPDIR?: string } {
  const inMemory = '/dev/shm';
  const neededBytes = 512 * 1024 * 1024;
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= neededBytes ? { TMPDIR: inMemory } : {};
  } catch {
    // Only Linux has it.
    return {};
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        // As it ships: in its development shape React records the stack of each element, a third of the time there was.
        oxc: { jsx: { development: false } },
        test: {
          name: 'unit',
          env: { NODE_ENV: 'production', ...scratchPlace() },
          include: ['test/unit/**/*.test.{ts,tsx}'],
          testTimeout: 10_000,
          // One module graph for all files, which nearly halves the time. No unit test mocks a module; what one keeps (certificates, an empty database) is the same for all.
          isolate: false,
          // Most of them wait for sockets: more workers than cores.
          maxWorkers: 4,
          // Projects with other numbers of workers go in groups of their own, one group after the other.
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Electron has no runtime here: a double stands in, whose shape the compiler checks against the real types.
        resolve: { alias: ELECTRON_DOUBLE },
        define: { METHOD_NAMES: JSON.stringify(Object.keys(METHODS)) },
        test: {
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          testTimeout: 10_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'architecture',
          include: ['test/architecture/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/support/one-browser.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Half of the time they wait: one after another they take eight minutes.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // One of them calls by the channels of the desktop app.
        resolve: { alias: ELECTRON_DOUBLE },
        test: {
          name: 'promises',
          include: ['test/promises/**/*.test.ts'],
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
