// Plays a whole campaign on a virtual clock through the same decisions as in earnest, and tells what would come of it.
import { admit, type Candidate } from './admission.ts';
import type { Campaign } from './campaign.ts';
import type { Change } from './change.ts';
import type { NodeId } from './ids.ts';
import type { Licensing } from './licence.ts';
import { type Actor, newActor } from './simulation/actor.ts';
import { Chronicle } from './simulation/chronicle.ts';
import { LabelSets, SIMULATION_LIMITS, type SimulationFacts, slimDevice } from './simulation/facts.ts';
import { Play } from './simulation/play.ts';
import {
  type Details,
  detailsOf,
  type Prediction,
  predictionOf,
  type RefusedDevices,
  type Summary,
  summaryOf,
} from './simulation/prediction.ts';
import { countedAnew, scaled, scaledCaps } from './simulation/scale.ts';
import { Stage } from './simulation/stage.ts';
import { admitPart, fold } from './steward.ts';
import type { Instant } from './time.ts';
import type { Update } from './update.ts';

/** Who of a list would take part, and who would be refused and why; nothing is stored. */
export function admitDry(
  candidates: readonly Candidate[],
  campaign: Campaign,
  now: Instant,
  licensing?: Licensing,
): { readonly accepted: readonly Candidate[]; readonly refused: readonly RefusedDevices[] } {
  const { results } = admit(candidates, campaign, now, { licensing });
  const groups = new Map<RefusedDevices['reason'], { devices: number; named: string[] }>();
  const accepted: Candidate[] = [];
  for (const [place, { imei, rejection }] of results.entries()) {
    const candidate = candidates[place];
    if (rejection === undefined) {
      if (candidate !== undefined) accepted.push(candidate);
      continue;
    }
    const group = groups.get(rejection.reason) ?? { devices: 0, named: [] };
    groups.set(rejection.reason, group);
    group.devices += 1;
    if (group.named.length < SIMULATION_LIMITS.namedMax) group.named.push(imei);
  }
  return { accepted, refused: [...groups].map(([reason, group]) => ({ reason, ...group })) };
}

/** Several pages of refused devices as one. */
export function refusedTogether(lists: readonly RefusedDevices[]): readonly RefusedDevices[] {
  const groups = new Map<RefusedDevices['reason'], RefusedDevices>();
  for (const one of lists) {
    const before = groups.get(one.reason);
    const named = [...(before?.named ?? []), ...one.named].slice(0, SIMULATION_LIMITS.namedMax);
    groups.set(one.reason, { reason: one.reason, devices: (before?.devices ?? 0) + one.devices, named });
  }
  return [...groups.values()];
}

/** The campaign with all its rows, as it stands before the first play. */
interface Given {
  readonly campaign: Campaign;
  readonly rows: readonly Update[];
}

/** Devices that are admitted, or made ready for a play, in one step. */
const PART = 500;

/** Admits a part of the devices at a time, so that nobody has to wait for a whole fleet. */
function* admitting(facts: SimulationFacts): Generator<undefined, Given> {
  const { now, devices } = facts;
  const part = facts.sampledOf === undefined ? 1 : devices.length / Math.max(1, facts.sampledOf);
  const known = devices.flatMap(({ update }) => (update === undefined ? [] : [update]));
  const whole = scaled(facts.campaign, part, now);
  let campaign = known.length === 0 ? whole : countedAnew(whole, known);
  const rows: Update[] = [];
  for (let at = 0; at === 0 || at < devices.length; at += PART) {
    const page = devices.slice(at, at + PART);
    const fresh = page.filter(({ update }) => update === undefined);
    const candidates = fresh.map(({ device }) => ({ imei: device.imei, device, present: false }));
    const { change } = admitPart(campaign, 0, candidates, true, now);
    const inserted = change.writes.flatMap((write) => (write.op === 'insert-update' ? [write.row] : []));
    for (const { update = inserted.shift() } of page) if (update !== undefined) rows.push(update);
    const unsealed = change.entries.map((entry, id) => ({ id, entry }));
    const admitted = { campaign: rowOf(change, campaign), unsealed, audience: [], gathered: [] };
    campaign = rowOf(fold(admitted, { digest: () => '' }, now), admitted.campaign);
    yield undefined;
  }
  return { campaign: { ...campaign, nextActionAt: now }, rows };
}

