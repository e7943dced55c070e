// What a simulation tells: when a campaign is finished, who is not updated and why, and what it costs, hour by hour.
import type { Hold } from '../campaign.ts';
import type { Imei } from '../ids.ts';
import type { RejectReason } from '../reasons.ts';
import type { Rule } from '../rules.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../windows.ts';
import type { Actor } from './actor.ts';
import { type ByHour, localText } from './chronicle.ts';
import { SIMULATION_LIMITS, type SimulationFacts } from './facts.ts';
import type { Play } from './play.ts';
import { whyNot } from './why.ts';

/** A group of devices; of the first ones their IMEIs. */
export interface Named {
  readonly devices: number;
  readonly named: readonly Imei[];
}
export interface Late extends Named {
  readonly rule: Rule;
  readonly sentence: string;
}
export interface RefusedDevices {
  readonly reason: RejectReason;
  readonly devices: number;
  readonly named: readonly string[];
}

/** Over all plays: half of them, and nine of ten, are not later. `basis`: what the figure was made from. */
export interface Spread {
  readonly p50: Instant;
  readonly p90: Instant;
  readonly basis: string;
}

export interface HourOfTraffic {
  readonly from: Instant;
  readonly transfers: number;
  readonly bytes: number;
}
export interface TrafficOf {
  readonly name: string;
  readonly hours: readonly HourOfTraffic[];
}

export interface PredictedStep {
  readonly kind: 'canary' | 'wave';
  readonly devices: number;
  /** Absent: it is not opened before the campaign ends. */
  readonly opens?: Spread;
}

export interface Prediction {
  readonly at: Instant;
  readonly plays: number;
  /** Devices that take part. */
  readonly devices: number;
  /** `played 100,000 of 1,000,000`; absent: all were played. */
  readonly sampled?: { readonly played: number; readonly of: number };
  /** The last outcome before the campaign ends; absent: there is none. */
  readonly finish?: Spread;
  readonly halfDone?: Spread;
  readonly succeeded: { readonly devices: number; readonly basis: string };
  readonly failed: { readonly devices: number; readonly basis: string };
  /** Devices that are not updated by the end date, by the rule that holds them back. */
  readonly late: readonly Late[];
  readonly refused: readonly RefusedDevices[];
  readonly hours: readonly HourOfTraffic[];
  readonly labels: readonly TrafficOf[];
  readonly strata: readonly TrafficOf[];
  readonly trafficBasis: string;
  readonly firstInstall?: { readonly at: Instant; readonly zone: Zone; readonly local: string; readonly basis: string };
  readonly steps: readonly PredictedStep[];
  /** What stops the campaign by itself. */
  readonly hold?: Hold;
  /** What every figure was made from, and what was taken for granted. */
  readonly inputs: readonly Input[];
  readonly notes: readonly string[];
}

export interface Input {
  readonly what: 'contact interval' | 'throughput' | 'install time' | 'failure chance';
  /** `measured on 812 of 1000 devices` or `assumed`. */
  readonly basis: string;
  readonly measuredOn: number;
}

/** The value that a share of the plays does not exceed. */
function quantile(sorted: readonly number[], share: number): Instant {
  const place = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return (sorted[place] ?? 0) as Instant;
}

function spreadOf(values: readonly (Instant | undefined)[], basis: string): Spread | undefined {
  const known = values.filter((value) => value !== undefined).toSorted((one, other) => one - other);
  // What most plays do not reach is not predicted.
  if (known.length * 2 <= values.length) return undefined;
  return { p50: quantile(known, 0.5), p90: quantile(known, 0.9), basis };
}

const counted = (count: number, all: number): string =>
  count === 0 ? 'assumed' : `measured on ${count} of ${all} devices`;

