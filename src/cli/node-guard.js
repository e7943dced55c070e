// Loaded before the sources (`node --import`): a Node that cannot run them gets one clear sentence instead of a stack.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `Campanile needs Node 24, this is ${process.version}: run "npm ci" with install scripts allowed for the package "node", or install Node 24.\n`,
  );
  process.exit(1);
}
