// Commands that steer: a campaign while it runs, all that use a package, all of an account.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CampaignPace, OrderedCampaign, TimeWindow } from '../sdk/operator.ts';
import { windowOf } from './campaign-orders.ts';
import { type ConfirmOptions, confirmed, printOrdered, withConfirmation, withPreview } from './confirm.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import type { Terminal } from './terminal.ts';

type SteerOptions = OperatorOptions & ConfirmOptions & { readonly account: string; readonly reason?: string };

const forSteering = (command: Command): Command =>
  forOperator(command).requiredOption('--account <name>', 'account of it');

const withReason = (command: Command): Command =>
  command.option('--reason <text>', 'why; kept in the ledger and in the audit log');

const reasonOf = ({ reason, preview }: SteerOptions, isPreview = preview) => ({
  preview: isPreview,
  ...(reason === undefined ? {} : { reason }),
});

export function addSteering(campaign: Command, act: Act): void {
  const order = (name: string): Command => withReason(forSteering(campaign.command(name).argument('<id>')));
  withPreview(order('pause'))
    .description('pause: nothing more is sent until it is resumed; installations under way go on')
    .action(act(pause));
  withPreview(order('resume'))
    .description('resume a paused or halted campaign; one that halted needs a reason')
    .action(act(resume));
  withPreview(order('approve'))
    .description('approve the next step of a rollout; not for who scheduled the campaign')
    .action(act(approve));
  withConfirmation(order('abort'))
    .description('stop a campaign at once; installations under way still tell their outcome')
    .action(act(abort));
  const days = (command: Command): Command =>
    command
      .option('--start <day>', 'first day in UTC, like 2026-03-10')
      .option('--end <day>', 'last day in UTC')
      .option('--window <hours...>', 'hours like 22-24 in which something may happen')
      .option('--time-zone <zone>', 'zone of these hours: UTC, an IANA name, or device');
  days(forSteering(campaign.command('retry').argument('<id>')))
    .description('take up its failed and expired devices in a new campaign, once it is over')
    .option('--strict', 'refuse what is known not to go', false)
    .action(act(retry));
  withPreview(days(forSteering(campaign.command('dates').argument('<id>'))))
    .description('change dates and windows')
    .action(act(dates));
  withPreview(order('narrow'))
    .description('take hours away from its windows, also while it runs')
    .option('--window <hours...>', 'hours that are left for downloading and installing')
    .option('--download-window <hours...>', 'hours that are left for downloading')
    .option('--install-window <hours...>', 'hours that are left for installing')
    .action(act(narrow));
  withPreview(forSteering(campaign.command('pace').argument('<id>')))
    .description('change how fast it goes about it')
    .option('--arrivals-per-minute <count>', 'devices that may begin in a minute', count)
    .option('--slots <count>', 'devices that are being updated at a time', count)
    .addOption(new Option('--end-when-done <flag>', 'end when every update is final').choices(['true', 'false']))
    .action(act(pace));
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

async function told(terminal: Terminal, { json }: SteerOptions, order: Promise<OrderedCampaign>): Promise<void> {
  printOrdered(terminal, json, await order);
}

async function pause(terminal: Terminal, id: string, options: SteerOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  await told(terminal, options, orders.pause(options.account, id, reasonOf(options)));
}

async function resume(terminal: Terminal, id: string, options: SteerOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  await told(terminal, options, orders.resume(options.account, id, reasonOf(options)));
}

async function approve(terminal: Terminal, id: string, options: SteerOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  await told(terminal, options, orders.approve(options.account, id, reasonOf(options)));
}

async function abort(terminal: Terminal, id: string, options: SteerOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  await confirmed(terminal, options, (preview) => orders.abort(options.account, id, reasonOf(options, preview)));
}

interface DaysOptions extends SteerOptions {
  readonly start?: string;
  readonly end?: string;
  readonly window?: readonly string[];
  readonly timeZone?: string;
  readonly strict?: boolean;
}

function daysOf({ start, end, window, timeZone }: DaysOptions) {
  const windows = window?.map(windowOf);
  return {
    ...(start === undefined ? {} : { startDate: start }),
    ...(end === undefined ? {} : { endDate: end }),
    ...(windows === undefined ? {} : { downloadWindows: windows, installWindows: windows }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

async function retry(terminal: Terminal, id: string, options: DaysOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  const { strict = false } = options;
  await told(terminal, options, orders.retry(options.account, id, daysOf(options), { strict }));
}

async function dates(terminal: Terminal, id: string, options: DaysOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  const { preview } = options;
  await told(terminal, options, orders.changeDates(options.account, id, daysOf(options), { preview }));
}

interface NarrowOptions extends SteerOptions {
  readonly window?: readonly string[];
  readonly downloadWindow?: readonly string[];
  readonly installWindow?: readonly string[];
}

async function narrow(terminal: Terminal, id: string, options: NarrowOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  const { window, downloadWindow = window, installWindow = window, reason, preview } = options;
  if (downloadWindow === undefined && installWindow === undefined)
    throw new UsageError('There are no hours: give --window, --download-window or --install-window.');
  const windows = {
    ...hours('downloadWindows', downloadWindow),
    ...hours('installWindows', installWindow),
    ...(reason === undefined ? {} : { reason }),
  };
  await told(terminal, options, orders.narrowWindows(options.account, id, windows, { preview }));
}

const hours = <Name extends string>(
  name: Name,
  list: readonly string[] | undefined,
): Partial<Record<Name, TimeWindow[]>> =>
  list === undefined ? {} : ({ [name]: list.map(windowOf) } as Record<Name, TimeWindow[]>);

interface PaceOptions extends SteerOptions {
  readonly arrivalsPerMinute?: number;
  readonly slots?: number;
  readonly endWhenDone?: 'true' | 'false';
}

async function pace(terminal: Terminal, id: string, options: PaceOptions): Promise<void> {
  const { orders } = await operatorClient(options, terminal);
  const { arrivalsPerMinute, slots, endWhenDone, preview } = options;
  const change: CampaignPace = {
    ...(arrivalsPerMinute === undefined ? {} : { arrivalsPerMinute }),
    ...(slots === undefined ? {} : { slots }),
    ...(endWhenDone === undefined ? {} : { endWhenDone: endWhenDone === 'true' }),
  };
  await told(terminal, options, orders.pace(options.account, id, change, { preview }));
}

export function addPackageOrders(pack: Command, act: Act): void {
  withConfirmation(forSteering(pack.command('withdraw').argument('<name>')))
    .description('no campaign may use it any more, and those that do halt at once')
    .requiredOption('--reason <text>', 'why; everybody who schedules it is told')
    .action(
      act(async (terminal, name: string, options: SteerOptions) => {
        const { orders } = await operatorClient(options, terminal);
        const { account, reason = '' } = options;
        await confirmed(terminal, options, (preview) => orders.withdrawPackage(account, name, reason, { preview }));
      }),
    );
  withReason(withPreview(forSteering(pack.command('reinstate').argument('<name>'))))
    .description('allow it again; its campaigns stay halted until each is resumed')
    .action(
      act(async (terminal, name: string, options: SteerOptions) => {
        const { orders } = await operatorClient(options, terminal);
        printOrdered(terminal, options.json, await orders.reinstatePackage(options.account, name, reasonOf(options)));
      }),
    );
}

type AccountOrderOptions = OperatorOptions & ConfirmOptions & { readonly reason?: string };

export function addAccountOrders(account: Command, act: Act): void {
  withConfirmation(forOperator(account.command('stop-all').argument('<name>')))
    .description('pause every campaign of an account that is not over')
    .requiredOption('--reason <text>', 'why; kept in the ledgers and in the audit log')
    .action(
      act(async (terminal, name: string, options: AccountOrderOptions) => {
        const { orders } = await operatorClient(options, terminal);
        const { reason = '' } = options;
        await confirmed(terminal, options, (preview) => orders.stopAccount(name, reason, { preview }));
      }),
    );
  withReason(withPreview(forOperator(account.command('resume-all').argument('<name>'))))
    .description('resume the campaigns that were paused by stopping the account')
    .action(
      act(async (terminal, name: string, options: AccountOrderOptions) => {
        const { orders } = await operatorClient(options, terminal);
        const { reason, preview } = options;
        const order = { preview, ...(reason === undefined ? {} : { reason }) };
        printOrdered(terminal, options.json, await orders.resumeAccount(name, order));
      }),
    );
}
