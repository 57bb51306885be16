#!/usr/bin/env node
// Plain JavaScript that old versions of Node read as well, so that they get a sentence instead of a stack.
const needed = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `Tocsin needs Node ${needed.join('.')} or newer, and this is ${process.versions.node}. ` +
      'Run it by "npx tocsin", which brings the right one after "npm ci".\n',
  );
  process.exitCode = 3;
} else {
  beFrugal();
  // Whoever reads the output may have read enough ("tocsin log | head").
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  process.stderr.on('error', () => {});
  const program = load();
  if (program !== null) void program.main(process.argv.slice(2));
}

function load() {
  try {
    return require('../dist/headless.cjs');
  } catch (error) {
    const missing = error.code === 'MODULE_NOT_FOUND';
    process.stderr.write(
      missing ? 'Tocsin has not been built yet. Run "npm ci" or "npm run build".\n' : `${error.stack}\n`,
    );
    process.exitCode = 3;
    return null;
  }
}

/**
 * An agent runs for months and works a few milliseconds in every ten seconds: V8's usual choices spend memory on a
 * speed that it has no use for. It takes them back when mail piles up (electron/agent/platform/pace.ts).
 */
function beFrugal() {
  const { setFlagsFromString } = require('node:v8');
  // What is short-lived stays in 1 MB instead of growing to 16: 5 MB less.
  setFlagsFromString('--semi-space-growth-factor=1');
  // The quicker of the two optimising compilers comes some thirty times as late, which start and checks do not notice:
  // 11 MB less. The other one would be called in for a single loop of the start, and 6 MB of its code stay in memory.
  setFlagsFromString('--invocation-count-for-maglev=10000');
  setFlagsFromString('--no-turbofan');
  // Compiled code is kept beside the program it was made of; where that cannot be written, nothing is kept.
  require('node:module').enableCompileCache(require('node:path').join(__dirname, '../dist/.compile-cache'));
}
