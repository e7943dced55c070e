// `campanile campaign schedule`: through the customer's API, or with the key of an operator through the operator's.
import { type Command, Option } from 'commander';
import type { RolloutPolicy, TimeWindow } from '../sdk/index.ts';
import { type CustomerOptions, customerClient, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import { printOne } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ScheduleOptions extends CustomerOptions {
  readonly account: string;
  readonly kind: 'firmware' | 'software';
  readonly package: string;
  readonly from: string;
  readonly to: string;
  readonly start: string;
  readonly end: string;
  readonly transport?: 'LWM2M' | 'HTTP';
  readonly name?: string;
  readonly imei: readonly string[];
  readonly imeiFile?: string;
  readonly window: readonly string[];
  readonly timeZone?: string;
  readonly rolloutFile?: string;
  readonly asOperator: boolean;
  readonly operatorKeyFile?: string;
  readonly strict: boolean;
  readonly endWhenDone: boolean;
}

export function addScheduleOptions(command: Command): Command {
  return command
    .requiredOption('--account <name>', 'account of the devices')
    .addOption(new Option('--kind <kind>', 'what is installed').choices(['firmware', 'software']).makeOptionMandatory())
    .requiredOption('--package <name>', 'name of the package')
    .requiredOption('--from <version>', 'version to be updated')
    .requiredOption('--to <version>', 'version afterwards')
    .requiredOption('--start <day>', 'first day in UTC, like 2026-03-10')
    .requiredOption('--end <day>', 'last day in UTC')
    .addOption(
      new Option('--transport <transport>', 'LWM2M for firmware, HTTP for software unless given').choices([
        'LWM2M',
        'HTTP',
      ]),
    )
    .option('--name <name>', 'name of the campaign')
    .option('--imei <imeis...>', 'devices', [])
    .option('--imei-file <file>', 'file with one IMEI a line; "-" reads what is piped in')
    .option('--window <hours...>', 'hours like 22-24 in which something may happen; none means always', [])
    .option('--time-zone <zone>', 'zone of these hours: UTC, an IANA name, or device')
    .option('--rollout-file <file>', 'JSON with canary, waves, halt, retry and pace')
    .option('--as-operator', 'with the key of an operator instead of the credentials of the account', false)
    .option('--operator-key-file <file>', 'file with that key')
    .option('--strict', 'as operator: refuse what is known not to go', false)
    .option('--end-when-done', 'as operator: end when every update is final', false);
}

export async function scheduleCampaign(terminal: Terminal, options: ScheduleOptions): Promise<void> {
  if (options.asOperator) return scheduleAsOperator(terminal, options);
  if (options.strict || options.endWhenDone)
    throw new UsageError('--strict and --end-when-done are for operators: give --as-operator too.');
  const client = customerClient(options);
  const deviceList = await imeisOf(options, terminal);
  const windows = options.window.map(windowOf);
  const { account, start, end, name, timeZone } = options;
  const shared = {
    startDate: start,
    endDate: end,
    deviceList,
    ...(name === undefined ? {} : { campaignName: name }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(await rolloutOf(options, terminal)),
  };
  const answer =
    options.kind === 'firmware'
      ? await client.campaigns.scheduleAFirmwareUpgrade(account, {
          ...shared,
          firmwareName: options.package,
          firmwareFrom: options.from,
          firmwareTo: options.to,
          protocol: options.transport ?? 'LWM2M',
          ...(windows.length === 0 ? {} : { campaignTimeWindowList: windows }),
        })
      : await client.campaigns.scheduleSoftwareUpgrade(account, {
          ...shared,
          softwareName: options.package,
          softwareFrom: options.from,
          softwareTo: options.to,
          distributionType: options.transport ?? 'HTTP',
          ...(windows.length === 0 ? {} : { downloadTimeWindowList: windows, installTimeWindowList: windows }),
        });
  printOne(terminal, options.json, answer);
}

async function scheduleAsOperator(terminal: Terminal, options: ScheduleOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  const deviceList = await imeisOf(options, terminal);
  const windows = options.window.map(windowOf);
  const { account, start, end, name, timeZone, transport, from, strict, endWhenDone } = options;
  const campaign = {
    packageName: options.package,
    from,
    ...(transport === undefined ? {} : { transport }),
    startDate: start,
    endDate: end,
    deviceList,
    endWhenDone,
    ...(windows.length === 0 ? {} : { downloadWindows: windows, installWindows: windows }),
    ...(name === undefined ? {} : { campaignName: name }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(await rolloutOf(options, terminal)),
  };
  printOne(terminal, options.json, await orders.schedule(account, campaign, { strict }));
}

async function rolloutOf(
  { rolloutFile }: ScheduleOptions,
  terminal: Terminal,
): Promise<{ readonly rollout?: RolloutPolicy }> {
  if (rolloutFile === undefined) return {};
  const text = await terminal.read(rolloutFile);
  try {
    // The server says what of it cannot be.
    return { rollout: JSON.parse(text) as RolloutPolicy };
  } catch {
    throw new UsageError(`${rolloutFile} is not JSON.`);
  }
}

async function imeisOf({ imei, imeiFile }: ScheduleOptions, terminal: Terminal): Promise<string[]> {
  const lines = imeiFile === undefined ? [] : (await terminal.read(imeiFile)).split(/\s+/);
  const all = [...imei, ...lines].filter((one) => one !== '');
  if (all.length === 0) throw new UsageError('There are no devices: give --imei or --imei-file.');
  return all;
}

export function windowOf(text: string): TimeWindow {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (from === undefined) throw new UsageError(`--window: given "${text}", accepted: hours like 22-24.`);
  return { startTime: Number(from), endTime: Number(to) };
}
