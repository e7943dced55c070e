// `campanile fleet`: simulated devices on real sockets against any server.
import { type Command, Option } from 'commander';
import type { Psk } from '../simulator/index.ts';
import { wholeNumber } from './account.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import { CommandFailed, EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import { interrupted } from './serve.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

interface FleetCommand extends OperatorOptions {
  readonly lwm2m: number;
  readonly http: number;
  readonly account: string;
  readonly server?: string;
  readonly coap?: string;
  readonly secure: number;
  readonly coaps?: string;
  readonly psk?: string;
  readonly make: string;
  readonly lwm2mModel: string;
  readonly httpModel: string;
  readonly from: string;
  readonly pollSeconds?: number;
  readonly ddiToken?: string;
  readonly import: boolean;
  readonly seconds?: number;
}

const SHOW_EVERY_MS = 5_000;

export function addFleet(program: Command, act: Act): void {
  forOperator(program.command('fleet'))
    .description('run simulated devices; "--import" adds them to the account first')
    .option('--lwm2m <count>', 'LwM2M devices', wholeNumber, 0)
    .option('--http <count>', 'HTTP devices', wholeNumber, 0)
    .requiredOption('--account <name>', 'account of the devices')
    .option('--server <url>', 'server of the HTTP devices; else --url')
    .option('--coap <host:port>', "server of the LwM2M devices; else port 5683 of --server's host")
    .option('--secure <count>', 'so many of the LwM2M devices speak DTLS', wholeNumber, 0)
    .option('--coaps <host:port>', "server of those; else port 5684 of --server's host")
    .option('--make <make>', 'make of the devices', 'Campanile')
    .option('--lwm2m-model <model>', 'model of the LwM2M devices', 'Modem')
    .option('--http-model <model>', 'model of the HTTP devices', 'Gateway')
    .option('--from <version>', 'version that they run', '1.0.0')
    .option('--poll-seconds <seconds>', 'how often HTTP devices poll, whatever the server says', wholeNumber)
    .addOption(new Option('--ddi-token <token>', 'token of every HTTP device').env('CAMPANILE_DDI_TOKEN'))
    .addOption(
      new Option('--psk <hex>', 'key of every device that speaks DTLS; its identity is "device-<imei>"').env(
        'CAMPANILE_PSK',
      ),
    )
    .option('--import', 'add the devices to the account, with the operator key', false)
    .option('--seconds <seconds>', 'end after so long; else when interrupted', wholeNumber)
    .action(act(runFleet));
}

async function runFleet(terminal: Terminal, options: FleetCommand): Promise<number> {
  const { lwm2m, http, secure, account, make, lwm2mModel, httpModel, from, pollSeconds, seconds } = options;
  if (!(lwm2m + http > 0)) throw new UsageError('There are no devices: give --lwm2m or --http with a number.');
  const { specimens, startFleet, systemClock, QUICK_PACE } = await import('../simulator/index.ts');
  if (secure > lwm2m) throw new UsageError(`--secure: ${secure} of ${lwm2m} LwM2M devices cannot be.`);
  const devices = specimens({ lwm2m, http, secure, make, lwm2mModel, httpModel, from, pace: QUICK_PACE });
  const ddiTokens = await tokensOf(devices, options);
  const psks = await keysOf(devices, options);
  if (options.import) await importFleet(terminal, options, { devices, ddiTokens, psks });
  const server = options.server ?? options.url;
  const { hostname } = new URL(server);
  await using fleet = startFleet({
    http: server,
    coap: options.coap ?? `${hostname}:5683`,
    coaps: options.coaps ?? `${hostname}:5684`,
    psks,
    account,
    devices,
    ddiTokens,
    ...(pollSeconds === undefined ? {} : { pollOverrideMs: pollSeconds * 1_000 }),
  });
  let cancel = (): void => {};
  const show = (): void => {
    terminal.progress(summary(fleet.devices()));
    cancel = systemClock.after(SHOW_EVERY_MS, show);
  };
  show();
  const over = new Promise<void>((resolve) => {
    if (seconds !== undefined) systemClock.after(seconds * 1_000, resolve);
  });
  await Promise.race([interrupted(terminal), over]);
  cancel();
  showFleet(terminal, options.json, fleet.devices());
  return EXIT.done;
}

