// `campanile campaign watch`: shows where a campaign stands until it is over, and ends with a code that tells how it went.
import { type Command, Option } from 'commander';
import type { CampaignView, OperatorClient } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { isOver, progressOf } from './progress.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

interface WatchOptions extends OperatorOptions {
  readonly account: string;
  readonly until: 'over' | 'hold';
  readonly everySeconds: number;
}

const EVERY_SECONDS = { default: 2, max: 3_600 } as const;

export function addWatch(campaign: Command, act: Act): void {
  forOperator(campaign.command('watch').argument('<id>'))
    .description('follow a campaign until it is over')
    .requiredOption('--account <name>', 'account of the campaign')
    .addOption(
      new Option('--until <event>', 'over: until it has ended; hold: also until it is paused, halted or undecided')
        .choices(['over', 'hold'])
        .default('over'),
    )
    .option('--every-seconds <seconds>', 'how often it is looked at', Number, EVERY_SECONDS.default)
    .action(act(watch));
}

async function watch(terminal: Terminal, id: string, options: WatchOptions): Promise<number> {
  const { everySeconds } = options;
  if (!(everySeconds > 0 && everySeconds <= EVERY_SECONDS.max))
    throw new UsageError(`--every-seconds: accepted: more than 0 and at most ${EVERY_SECONDS.max}.`);
  const client = await operatorClient(options, terminal);
  const { systemTimers } = await import('../server/index.ts');
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      systemTimers.after(everySeconds * 1_000, resolve);
    });
  const last = await follow(terminal, { client, id, options, pause });
  if (!options.json) for (const line of summaryOf(last)) terminal.out(line);
  return exitOf(last);
}

interface Following {
  readonly client: OperatorClient;
  readonly id: string;
  readonly options: WatchOptions;
  readonly pause: () => Promise<void>;
}

async function follow(terminal: Terminal, { client, id, options, pause }: Following): Promise<CampaignView> {
  const { account, json, until } = options;
  let shown = '';
  for (;;) {
    const view = await client.campaigns.get(account, id);
    const line = json ? JSON.stringify(view) : lineOf(view);
    // Who reads a log wants each news once.
    if (line !== shown || terminal.isLive) {
      if (json) terminal.out(line);
      else terminal.progress(line);
    }
    shown = line;
    if (isOver(view) || (until === 'hold' && view.hold !== undefined)) return view;
    await pause();
  }
}

/** Installations that were under way at the end still tell their outcome; until then they count as not updated. */
function exitOf(view: CampaignView): number {
  if (!isOver(view)) return EXIT.held;
  return updatedOf(view) === view.devices && view.devices > 0 ? EXIT.done : EXIT.notAllUpdated;
}

/** Devices that run the target: brought there, or there already (engine.md §1: that is no problem). */
const updatedOf = ({ counts, rejections }: CampaignView): number =>
  counts.succeeded + (rejections?.['already-current'] ?? 0);

const BAR_WIDTH = 24;

function lineOf(view: CampaignView): string {
  const { devices, counts } = view;
  const { succeeded, failed, rejected, cancelled, aborted, expired } = counts;
  const done = succeeded + failed + rejected + cancelled + aborted + expired;
  const share = devices === 0 ? 0 : done / devices;
  const bar = '#'.repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  const held = view.hold === undefined ? '' : ` (${view.hold.kind})`;
  return `${view.status}${held} [${bar}] ${Math.floor(share * 100)} %  ${progressOf(view)}`;
}

function summaryOf(view: CampaignView): readonly string[] {
  const { status, statusReason, hold, rejections = {} } = view;
  const why = hold === undefined ? statusReason : `${hold.kind} since ${hold.since}: ${hold.reason}`;
  const rows = Object.entries(rejections).map(([reason, count]) => [reason, count]);
  return [
    `${status}: ${progressOf(view)}`,
    ...(why === undefined ? [] : [why]),
    ...(rows.length === 0 ? [] : tableLines(['rejected because', 'devices'], rows)),
  ];
}