const rowOf = ({ writes }: Change, before: Campaign): Campaign =>
  writes.flatMap((write) => (write.op === 'replace-campaign' ? [write.row] : []))[0] ?? before;

/** The labels that most devices have. */
function frequentLabels({ devices }: SimulationFacts): readonly string[] {
  const counts = new Map<string, number>();
  for (const { device } of devices)
    for (const [key, value] of Object.entries(device.labels))
      counts.set(`${key}=${value}`, (counts.get(`${key}=${value}`) ?? 0) + 1);
  return [...counts]
    .toSorted(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
    .slice(0, SIMULATION_LIMITS.labelsMax)
    .map(([label]) => label);
}

const playsOf = ({ plays, devices }: SimulationFacts): number => {
  const { playsMin, playsMax, playedDevicesMax } = SIMULATION_LIMITS;
  return plays ?? Math.max(playsMin, Math.min(playsMax, Math.floor(playedDevicesMax / Math.max(1, devices.length))));
};

/** A simulation that goes on in slices, so that whoever runs it can do something else between two of them. */
export class Simulation {
  readonly #facts: SimulationFacts;
  readonly #refused: readonly RefusedDevices[];
  readonly #labels: readonly string[];
  readonly #plays: Summary[] = [];
  #given: Given | undefined;
  #opening: Generator<undefined, Play> | undefined;
  #play: Play | undefined;
  #first: Details | undefined;

  constructor(facts: SimulationFacts, refused: readonly RefusedDevices[] = []) {
    const labels = new LabelSets();
    const devices = facts.devices.map((one) => ({
      ...one,
      device: slimDevice(one.device, facts.campaign.package, labels),
    }));
    this.#facts = { ...facts, devices };
    this.#refused = refused;
    this.#labels = frequentLabels(facts);
  }

  /** Goes on for about so many steps; true when everything is played. */
  advance(steps: number): boolean {
    if (this.#plays.length >= playsOf(this.#facts)) return true;
    if (this.#play === undefined) {
      this.#opening ??= this.#open();
      const opened = this.#opening.next();
      if (opened.done === true) [this.#play, this.#opening] = [opened.value, undefined];
      return false;
    }
    if (!this.#play.advance(steps)) return false;
    this.#first ??= detailsOf(this.#facts, this.#play);
    this.#plays.push(summaryOf(this.#play));
    this.#play = undefined;
    return this.#plays.length >= playsOf(this.#facts);
  }

  *#open(): Generator<undefined, Play> {
    const { now, nodes, kept, budgets = [], failureChance, chanceOf, devices } = this.#facts;
    const { allowance, labelCaps } = scaledCaps(this.#facts);
    this.#given ??= yield* admitting(this.#facts);
    const { campaign, rows } = this.#given;
    const play = this.#plays.length;
    const chance = chanceOf(play);
    const names = Array.from({ length: Math.max(1, nodes) }, (_, place) => `node-${place + 1}` as NodeId);
    const parts = { now, campaign, nodes: names, labelCaps, play, chance };
    const actors: Actor[] = [];
    for (const [place, device] of devices.entries()) {
      const row = rows[place];
      if (row !== undefined) actors.push(newActor(device, row, place, parts));
      if (place % PART === 0) yield undefined;
    }
    const chronicle = new Chronicle(this.#labels);
    const also = { kept, actors, allowance, budgets, failureChance, chronicle };
    return new Play(new Stage({ ...parts, ...also }));
  }

  /** What the plays have shown; undefined before the first has ended. */
  get prediction(): Prediction | undefined {
    return this.#first && predictionOf(this.#facts, this.#first, this.#plays, this.#refused);
  }

  /** By place of the device: when it is updated in the first play; NaN: never. */
  get updatedAt(): Float64Array | undefined {
    return this.#first?.updatedAt;
  }
}

const SLICE = 100_000;

/** Plays to the end at once. */
export function simulate(facts: SimulationFacts, refused: readonly RefusedDevices[] = []): Prediction {
  const simulation = new Simulation(facts, refused);
  while (!simulation.advance(SLICE));
  const { prediction } = simulation;
  if (prediction === undefined) throw new Error('a simulation without a play');
  return prediction;
}
