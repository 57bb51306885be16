/**
 * Builds `dist/`: the agent and the relay, each with its commands, as plain JavaScript, the desktop app, and the page that the agent serves.
 * Runs by itself at the end of `npm ci` (prepare). CommonJS, because an `import` of a Node module reads all that it exports, which loads undici, HTTP/2
 * and WebCrypto for nothing: 7 MB of an agent's memory. Two builds, so that the agent shares no file with the service.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'vite';
import { buildDesktop } from './build-desktop.ts';
import { buildPage } from './build-page.ts';
import { licenceTexts, notePackages } from './licence-texts.ts';
import { licencesOf } from './licences.ts';

interface Program {
  readonly name: string;
  readonly entry: string;
  readonly outDir: string;
}

const PROGRAMS: readonly Program[] = [
  { name: 'headless', entry: 'electron/headless.ts', outDir: 'dist' },
  { name: 'relay', entry: 'relay/main.ts', outDir: 'dist/relay' },
];

// Whatever starts this: a development build names the files of this computer in what it makes.
process.env['NODE_ENV'] = 'production';

for (const { name, entry, outDir } of PROGRAMS) {
  await build({
    configFile: false,
    logLevel: 'error',
    // React's development half stays out.
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, external: ['systeminformation', 'smtp-server'], target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: { [name]: entry },
        output: {
          format: 'cjs',
          // One character beyond Latin-1 makes V8 keep a whole file at two bytes a character: 1.5 MB of an agent's memory.
          comments: false,
          minify: {
            compress: false,
            mangle: false,
            codegen: { removeWhitespace: false, asciiOnly: true, legalComments: 'none' },
          },
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
        },
      },
    },
  });
}

const packages = new Set<string>();
await buildDesktop([notePackages(packages)]);
await buildPage(undefined, undefined, [notePackages(packages)]);
writeFileSync('dist/LICENCES.txt', licenceTexts(packages));
// As the lock file names them, wherever node_modules may be linked to.
const bundled = new Set(
  [...packages].map((dir) => dir.replaceAll('\\', '/').replace(/^.*?(?=node_modules\/)/, '')),
);
writeFileSync(
  'dist/licences.json',
  `${JSON.stringify(licencesOf(readFileSync('package-lock.json', 'utf8'), bundled))}\n`,
);
