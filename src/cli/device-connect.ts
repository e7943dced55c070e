// `campanile device connect`: prints what a device's client needs, then tells live how the device comes in.
import { type Command, Option } from 'commander';
import { CampanileError } from '../sdk/index.ts';
import type { DeviceView, OperatorClient } from '../sdk/operator.ts';
import { forOperator, type OperatorOptions, operatorClient } from './connection.ts';
import {
  CLIENTS,
  type Client,
  type Connection,
  checkedUrl,
  coapUrlOf,
  configurationOf,
  TRANSPORT_OF,
} from './device-clients.ts';
import { EXIT, UsageError } from './outcome.ts';
import type { Act } from './program.ts';
import type { Terminal } from './terminal.ts';

interface ConnectOptions extends OperatorOptions {
  readonly account: string;
  readonly for: Client;
  readonly newSecret: boolean;
  readonly deviceUrl?: string;
  readonly coapUrl?: string;
  readonly ca?: string;
  readonly wait: boolean;
  readonly waitSeconds: string;
}

const LOOK_EVERY_MS = 1_000;
const WAIT_SECONDS_DEFAULT = '600';
const PSK_KEY_BYTES = 16;

export function addConnect(device: Command, act: Act): void {
  forOperator(device.command('connect'))
    .description('print the configuration of a device’s client, then tell live how it comes in')
    .argument('<imei>')
    .requiredOption('--account <name>', 'account of the device')
    .addOption(new Option('--for <client>', 'what runs on the device').choices(CLIENTS).makeOptionMandatory())
    .option('--new-secret', 'make a new token or key, also when the device has one', false)
    .option('--device-url <url>', 'address by which devices reach the server over HTTP; else the one of --url')
    .option('--coap-url <url>', 'address by which devices reach the server over CoAP; else coaps on the same host')
    .option('--ca <file>', 'certificate authority that devices must trust, when it is no public one')
    .option('--no-wait', 'print the configuration only')
    .option('--wait-seconds <seconds>', 'how long to wait for the device', WAIT_SECONDS_DEFAULT)
    .action(act(connect));
}

async function connect(terminal: Terminal, imei: string, options: ConnectOptions): Promise<number> {
  const seconds = Number(options.waitSeconds);
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new UsageError(`--wait-seconds: given ${options.waitSeconds}, accepted: a whole number from 1.`);
  }
  const client = await operatorClient(options, terminal);
  const device = await knownDevice(client, imei, options);
  const connection = await connectionOf(client, device, options);
  const lines = configurationOf(options.for, connection);
  if (options.json) terminal.out(JSON.stringify({ client: options.for, ...connection, configuration: lines }));
  else for (const line of lines) terminal.out(line);
  return options.wait ? watch(terminal, client, { device, account: options.account, seconds }) : EXIT.done;
}

async function knownDevice(client: OperatorClient, imei: string, options: ConnectOptions): Promise<DeviceView> {
  const device = await client.devices.get(options.account, imei).catch((error: unknown) => {
    if (!(error instanceof CampanileError) || error.errorCode !== 'DEVICE_UNKNOWN') throw error;
    throw new UsageError(
      `There is no device ${imei} in account ${options.account}: import it first ("device import").`,
    );
  });
  const transport = TRANSPORT_OF[options.for];
  if (device.transport === transport) return device;
  throw new UsageError(
    `--for ${options.for} is for devices of ${transport}; device ${imei} is imported as ${device.transport}.`,
  );
}

/** A secret is never shown again; a device that has one keeps it unless the operator wants another. */
async function connectionOf(client: OperatorClient, device: DeviceView, options: ConnectOptions): Promise<Connection> {
  const { account, ca } = options;
  const { imei, transport } = device;
  const httpUrl = checkedUrl('--device-url', options.deviceUrl ?? options.url, ['http:', 'https:']);
  const coapUrl = checkedUrl('--coap-url', options.coapUrl ?? coapUrlOf(httpUrl), ['coap:', 'coaps:']);
  const pskIdentity = device.pskIdentity ?? `urn:imei:${imei}`;
  const hasOne = transport === 'HTTP' ? device.hasDdiToken : device.hasPsk;
  const shared = { account, imei, httpUrl, coapUrl, pskIdentity, ...(ca === undefined ? {} : { ca }) };
  if (hasOne && !options.newSecret) return { ...shared, secret: '<the one it has; --new-secret makes another>' };
  const { systemRandom } = await import('../server/index.ts');
  const drawn = systemRandom.secret();
  const secret =
    transport === 'HTTP' ? drawn : Buffer.from(drawn, 'base64url').subarray(0, PSK_KEY_BYTES).toString('hex');
  const change = transport === 'HTTP' ? { ddiToken: secret } : { psk: { identity: pskIdentity, key: secret } };
  await client.devices.patch(account, imei, change);
  return { ...shared, secret };
}

interface Watched {
  readonly account: string;
  readonly device: DeviceView;
  readonly seconds: number;
}

/** Until its version was read; or until somebody has seen enough. */
async function watch(
  terminal: Terminal,
  client: OperatorClient,
  { account, device, seconds }: Watched,
): Promise<number> {
  const { systemClock, systemTimers } = await import('../server/index.ts');
  const begun = systemClock.now();
  let isOver = false;
  let wake = (): void => {};
  const forget = terminal.onInterrupt(() => {
    isOver = true;
    wake();
  });
  const { imei } = device;
  const said = new Said(terminal, device);
  said.line('waiting', `for device ${imei}, at most ${seconds} seconds; Ctrl+C ends it`);
  try {
    while (!isOver && systemClock.now() - begun < seconds * 1_000) {
      if (said.tell(await client.devices.get(account, imei))) return EXIT.done;
      await new Promise<void>((resolve) => {
        const cancel = systemTimers.after(LOOK_EVERY_MS, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
  } finally {
    forget();
  }
  said.line('not read', 'the version of the device was not read meanwhile');
  return EXIT.failed;
}

/** Each new fact is said once; what the server knew before the command began is not news. */
class Said {
  readonly #terminal: Terminal;
  #known: DeviceView;

  constructor(terminal: Terminal, known: DeviceView) {
    this.#terminal = terminal;
    this.#known = known;
  }

  /** Whether its version was read. */
  tell(device: DeviceView): boolean {
    const { lastSeenAt, versionReadAt, refused, transport } = device;
    const before = this.#known;
    this.#known = device;
    if (refused !== undefined && refused.at !== before.refused?.at) {
      this.line('refused', `because ${refused.why}`, refused.at);
    }
    if (lastSeenAt !== undefined && lastSeenAt !== before.lastSeenAt) {
      this.line(transport === 'HTTP' ? 'seen' : 'registered', 'the server let it in', lastSeenAt);
    }
    if (versionReadAt === undefined || versionReadAt === before.versionReadAt) return false;
    const { firmware, software } = device;
    const named = Object.entries(software).map(([name, version]) => `${name} ${version}`);
    const known = [...(firmware === undefined ? [] : [firmware]), ...named];
    this.line('version read', known.length === 0 ? 'its attributes came' : known.join(', '), versionReadAt);
    return true;
  }

  line(what: string, detail: string, at = ''): void {
    this.#terminal.out(`${what.padEnd(14)}${detail}${at === '' ? '' : `  (${at})`}`);
  }
}
