#!/usr/bin/env node
// The command `campanile`: refuses a Node that is too old before anything is loaded that needs a newer one.
const NODE_MIN = 24;

if (Number.parseInt(process.versions.node, 10) < NODE_MIN) {
  process.stderr.write(`Campanile needs Node ${NODE_MIN}, this is ${process.version}: install Node ${NODE_MIN}.\n`);
  process.exitCode = 1;
} else {
  const { run } = await import('./program.ts');
  const { systemTerminal } = await import('./terminal.ts');
  process.exitCode = await run(process.argv.slice(2), systemTerminal());
}
