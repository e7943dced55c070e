// `campanile backup` and `campanile restore`: a copy of a server's data while it runs, and a server's data from a copy.
import type { Command } from 'commander';
import type { BackedUpFile, Flags, Manifest, ServerConfig } from '../server/index.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { makeSure, type SureOptions, withYes } from './sure.ts';
import type { Terminal } from './terminal.ts';

interface PlaceOptions {
  readonly data?: string;
  /** The directory of the server's images, where it is not the usual one. */
  readonly images?: string;
  readonly json: boolean;
}

interface BackupOptions extends PlaceOptions {
  readonly withoutImages: boolean;
  readonly withoutKeys: boolean;
}

export function addBackup(program: Command, act: Act): void {
  withPlace(program.command('backup'))
    .description("copy a server's data into a new directory, also while it runs; whoever has the copy has its secrets")
    .argument('<directory>', 'new or empty')
    .option('--without-images', 'they are large, and never change', false)
    .option('--without-keys', 'without operator.key, server.secret and ledger-key.pem', false)
    .action(act(backup));
  withYes(withPlace(program.command('restore')))
    .description('put a backup into an empty data directory; every campaign is paused until it is resumed')
    .argument('<directory>', 'a backup')
    .action(act(restore));
}

const withPlace = (command: Command): Command =>
  command
    .option('--data <directory>', 'data directory of the server (./campanile-data)')
    .option('--images <directory>', 'its images, where serve has --images')
    .option('--json', 'machine-readable output', false);

async function configOf({ data, images }: PlaceOptions, terminal: Terminal): Promise<ServerConfig> {
  const { readConfig } = await import('../server/index.ts');
  const flags: Flags = {
    ...(data === undefined ? {} : { data }),
    ...(images === undefined ? {} : { images }),
  };
  // Only where the data lies is asked: the other settings are those of the server.
  const { CAMPANILE_HOST: _host, ...env } = terminal.env;
  const result = readConfig(flags, env);
  if (!result.ok) throw new UsageError(result.sentences.join('\n'));
  return result.config;
}

async function backup(terminal: Terminal, target: string, options: BackupOptions): Promise<void> {
  const { takeBackup } = await import('../server/index.ts');
  const config = await configOf(options, terminal);
  const { withoutImages, withoutKeys } = options;
  const manifest = await takeBackup(config, {
    target,
    images: !withoutImages,
    keys: !withoutKeys,
    told: teller(terminal),
  });
  terminal.bar?.('');
  if (options.json) {
    terminal.out(JSON.stringify(manifest));
    return;
  }
  terminal.out(`${target} holds ${contentsOf(manifest)}, as of ${manifest.takenAt}.`);
  terminal.out(`Not in it: ${manifest.without.join('; ')}.`);
}

function teller(terminal: Terminal): (file: BackedUpFile) => void {
  let [files, bytes] = [0, 0];
  return (file) => {
    files += 1;
    bytes += file.bytes;
    terminal.bar?.(`${files} files, ${Math.floor(bytes / (1024 * 1024))} MiB`);
  };
}

function contentsOf({ database, files }: Manifest): string {
  const images = files.filter(({ path }) => path.startsWith('images/')).length;
  const keys = files.filter(({ path }) => path.endsWith('.key') || path.endsWith('.secret') || path.endsWith('.pem'));
  const rows = database === 'sqlite' ? 'the database, ' : '';
  return `${rows}${images} images and ${keys.length} files with keys`;
}

async function restore(terminal: Terminal, source: string, options: PlaceOptions & SureOptions): Promise<void> {
  const { restoreBackup } = await import('../server/index.ts');
  const config = await configOf(options, terminal);
  await makeSure(
    terminal,
    options,
    `${source} goes into ${config.data}. See that the server it was taken from never runs again: two servers would update the same devices.`,
  );
  const manifest = await restoreBackup(config, { source, told: teller(terminal) });
  terminal.bar?.('');
  if (options.json) {
    terminal.out(JSON.stringify(manifest));
    return;
  }
  terminal.out(`${config.data} holds ${contentsOf(manifest)}, as of ${manifest.takenAt}.`);
  terminal.out(`Still to be given: ${manifest.without.join('; ')}.`);
  terminal.out(
    manifest.database === 'sqlite'
      ? 'The first start pauses every campaign that is not over; resume each once you have looked at it.'
      : 'Restore the database with pg_restore and start the first server once with --restored: it pauses every campaign that is not over.',
  );
}
