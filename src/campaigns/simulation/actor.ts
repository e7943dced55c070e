// One device in a simulation: its rows as the rules see them, its rhythm, and what it does next.

import type { Campaign } from '../campaign.ts';
import type { Reading } from '../device.ts';
import { type Device, isAwake } from '../device.ts';
import type { NodeId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import type { PackageFacts } from '../package.ts';
import { installsAsItDownloads, zoneOf } from '../permits.ts';
import type { Rule } from '../rules.ts';
import type { Instant } from '../time.ts';
import type { Update } from '../update.ts';
import type { Chance } from './chance.ts';
import { SIMULATION_LIMITS, type SimulatedDevice } from './facts.ts';
import type { Wheel } from './wheel.ts';

/** What happens to a device next, at the one instant that it has on the agenda. */
export type Act = 'ready' | 'begin' | 'end' | 'cut' | 'look' | 'installed' | 'tell' | 'due';

/** Mutable, and never seen outside of its play. */
export interface Actor {
  readonly place: number;
  readonly given: SimulatedDevice;
  readonly node: NodeId;
  /** We can speak to it at any time. */
  readonly awake: boolean;
  /** It was silent for too long; nothing is expected of it. */
  readonly silent: boolean;
  /** HTTP: it tells its version when it is asked. */
  readonly tells: boolean;
  readonly every: number;
  readonly phase: number;
  /** Bytes a millisecond, as this play has drawn it. */
  readonly speed: number;
  readonly installTime: number;
  /** Allowances of its labels. */
  readonly scopes: readonly string[];
  device: Device;
  update: Update;
  wheel: Wheel<Actor> | undefined;
  wheelPlace: number;
  pool: string;
  act: Act;
  /** The event of the agenda that counts. */
  event: number;
  /** Why nothing was offered when it was looked at last. */
  held: Rule | undefined;
  /** When its transfer began, and what it had by then. */
  beganAt: number;
  bytesBefore: number;
  installingAt: number | undefined;
  /** It fails this time. */
  fails: boolean;
}

/** Intervals of about the same length become one, so that few wheels hold a whole fleet. */
function rhythmOf(every: number): number {
  if (every < 1_000) return 1_000;
  // Of what an account has set for all its devices nothing is lost.
  if (every % 60_000 === 0) return every;
  const step = Math.log(1 + SIMULATION_LIMITS.rhythm);
  return Math.round(Math.exp(Math.round(Math.log(every) / step) * step));
}

const rateOf = ({ rate, transport }: Device): number =>
  rate ?? (transport === 'HTTP' ? LIMITS.assumedRateHttp : LIMITS.assumedRateLwm2m);

/** Around what was measured a play varies little, around what is assumed much; the first play takes every figure as it is. */
const spread = (play: number, chance: Chance, measured: boolean): number => {
  const drawn = chance();
  if (play === 0) return 1;
  return measured ? 0.9 + 0.2 * drawn : 0.6 + 0.8 * drawn;
};

export interface ActorParts {
  readonly now: Instant;
  readonly campaign: Campaign;
  readonly nodes: readonly NodeId[];
  readonly labelCaps: Readonly<Record<string, number>>;
  readonly play: number;
  readonly chance: Chance;
}

export function newActor(given: SimulatedDevice, update: Update, place: number, parts: ActorParts): Actor {
  const { now, nodes, play, chance, labelCaps } = parts;
  const { contacts, install } = given;
  const node = nodes[place % nodes.length] ?? ('node-1' as NodeId);
  const awake = isAwake(given.device);
  const { registration } = given.device;
  const device: Device = {
    ...given.device,
    reachable: true,
    ...(registration === undefined ? {} : { registration: { ...registration, node } }),
    ...(update.state.name === 'rejected' ? {} : { liveCampaign: update.campaign }),
  };
  const every = rhythmOf(contacts.every);
  const drift = (chance() - 0.5) * (play === 0 ? 0 : 0.1) * every;
  const at = contacts.lastAt === undefined ? chance() * every : contacts.lastAt + drift;
  const phase = Math.floor(((at % every) + every) % every);
  const quiet = contacts.lastAt === undefined ? 0 : now - contacts.lastAt;
  const scopes = Object.keys(labelCaps).flatMap((key) => {
    const value = device.labels[key];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return {
    place,
    given,
    node,
    awake,
    silent: !awake && quiet > Math.max(SIMULATION_LIMITS.silentAfter, SIMULATION_LIMITS.silentIntervals * every),
    tells: device.attributesAt !== undefined || contacts.lastAt === undefined,
    every,
    phase,
    speed: (rateOf(device) * spread(play, chance, device.rate !== undefined)) / 1_000,
    installTime: (install?.time ?? SIMULATION_LIMITS.assumedInstall) * spread(play, chance, install !== undefined),
    scopes,
    device,
    update,
    wheel: undefined,
    wheelPlace: 0,
    pool: '',
    act: 'ready',
    event: 0,
    held: undefined,
    beganAt: 0,
    bytesBefore: 0,
    installingAt: undefined,
    fails: false,
  };
}

/** Devices with one key are held back by windows and by the allowances of labels alike. */
export function placeKey({ device, given, node, scopes }: Actor, campaign: Campaign): string {
  const installs = installsAsItDownloads({ device, profile: given.profile });
  return `${node} ${zoneOf(campaign, device)} ${installs} ${scopes.join()}`;
}

/** The first regular contact at or after `from`. */
export function contactFrom({ every, phase }: Pick<Actor, 'every' | 'phase'>, from: number): Instant {
  const turn = Math.floor(from / every) * every;
  return (turn + phase >= from ? turn + phase : turn + every + phase) as Instant;
}

/** The device as it is once it has told which version it runs. */
export function running(device: Device, pack: PackageFacts, value: string, now: Instant): Device {
  const reading: Reading = { value, at: now, source: 'reported' };
  const told = device.transport === 'HTTP' ? { attributesAt: now } : {};
  return pack.kind === 'firmware'
    ? { ...device, ...told, firmware: reading }
    : { ...device, ...told, software: { [pack.name]: reading } };
}
