// The one door of the command line: its commands, for whoever runs them in this process or writes about them.
export { doingCommands, EXAMPLES } from './examples.ts';
export { EXIT, EXIT_TEXT } from './outcome.ts';
export { commandTree, run } from './program.ts';
export { systemTerminal, type Terminal } from './terminal.ts';