function inputsOf({ devices, failureChance }: SimulationFacts): readonly Input[] {
  // An awake device does not wait for its next contact: its interval is no input.
  const measuredOn = (has: (one: SimulationFacts['devices'][number]) => boolean) => devices.filter(has).length;
  const contact = measuredOn(({ contacts }) => contacts.measuredOn > 0);
  const rate = measuredOn(({ device }) => device.rate !== undefined);
  const install = measuredOn((one) => one.install !== undefined);
  const cases = devices.find((one) => one.install !== undefined)?.install?.measuredOn ?? 0;
  const all = devices.length;
  return [
    { what: 'contact interval', basis: counted(contact, all), measuredOn: contact },
    { what: 'throughput', basis: counted(rate, all), measuredOn: rate },
    {
      what: 'install time',
      basis: install === 0 ? 'assumed' : `measured on ${cases} earlier installations`,
      measuredOn: cases,
    },
    { what: 'failure chance', basis: `assumed ${Number((failureChance * 100).toFixed(2))} %`, measuredOn: 0 },
  ];
}

const basisOf = (inputs: readonly Input[], ...names: readonly Input['what'][]): string =>
  inputs
    .filter(({ what }) => names.includes(what))
    .map(({ what, basis }) => `${what} ${basis}`)
    .join('; ');

const hoursOf = (book: ByHour, factor: number): readonly HourOfTraffic[] =>
  [...book]
    .toSorted(([one], [other]) => one - other)
    .map(([from, { transfers, bytes }]) => ({
      from: from as Instant,
      transfers: Math.round(transfers * factor),
      bytes: Math.round(bytes * factor),
    }));

function lateOf({ stage }: Play, factor: number): readonly Late[] {
  const groups = new Map<string, { rule: Rule; sentence: string; devices: number; named: Imei[] }>();
  for (const actor of stage.parts.actors) {
    if (!isLate(actor)) continue;
    const { rule, sentence } = whyNot(actor, stage);
    const group = groups.get(sentence) ?? { rule, sentence, devices: 0, named: [] };
    groups.set(sentence, group);
    group.devices += 1;
    if (group.named.length < SIMULATION_LIMITS.namedMax) group.named.push(actor.update.imei);
  }
  return [...groups.values()]
    .toSorted((one, other) => other.devices - one.devices)
    .map((group) => ({ ...group, devices: Math.round(group.devices * factor) }));
}

/** Neither updated nor failed, and nobody has refused it. */
const isLate = ({ update: { state } }: Actor): boolean =>
  state.name !== 'succeeded' && state.name !== 'failed' && state.name !== 'rejected';

const countOf = ({ stage }: Play, state: 'succeeded' | 'failed', factor: number): number =>
  Math.round(stage.parts.actors.filter(({ update }) => update.state.name === state).length * factor);

/** What is kept of every play. */
export interface Summary {
  readonly lastOutcome: Instant | undefined;
  readonly halfDone: Instant | undefined;
  readonly opened: readonly (Instant | undefined)[];
  readonly isCut: boolean;
}

/** What is told device by device and hour by hour, of the first play: it takes every figure as it is. */
export type Details = Pick<
  Prediction,
  | 'devices'
  | 'succeeded'
  | 'failed'
  | 'late'
  | 'hours'
  | 'labels'
  | 'strata'
  | 'trafficBasis'
  | 'firstInstall'
  | 'steps'
  | 'hold'
> & {
  readonly silent: number;
  /** By place of the device: when it was updated; NaN: it was not. */
  readonly updatedAt: Float64Array;
};

const takingPart = ({ stage }: Play): number =>
  stage.parts.actors.filter(({ update }) => update.state.name !== 'rejected').length;

export function summaryOf(play: Play): Summary {
  const { chronicle } = play.stage;
  return {
    lastOutcome: chronicle.lastOutcome,
    halfDone: chronicle.succeeded[Math.ceil(takingPart(play) / 2) - 1],
    opened: chronicle.opened,
    isCut: play.isCut,
  };
}

export const factorOf = ({ sampledOf, devices }: SimulationFacts): number =>
  sampledOf === undefined || devices.length === 0 ? 1 : sampledOf / devices.length;

