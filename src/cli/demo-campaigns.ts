// The demo's account, devices, images and campaigns, all made as an operator and a customer would: through the SDK.

import { type AccountCredentials, CampanileClient } from '../sdk/index.ts';
import { OperatorClient } from '../sdk/operator.ts';
import type { Server } from '../server/index.ts';
import type { DeviceSpec, Psk } from '../simulator/index.ts';
import { freshKeys, importLine } from './fleet.ts';
import { CommandFailed } from './outcome.ts';

export const DEMO_ACCOUNT = '0000123456-00001';
export const TO = '2.0.0';
const IMAGE_BYTES = 300 * 1024;
const POLL_SECONDS_MIN = 5;
const DAY_MS = 86_400_000;

export interface Demo {
  readonly url: string;
  readonly operatorKey: string;
  readonly operator: OperatorClient;
  readonly customer: CampanileClient;
  readonly devices: readonly DeviceSpec[];
  readonly ddiTokens: Readonly<Record<string, string>>;
  readonly psks: Readonly<Record<string, Psk>>;
  /** Hash of the image by transport. */
  readonly images: Readonly<Record<'LWM2M' | 'HTTP', string>>;
  signIn(): Promise<{ readonly access: string; readonly session: string }>;
}

export interface DemoParts {
  readonly server: Server;
  readonly devices: readonly DeviceSpec[];
  readonly draw: () => string;
}

/** Everything but the campaigns themselves. */
export async function openDemo({ server, devices, draw }: DemoParts): Promise<Demo> {
  const { publicHttpUrl: url, operatorKey } = server;
  const operator = new OperatorClient({ baseUrl: url, operatorKey });
  const pair = await operator.accounts.create(DEMO_ACCOUNT, { settings: { pollSeconds: POLL_SECONDS_MIN } });
  const http = devices.filter(({ transport }) => transport === 'HTTP');
  const ddiTokens = Object.fromEntries(http.map(({ imei }) => [imei, draw()]));
  const psks = await freshKeys(devices);
  const { rejected } = await operator.devices.import(
    DEMO_ACCOUNT,
    devices.map((device) => importLine(device, { ddiToken: ddiTokens[device.imei], psk: psks[device.imei] })),
  );
  const [first] = rejected;
  if (first !== undefined) throw new CommandFailed(`${first.imei} was not imported: ${first.errorMessage}`);
  const images = { LWM2M: await addImage(operator, 'LWM2M'), HTTP: await addImage(operator, 'HTTP') };
  const { clientId, clientSecret, username, password } = pair;
  const customer = new CampanileClient({ baseUrl: url, clientId, clientSecret, username, password });
  return { url, operatorKey, operator, customer, devices, ddiTokens, psks, images, signIn: () => signIn(url, pair) };
}

const PACKAGES = {
  LWM2M: { kind: 'firmware', name: 'modem-firmware', model: 'Modem' },
  HTTP: { kind: 'software', name: 'gateway-application', model: 'Gateway' },
} as const;

async function addImage(operator: OperatorClient, transport: 'LWM2M' | 'HTTP'): Promise<string> {
  const part = { ...PACKAGES[transport], from: '1.0.0', to: TO, make: 'Campanile', transports: [transport] } as const;
  const image = await imageFor(transport);
  const { sha256 } = await operator.packages.upload(DEMO_ACCOUNT, part, image);
  return sha256;
}

/** Different bytes for each transport, so that a mix-up would be seen. */
async function imageFor(transport: 'LWM2M' | 'HTTP'): Promise<Uint8Array> {
  const { imageHeader } = await import('../simulator/index.ts');
  const image = new Uint8Array(IMAGE_BYTES);
  const seed = transport === 'LWM2M' ? 31 : 37;
  for (let place = 0; place < image.length; place += 1) image[place] = (place * seed + (place >> 8)) & 0xff;
  image.set(new TextEncoder().encode(imageHeader(TO)));
  return image;
}

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

/** The ids by what is installed. A transport without devices has no campaign. */
export async function scheduleBoth(demo: Demo, now: number): Promise<Readonly<Record<string, string>>> {
  const dates = { startDate: dayOf(now), endDate: dayOf(now + DAY_MS) };
  const imeis = (transport: DeviceSpec['transport']): string[] =>
    demo.devices.filter((one) => one.transport === transport).map(({ imei }) => imei);
  const { campaigns } = demo.customer;
  const [lwm2m, http] = [imeis('LWM2M'), imeis('HTTP')];
  const firmware =
    lwm2m.length === 0
      ? undefined
      : await campaigns.scheduleAFirmwareUpgrade(DEMO_ACCOUNT, {
          ...dates,
          firmwareName: PACKAGES.LWM2M.name,
          firmwareFrom: '1.0.0',
          firmwareTo: TO,
          protocol: 'LWM2M',
          deviceList: lwm2m,
        });
  const software =
    http.length === 0
      ? undefined
      : await campaigns.scheduleSoftwareUpgrade(DEMO_ACCOUNT, {
          ...dates,
          softwareName: PACKAGES.HTTP.name,
          softwareFrom: '1.0.0',
          softwareTo: TO,
          distributionType: 'HTTP',
          deviceList: http,
        });
  return {
    ...(firmware === undefined ? {} : { firmware: firmware.id }),
    ...(software === undefined ? {} : { software: software.id }),
  };
}

/** Both tokens by hand, to be shown; the SDK's client keeps its own to itself. */
async function signIn(url: string, pair: AccountCredentials): Promise<{ access: string; session: string }> {
  const basic = Buffer.from(`${pair.clientId}:${pair.clientSecret}`).toString('base64');
  const asked = await fetch(`${url}/api/ts/v1/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const { access_token: access } = (await asked.json()) as { readonly access_token: string };
  const login = await fetch(`${url}/api/m2m/v1/session/login`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access}`, 'content-type': 'application/json' },
    body: JSON.stringify({ username: pair.username, password: pair.password }),
  });
  const { sessionToken: session } = (await login.json()) as { readonly sessionToken: string };
  return { access, session };
}
