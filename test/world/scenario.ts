// Everything a run consists of, whether drawn from a seed (swarm.ts) or written by hand (a story).
import type { Duration, HourWindow, PaceChange, RolloutPolicy, ScoreTerms, Zone } from '../../src/campaigns/index.ts';
import type { DeviceSpec, Trait } from '../../src/simulator/index.ts';

export interface Trouble {
  /** Share of messages that are lost: to devices, and from them. */
  readonly lossDown: number;
  readonly lossUp: number;
  /** Share of datagrams that arrive twice. */
  readonly twice: number;
  /** Longest delay of a message in milliseconds; most are far shorter. */
  readonly delayMax: number;
  /** Chance that a node goes down at a commit, before it or just after it. */
  readonly crash: number;
  /** Chance that the customer's listener does not answer, having heard or not; that it answers late; that it refuses. */
  readonly deafCustomer: number;
  readonly slowCustomer: number;
  readonly refusingCustomer: number;
  /** Chance that a change is stale, that a load or a commit fails, that the answer to a commit is lost. */
  readonly stale: number;
  readonly failLoad: number;
  readonly failCommit: number;
  readonly lostCommit: number;
  /** Chance that another node does its work between what a node read and what it writes. */
  readonly interleave: number;
}

export const CALM: Trouble = {
  lossDown: 0,
  lossUp: 0,
  twice: 0,
  delayMax: 300,
  crash: 0,
  deafCustomer: 0,
  slowCustomer: 0,
  refusingCustomer: 0,
  stale: 0,
  failLoad: 0,
  failCommit: 0,
  lostCommit: 0,
  interleave: 0,
};

/** A device of the world, with what lies between it and its server. */
export interface WorldDevice extends DeviceSpec {
  readonly zone?: Zone;
  readonly labels?: Readonly<Record<string, string>>;
  /** What was imported as its version; absent: nothing, it has to tell. */
  readonly known?: string;
  /** Bytes a second that were measured of it. */
  readonly rate?: number;
  /** A translator on the way lets the server's messages pass only so long after the device has spoken. */
  readonly natSeconds?: number;
  /** It hears nothing that the server asks, and goes on registering. */
  readonly mute?: true;
  /** Hours of the run in which nobody hears of it. */
  readonly away?: { readonly from: number; readonly until: number };
  /** Its clock: how far off it is, and how fast it runs. */
  readonly clock?: { readonly offsetMs: number; readonly rate: number };
}

/** What an operator does, at an hour of the run; what is refused at that moment changes nothing. */
export type OperatorAct =
  | { readonly is: 'pause' | 'resume' | 'abort' | 'cancel' | 'approve' | 'withdraw' | 'stop-account' }
  | { readonly is: 'narrow'; readonly to: readonly HourWindow[] }
  | { readonly is: 'dates'; readonly lastDay: number; readonly windows?: readonly HourWindow[] }
  | { readonly is: 'append' | 'remove'; readonly imeis: readonly string[] }
  | { readonly is: 'pace'; readonly pace: PaceChange }
  /** Another campaign of the same package over all devices. */
  | { readonly is: 'again'; readonly lastDay: number };

export interface OperatorOrder {
  readonly at: number;
  readonly act: OperatorAct;
}

export interface Scenario {
  readonly seed: number;
  /** When the run begins. */
  readonly start: number;
  readonly devices: readonly WorldDevice[];
  readonly nodes: number;
  /** How far the nodes' clocks are apart, at most, in milliseconds. */
  readonly skewMs: number;
  readonly trouble: Trouble;
  /** Hours from the start of the run until everything goes well. */
  readonly chaosHours: number;
  readonly downloadWindows: readonly HourWindow[];
  readonly installWindows: readonly HourWindow[];
  readonly zone: Zone | 'device';
  /** Days after the start's day on which the campaign begins, and ends. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Days after the start's day before which nothing is downloaded, or installed. */
  readonly downloadAfter?: number;
  readonly installAfter?: number;
  readonly rule: 'strict' | 'start-before-close';
  readonly pollSeconds: number;
  /** Places of the devices that are on the list when the campaign is scheduled; absent: all. */
  readonly listed?: readonly string[];
  readonly rollout?: RolloutPolicy;
  readonly haltTerms?: ScoreTerms;
  readonly slotsMax?: number;
  readonly arrivalsPerMinute?: number;
  readonly accountPerMinute?: number;
  readonly labelCaps?: Readonly<Record<string, number>>;
  readonly attemptsMax?: number;
  readonly retryWait?: Duration;
  readonly autoAdd?: true;
  readonly orders: readonly OperatorOrder[];
  /** In the end operators resume what is paused or halted and approve what waits for it. */
  readonly goesOn: boolean;
  /** Nobody can be updated here, however willing. */
  readonly hopeless?: true;
  /** It is followed to the last hour of the drain, although all is told. */
  readonly toTheEnd?: true;
}

/** A run begins here, in the middle of a day, unless it says otherwise. */
export const START = Date.parse('2026-11-22T10:30:00Z');
export const FROM = '1.0.0';
export const TO = '2.0.0';

export function given(part: Partial<Scenario> & { readonly devices: readonly WorldDevice[] }): Scenario {
  return {
    seed: 1,
    start: START,
    nodes: 2,
    skewMs: 0,
    trouble: CALM,
    chaosHours: 0,
    downloadWindows: [],
    installWindows: [],
    zone: 'UTC',
    firstDay: 0,
    lastDay: 2,
    rule: 'strict',
    pollSeconds: 300,
    orders: [],
    goesOn: true,
    ...part,
  };
}

const device = (transport: WorldDevice['transport'], imei: string, traits: readonly Trait[]): WorldDevice => ({
  imei,
  make: 'Acme',
  model: 'Lamp',
  transport,
  from: FROM,
  traits,
});

/** A device by its place in the run; its IMEI names its random streams. */
export const lwm2m = (place: number, ...traits: readonly Trait[]): WorldDevice =>
  device('LWM2M', `35000000000${String(place).padStart(4, '0')}`, traits);

export const http = (place: number, ...traits: readonly Trait[]): WorldDevice =>
  device('HTTP', `36000000000${String(place).padStart(4, '0')}`, traits);
