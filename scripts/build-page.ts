import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Builds the page into `dist/page`: `index.html` and files under `assets/` whose names bear a hash of what is in them, so
 * that they may be kept for ever. No script or style stands in the HTML, because the page's policy allows none.
 */
export async function buildPage(
  root = join(ROOT, 'renderer'),
  outDir = join(ROOT, 'dist/page'),
  plugins: readonly Plugin[] = [],
): Promise<void> {
  // React's development half stays out, also where a test has this built.
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    plugins: [react(), englishOnly(), ...plugins],
    build: {
      outDir,
      emptyOutDir: true,
      // What the page's CSS needs: light-dark() and relative colours.
      target: ['chrome123', 'firefox128', 'safari17.5'],
      // A data: address would be one more thing for the policy to allow.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      sourcemap: false,
    },
  });
}

/** React Aria brings its words in some thirty languages; the page is in English, and is 150 KB smaller for it. */
function englishOnly(): Plugin {
  return {
    name: 'english-only',
    enforce: 'pre',
    load(id) {
      return /[\\/]react-(?:aria|stately)(?:-components)?[\\/].*[\\/]intl[\\/].*[\\/]?(?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/.test(
        id,
      )
        ? 'export default {};'
        : null;
    },
  };
}
