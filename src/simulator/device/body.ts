// What every simulated device is, whichever protocol it speaks: what it runs, what it has received, how its flash fares.

import type { Complete } from './image.ts';
import { type DeviceReport, type DeviceSpec, type DeviceState, type Pace, paceOf, type Trait } from './kinds.ts';
import type { Hash, MindParts } from './ports.ts';

export interface Body {
  readonly spec: DeviceSpec;
  readonly pace: Pace;
  readonly newHash: () => Hash;
  /** How long after the first boot it first speaks. */
  readonly firstWaitMs: number;
  readonly power: 'off' | 'on' | 'restarting' | 'dead';
  readonly version: string;
  readonly imageSha256: string | undefined;
  readonly bytes: number;
  readonly downloads: number;
  readonly installsBegun: number;
  readonly installs: number;
  readonly flashFailures: number;
  readonly rebootedInDownload: boolean;
}

export function newBody(spec: DeviceSpec, { newHash, random }: MindParts): Body {
  const pace = paceOf(spec);
  return {
    spec,
    pace,
    newHash,
    firstWaitMs: Math.floor((random.uint32() / 2 ** 32) * pace.spreadMs),
    power: 'off',
    version: spec.from,
    imageSha256: undefined,
    bytes: 0,
    downloads: 0,
    installsBegun: 0,
    installs: 0,
    flashFailures: 0,
    rebootedInDownload: false,
  };
}

export const has = (body: Body, trait: Trait): boolean => body.spec.traits.includes(trait);

/** Whether this is the moment at which it restarts in the middle of its download. */
export const rebootsNow = (body: Body, bytesReceived: number): boolean =>
  has(body, 'reboots-in-download') && !body.rebootedInDownload && bytesReceived >= body.pace.rebootAtBytes;

/** The image is written over the old one. `failed`: the old one is still there, and so is the image. */
export function flash(
  body: Body,
  image: Complete,
): { readonly outcome: 'failed' | 'installed'; readonly body: Partial<Body> } {
  const { flashFailures } = body;
  const fails = has(body, 'fails-flash-always') || (has(body, 'fails-flash-once') && flashFailures === 0);
  if (fails) return { outcome: 'failed', body: { flashFailures: flashFailures + 1 } };
  if (has(body, 'lies')) return { outcome: 'installed', body: {} };
  return { outcome: 'installed', body: { version: image.version, installs: body.installs + 1 } };
}

export function reportOf(body: Body, working: DeviceState): DeviceReport {
  const { spec, power } = body;
  return {
    imei: spec.imei,
    transport: spec.transport,
    state: power === 'on' ? working : power,
    runningVersion: body.version,
    imageSha256: body.imageSha256,
    bytes: body.bytes,
    downloads: body.downloads,
    installsBegun: body.installsBegun,
    installs: body.installs,
  };
}

/** The wait before try number `failures` + 1: it doubles up to a bound. */
export const retryWait = ({ pace }: Body, failures: number): number =>
  Math.min(pace.retryMs * 2 ** Math.min(Math.max(failures - 1, 0), 20), pace.retryMsMax);
