import { join, resolve } from 'node:path';
import { build } from 'vite';
import { METHODS } from '../shared/contract/ipc.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Builds the desktop app into `dist/desktop`: `main.cjs` with the agent and everything it needs, so that the package brings
 * no node_modules, and `preload.cjs`, one file, as a sandboxed preload script has to be.
 */
export async function buildDesktop(outDir = join(ROOT, 'dist/desktop')): Promise<void> {
  await buildOne('electron/main.ts', 'main', outDir, true);
  await buildOne('electron/preload.ts', 'preload', outDir, false);
}

async function buildOne(entry: string, name: string, outDir: string, isFirst: boolean): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    define: {
      'process.env.NODE_ENV': '"production"',
      METHOD_NAMES: JSON.stringify(Object.keys(METHODS)),
    },
    ssr: { noExternal: true, external: ['electron'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: isFirst,
      target: 'node24',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: { [name]: join(ROOT, entry) },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  });
}
