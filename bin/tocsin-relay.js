#!/usr/bin/env node
// Plain JavaScript that old versions of Node read as well, so that they get a sentence instead of a stack.
const needed = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `Tocsin needs Node ${needed.join('.')} or newer, and this is ${process.versions.node}. ` +
      'Run it by "npx tocsin-relay", which brings the right one after "npm ci".\n',
  );
  process.exitCode = 3;
} else {
  // Whoever reads the output may have read enough ("tocsin log | head").
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  import('../dist/relay/relay.cjs').then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      const missing = error.code === 'ERR_MODULE_NOT_FOUND';
      process.stderr.write(
        missing ? 'Tocsin has not been built yet. Run "npm ci" or "npm run build".\n' : `${error.stack}\n`,
      );
      process.exitCode = 3;
    },
  );
}