interface Member {
  readonly imei: string;
  readonly transport: 'LWM2M' | 'HTTP';
  readonly make: string;
  readonly model: string;
  readonly from: string;
  readonly traits: readonly string[];
}

async function tokensOf(devices: readonly Member[], { ddiToken, import: adds }: FleetCommand) {
  const http = devices.filter(({ transport }) => transport === 'HTTP');
  if (ddiToken !== undefined) return Object.fromEntries(http.map(({ imei }) => [imei, ddiToken]));
  if (!adds) {
    if (http.length > 0) throw new UsageError('HTTP devices need --ddi-token, or --import, which gives each its own.');
    return {};
  }
  const { systemRandom } = await import('../server/index.ts');
  return Object.fromEntries(http.map(({ imei }) => [imei, systemRandom.secret()]));
}

type Keys = Readonly<Record<string, Psk>>;

async function keysOf(devices: readonly Member[], { psk, import: adds }: FleetCommand): Promise<Keys> {
  const secure = devices.filter(({ traits }) => traits.includes('coaps'));
  if (psk !== undefined && !/^(?:[0-9a-f]{2}){8,64}$/i.test(psk))
    throw new UsageError('--psk: accepted are 8 to 64 bytes in hex.');
  if (psk === undefined && !adds && secure.length > 0)
    throw new UsageError('Devices that speak DTLS need --psk, or --import, which gives each its own key.');
  return psk === undefined ? freshKeys(secure) : keysBy(secure, () => Buffer.from(psk, 'hex'));
}

const keysBy = (devices: readonly Member[], keyOf: () => Uint8Array): Keys =>
  Object.fromEntries(devices.map(({ imei }) => [imei, { identity: `device-${imei}`, key: keyOf() }]));

const PSK_BYTES = 16;

/** A key of its own for each of them that speaks DTLS. */
export async function freshKeys(devices: readonly Member[]): Promise<Keys> {
  const { systemRandom } = await import('../server/index.ts');
  return keysBy(
    devices.filter(({ traits }) => traits.includes('coaps')),
    () => systemRandom.bytes(PSK_BYTES),
  );
}

interface Import {
  readonly devices: readonly Member[];
  readonly ddiTokens: Readonly<Record<string, string>>;
  readonly psks: Keys;
}

async function importFleet(
  terminal: Terminal,
  options: FleetCommand,
  { devices, ddiTokens, psks }: Import,
): Promise<void> {
  const client = await operatorClient(options, terminal);
  const { rejected } = await client.devices.import(
    options.account,
    devices.map((device) => importLine(device, { ddiToken: ddiTokens[device.imei], psk: psks[device.imei] })),
  );
  const [first] = rejected;
  if (first !== undefined)
    throw new CommandFailed(`${rejected.length} devices were not imported; ${first.imei}: ${first.errorMessage}`);
}

/** A simulated device as it is imported. */
export function importLine({ imei, make, model, transport, from }: Member, { ddiToken, psk }: Secrets) {
  const version = transport === 'LWM2M' ? { firmware: from } : { software: { application: from } };
  const key = psk && { psk: { identity: psk.identity, key: Buffer.from(psk.key).toString('hex') } };
  return { imei, make, model, transport, ...version, ...(ddiToken === undefined ? {} : { ddiToken }), ...key };
}

interface Secrets {
  readonly ddiToken: string | undefined;
  readonly psk: Psk | undefined;
}

interface Seen {
  readonly imei: string;
  readonly transport: string;
  readonly state: string;
  readonly runningVersion: string;
  readonly bytes: number;
  readonly installs: number;
}

function summary(devices: readonly Seen[]): string {
  const states = new Map<string, number>();
  for (const { state } of devices) states.set(state, (states.get(state) ?? 0) + 1);
  return `${devices.length} devices: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

function showFleet(terminal: Terminal, json: boolean, devices: readonly Seen[]): void {
  if (json) {
    for (const device of devices) terminal.out(JSON.stringify(device));
    return;
  }
  const rows = devices.map((one) => [one.imei, one.transport, one.state, one.runningVersion, one.bytes, one.installs]);
  for (const line of tableLines(['device', 'transport', 'state', 'runs', 'bytes', 'installs'], rows))
    terminal.out(line);
}
