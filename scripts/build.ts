/**
 * Builds `dist/`: the agent and its commands as plain JavaScript. Runs by itself at the end of `npm ci` (prepare).
 * CommonJS, because an `import` of a Node module reads all that it exports, which loads undici, HTTP/2 and WebCrypto
 * for nothing: 7 MB of an agent's memory.
 */
import { build } from 'vite';

await build({
  configFile: false,
  logLevel: 'warn',
  // React's development half stays out.
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true, external: ['systeminformation', 'smtp-server'], target: 'node' },
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { headless: 'electron/headless.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});