export function detailsOf(facts: SimulationFacts, play: Play): Details {
  const { stage } = play;
  const inputs = inputsOf(facts);
  const factor = factorOf(facts);
  const traffic = basisOf(inputs, 'contact interval', 'throughput');
  const { hold, rollout } = stage.campaign;
  const { actors } = stage.parts;
  return {
    devices: Math.round(takingPart(play) * factor),
    succeeded: { devices: countOf(play, 'succeeded', factor), basis: basisOf(inputs, ...ALL) },
    failed: { devices: countOf(play, 'failed', factor), basis: basisOf(inputs, 'failure chance') },
    late: lateOf(play, factor),
    ...trafficOf(play, factor, traffic),
    ...firstInstallOf(play, traffic),
    steps: (rollout?.steps ?? []).map(({ kind, size }) => ({ kind, devices: Math.round(size * factor) })),
    ...(hold === undefined ? {} : { hold }),
    silent: actors.filter((actor) => actor.silent).length,
    updatedAt: Float64Array.from(actors, ({ update: { state } }) =>
      state.name === 'succeeded' ? state.at : Number.NaN,
    ),
  };
}

const ALL = ['contact interval', 'throughput', 'install time', 'failure chance'] as const;

/** `first`: what the first of the plays has shown in detail. */
export function predictionOf(
  facts: SimulationFacts,
  first: Details,
  plays: readonly Summary[],
  refused: readonly RefusedDevices[],
): Prediction {
  const inputs = inputsOf(facts);
  const basis = basisOf(inputs, ...ALL);
  const finish = spreadOf(
    plays.map(({ lastOutcome }) => lastOutcome),
    basis,
  );
  const halfDone = spreadOf(
    plays.map((play) => play.halfDone),
    basis,
  );
  const { silent, updatedAt: _places, steps, ...details } = first;
  const { sampledOf, devices } = facts;
  return {
    at: facts.now,
    plays: plays.length,
    ...details,
    ...(sampledOf === undefined ? {} : { sampled: { played: devices.length, of: sampledOf } }),
    ...(finish === undefined ? {} : { finish }),
    ...(halfDone === undefined ? {} : { halfDone }),
    refused,
    steps: steps.map((step, place) => {
      const opens = spreadOf(
        plays.map(({ opened }) => opened[place]),
        basis,
      );
      return opens === undefined ? step : { ...step, opens };
    }),
    inputs,
    notes: notesOf(facts, plays, silent),
  };
}

function trafficOf({ stage: { chronicle, campaign } }: Play, factor: number, trafficBasis: string) {
  const named = [...chronicle.byLabel].map(([name, book]) => ({ name, hours: hoursOf(book, factor) }));
  const strata = campaign.strata.length > 1 ? [...chronicle.byStratum] : [];
  return {
    hours: hoursOf(chronicle.hours, factor),
    labels: named.filter((one) => one.hours.length > 0),
    strata: strata
      .toSorted(([one], [other]) => one - other)
      .map(([place, book]) => ({ name: campaign.strata[place] ?? '', hours: hoursOf(book, factor) })),
    trafficBasis,
  };
}

function firstInstallOf({ stage }: Play, basis: string): Pick<Prediction, 'firstInstall'> {
  const { firstInstall } = stage.chronicle;
  if (firstInstall === undefined) return {};
  const { at, zone } = firstInstall;
  return { firstInstall: { at, zone, local: localText(at, zone), basis } };
}

function notesOf(
  { sampledOf, devices, campaign }: SimulationFacts,
  plays: readonly Summary[],
  silent: number,
): readonly string[] {
  const cut = plays.filter((play) => play.isCut).length;
  const approves = campaign.rollout !== undefined && campaign.rollout.policy.approval !== 'none';
  return [
    ...(sampledOf === undefined
      ? []
      : [`sampled ${grouped(devices.length)} of ${grouped(sampledOf)} devices; counts are scaled up`]),
    ...(silent === 0 ? [] : [`${silent} devices have been silent for long and are not expected to come`]),
    ...(approves ? ['approvals are assumed to be given at once'] : []),
    ...(cut === 0
      ? []
      : [`${cut} plays took more than ${grouped(SIMULATION_LIMITS.stepsMax)} steps and were cut there`]),
  ];
}

/** `1,000,000` */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
