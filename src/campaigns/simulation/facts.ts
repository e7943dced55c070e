// What a simulation is made from: the campaign as it stands, its devices as far as they matter, and how they behave.

import type { Campaign } from '../campaign.ts';
import type { Budget } from '../change.ts';
import type { Device, DeviceProfile, Transport } from '../device.ts';
import type { KeptBook } from '../guard.ts';
import type { AccountAllowance } from '../leases.ts';
import type { PackageFacts } from '../package.ts';
import { judgeVersion, runningVersion } from '../package.ts';
import { type Duration, days, type Instant, minutes, seconds } from '../time.ts';
import type { Update } from '../update.ts';
import type { Chance } from './chance.ts';

export const SIMULATION_LIMITS = {
  /** Devices that are played; of a larger fleet as many are drawn by chance. */
  devicesMax: 100_000,
  /** Times that a campaign is played, and devices of all plays together. */
  playsMax: 9,
  playsMin: 3,
  playedDevicesMax: 100_000,
  /** Steps of one play; a play that is not over then is cut, and says so. */
  stepsMax: 30_000_000,
  /** Devices that are named for each reason. */
  namedMax: 100,
  /** Labels whose hours are told apart, the most frequent ones. */
  labelsMax: 50,
  /** A device that has been silent for so long, and for so many of its intervals, is not expected to come back. */
  silentAfter: days(7),
  silentIntervals: 3,
  /** From a question to its answer, and from an offer to the first byte. */
  talk: seconds(2),
  /** How often the steward counts what has happened; with many devices it has less leisure. */
  turn: seconds(1),
  turnOfMany: seconds(5),
  many: 5_000,
  /** Contact interval of an LwM2M device that sleeps and was never heard. */
  assumedContact: days(1),
  /** From the start of an installation to the word that it is done. */
  assumedInstall: minutes(2),
  /** Intervals that differ by less than this part are taken for one. */
  rhythm: 0.02,
} as const;

/** When a device contacts us: its last contact, and how long it usually is to the next one. */
export interface Contacts {
  readonly every: Duration;
  readonly lastAt?: Instant;
  /** Intervals that `every` was measured on; 0: it is assumed. */
  readonly measuredOn: number;
}

export interface SimulatedDevice {
  readonly device: Device;
  readonly profile: DeviceProfile;
  /** Absent: it is admitted first. */
  readonly update?: Update;
  readonly contacts: Contacts;
  /** Absent: assumed. */
  readonly install?: Measured;
}

/** A time with the number of cases that it was measured on. */
export interface Measured {
  readonly time: Duration;
  readonly measuredOn: number;
}

export interface SimulationFacts {
  readonly now: Instant;
  readonly campaign: Campaign;
  readonly kept?: KeptBook | undefined;
  readonly devices: readonly SimulatedDevice[];
  /** Devices that stand for the whole campaign; absent: all of them are here. */
  readonly sampledOf?: number;
  /** Live nodes; devices are spread over them. */
  readonly nodes: number;
  readonly allowance?: AccountAllowance | undefined;
  /** What is left of the allowances of labels, and what they allow: of each device by its labels. */
  readonly labelCaps?: Readonly<Record<string, number>>;
  readonly budgets?: readonly Budget[];
  /** Share of installations that fail, 0 to 1. */
  readonly failureChance: number;
  /** Each play draws from a chance of its own. */
  readonly chanceOf: (play: number) => Chance;
  readonly plays?: number;
}

/** How often a device is expected where nothing is known of it. */
export const assumedContacts = (transport: Transport, pollEvery: Duration): Contacts => ({
  every: transport === 'HTTP' ? pollEvery : SIMULATION_LIMITS.assumedContact,
  measuredOn: 0,
});

/** Which labels of devices a simulation looks at, each set of them kept once. */
export class LabelSets {
  readonly #sets = new Map<string, Readonly<Record<string, string>>>();

  of(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const key = JSON.stringify(labels);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    this.#sets.set(key, labels);
    return labels;
  }
}

/** The device with only what decisions look at, so that a hundred thousand of them are small. */
export function slimDevice(device: Device, pack: PackageFacts, labels: LabelSets): Device {
  const { account, imei, make, model, transport, attributesAt, timeZone, registration, liveCampaign, rate } = device;
  const verdict = judgeVersion(device, pack);
  const reading = verdict.is === 'unknown' ? undefined : (runningVersion(device, pack) ?? verdict.reading);
  const firmware = pack.kind === 'firmware' && reading !== undefined ? { firmware: reading } : {};
  return {
    account,
    imei,
    revision: 0,
    transport,
    software: pack.kind === 'firmware' || reading === undefined ? {} : { [pack.name]: reading },
    attributes: {},
    labels: labels.of(device.labels),
    reachable: device.reachable,
    lastActionId: device.lastActionId,
    ...firmware,
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    ...(attributesAt === undefined ? {} : { attributesAt }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(registration === undefined ? {} : { registration }),
    ...(liveCampaign === undefined ? {} : { liveCampaign }),
    ...(rate === undefined ? {} : { rate }),
  };
}
