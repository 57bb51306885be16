import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { METHODS } from '../shared/contract/ipc.ts';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Builds the desktop app into `dist/desktop`: `main.cjs` with the agent and everything it needs, so that the package brings
 * no node_modules, and `preload.cjs`, one file, as a sandboxed preload script has to be.
 */
export async function buildDesktop(
  plugins: readonly Plugin[] = [],
  outDir = join(ROOT, 'dist/desktop'),
): Promise<void> {
  await buildOne('electron/main.ts', 'main', outDir, plugins);
  await buildOne('electron/preload.ts', 'preload', outDir, plugins);
}

async function buildOne(
  entry: string,
  name: 'main' | 'preload',
  outDir: string,
  plugins: readonly Plugin[],
): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    plugins: [...plugins],
    define: {
      'process.env.NODE_ENV': '"production"',
      METHOD_NAMES: JSON.stringify(Object.keys(METHODS)),
    },
    ssr: { noExternal: true, external: ['electron'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: name === 'main',
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
