// `campanile campaign devices | export`: where each device of a campaign stands, and the list of those that must be visited.
import { type Command, Option } from 'commander';
import type { DeviceView, OperatorClient, UpdateView } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { type Cell, csvLine } from './csv.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { printList, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

type State = UpdateView['state'];

interface DevicesOptions extends OperatorOptions {
  readonly account: string;
  readonly state: readonly State[];
}

interface ExportOptions extends DevicesOptions {
  readonly csv: boolean;
}

const STATES: readonly State[] = [
  'waiting',
  'offered',
  'downloading',
  'downloaded',
  'installing',
  'verifying',
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
  'aborted',
  'expired',
];

/** Devices that are looked up side by side. */
const LOOKUPS_MAX = 8;
const PAGE_MAX = 1_000;

export function addCampaignDevices(campaign: Command, act: Act): void {
  const forDevices = (name: string): Command =>
    forOperator(campaign.command(name).argument('<id>'))
      .requiredOption('--account <name>', 'account of the campaign')
      .addOption(stateOption());
  forDevices('devices')
    .alias('updates')
    .description("list a campaign's devices, each with where it stands and why")
    .action(act(listDevices));
  forDevices('export')
    .description('write its devices with make, model, labels, what to do and last contact: the list for site visits')
    .option('--csv', 'for a spreadsheet', false)
    .action(act(exportDevices));
}

const stateOption = (): Option =>
  new Option('--state <states...>', `only those in these states: ${STATES.join(', ')}`)
    .argParser<readonly State[]>((text, others = []) => [...others, stateOf(text)])
    .default([]);

function stateOf(text: string): State {
  const state = STATES.find((one) => one === text);
  if (state === undefined) throw new UsageError(`--state: given "${text}", accepted: ${STATES.join(', ')}.`);
  return state;
}

async function* updatesIn(client: OperatorClient, id: string, { account, state }: DevicesOptions) {
  for await (const update of client.campaigns.eachUpdate(account, id, { limit: PAGE_MAX }))
    if (state.length === 0 || state.includes(update.state)) yield update;
}

async function listDevices(terminal: Terminal, id: string, options: DevicesOptions): Promise<void> {
  const client = await operatorClient(options, terminal);
  await printList(terminal, options.json, {
    items: updatesIn(client, id, options),
    head: ['imei', 'transport', 'state', 'attempt', 'evidence', 'reason', 'rule', 'changed'],
    row: (one) => [
      one.imei,
      one.transport,
      one.state,
      one.attempt,
      one.evidence,
      one.reasonText ?? one.reason,
      one.rule,
      one.changedAt,
    ],
  });
}

/** One line of the list; the device is absent when it was removed from the account meanwhile. */
interface Visit {
  readonly update: UpdateView;
  readonly device: DeviceView | undefined;
  readonly whatToDo: string | undefined;
}

const HEAD = [
  'imei',
  'make',
  'model',
  'labels',
  'state',
  'reason',
  'reasonText',
  'whatToDo',
  'runs',
  'lastSeenAt',
  'changedAt',
] as const;

async function exportDevices(terminal: Terminal, id: string, options: ExportOptions): Promise<void> {
  if (options.csv && options.json) throw new UsageError('--csv and --json exclude each other.');
  const client = await operatorClient(options, terminal);
  const { whatToDo } = await import('../server/index.ts');
  const rows: Cell[][] = [];
  if (options.csv) terminal.out(csvLine(HEAD));
  let written = 0;
  for await (const batch of inBatches(updatesIn(client, id, options), LOOKUPS_MAX)) {
    const visits = await Promise.all(
      batch.map(
        async (update): Promise<Visit> => ({
          update,
          device: await deviceOf(client, options.account, update.imei),
          whatToDo: whatToDo(update.state, update.reason),
        }),
      ),
    );
    for (const visit of visits) {
      if (options.json) terminal.out(JSON.stringify(recordOf(visit)));
      else if (options.csv) terminal.out(csvLine(cellsOf(visit)));
      else rows.push([...cellsOf(visit)]);
    }
    written += visits.length;
    terminal.bar?.(`${written} devices`);
  }
  terminal.bar?.('');
  if (!options.csv && !options.json) for (const line of tableLines(HEAD, rows)) terminal.out(line);
}

async function deviceOf(client: OperatorClient, account: string, imei: string): Promise<DeviceView | undefined> {
  try {
    return await client.devices.get(account, imei);
  } catch (error) {
    if (error instanceof Error && 'errorCode' in error && error.errorCode === 'DEVICE_UNKNOWN') return undefined;
    throw error;
  }
}

async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function recordOf({ update, device, whatToDo }: Visit) {
  const { imei, state, reason, reasonText, changedAt } = update;
  const { make, model, labels = {}, lastSeenAt } = device ?? {};
  const runs = runsOf(device);
  const known = { make, model, labels, state, reason, reasonText, whatToDo, runs, lastSeenAt, changedAt };
  return { imei, ...known };
}

function runsOf(device: DeviceView | undefined): string | undefined {
  if (device === undefined) return undefined;
  const versions = device.transport === 'LWM2M' ? [device.firmware] : Object.values(device.software);
  return versions.filter((one) => one !== undefined).join(' ') || undefined;
}

function cellsOf(visit: Visit): readonly Cell[] {
  const record = recordOf(visit);
  const labels = Object.entries(record.labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return HEAD.map((name) => (name === 'labels' ? labels : record[name]));
}
