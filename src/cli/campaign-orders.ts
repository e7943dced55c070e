// What a customer orders about campaigns: schedule and abort, through the SDK's client.
import { type Command, Option } from 'commander';
import type { TimeWindow } from '../sdk/index.ts';
import { type CustomerOptions, customerClient, type OperatorOptions, operatorClient } from './connection.ts';
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
    .option('--time-zone <zone>', 'zone of these hours: UTC, an IANA name, or device');
}

export async function scheduleCampaign(terminal: Terminal, options: ScheduleOptions): Promise<void> {
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

async function imeisOf({ imei, imeiFile }: ScheduleOptions, terminal: Terminal): Promise<string[]> {
  const lines = imeiFile === undefined ? [] : (await terminal.read(imeiFile)).split(/\s+/);
  const all = [...imei, ...lines].filter((one) => one !== '');
  if (all.length === 0) throw new UsageError('There are no devices: give --imei or --imei-file.');
  return all;
}

function windowOf(text: string): TimeWindow {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (from === undefined) throw new UsageError(`--window: given "${text}", accepted: hours like 22-24.`);
  return { startTime: Number(from), endTime: Number(to) };
}

export async function abortCampaign(
  terminal: Terminal,
  id: string,
  options: OperatorOptions & { readonly account: string },
): Promise<void> {
  const operator = await operatorClient(options, terminal);
  printOne(terminal, options.json, await operator.campaigns.abort(options.account, id));
}
