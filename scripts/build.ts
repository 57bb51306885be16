/** Builds `dist/`: the agent and the relay with their commands as plain JavaScript. Runs by itself at the end of `npm ci` (prepare). */
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
      input: { headless: 'electron/headless.ts', relay: 'relay/main.ts' },
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
