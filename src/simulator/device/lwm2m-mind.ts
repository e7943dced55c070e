// The mind of a simulated LwM2M device: what it hears goes in, what it does comes out; no socket, no clock, no chance.

import { type Body, newBody, reportOf } from './body.ts';
import type { Complete, Received } from './image.ts';
import type { DeviceReport, DeviceSpec, DeviceState } from './kinds.ts';
import type { Lwm2mAction } from './lwm2m-messages.ts';
import { FIRMWARE_RESULT, FIRMWARE_STATE, type FirmwareResult, type FirmwareState } from './lwm2m-messages.ts';
import type { MindParts } from './ports.ts';
import type { Due, Turn } from './turn.ts';

/** `booted` `installed`: that is over then. `register` `update` `fetch`: is tried then. `sleep`: stops listening then. */
export type Lwm2mDue = 'booted' | 'register' | 'update' | 'sleep' | 'fetch' | 'installed';

export interface Download {
  readonly way: 'pull' | 'push';
  readonly uri: string;
  readonly received: Received;
  /** The fetch that runs; undefined between two tries. */
  readonly fetch: number | undefined;
  readonly failures: number;
}

export interface Lwm2mMind extends Body {
  readonly registration: 'none' | 'registering' | 'registered';
  readonly registerFailures: number;
  /** The next registration leaves from another port. */
  readonly newPort: boolean;
  /** False while a device in queue mode sleeps. */
  readonly listening: boolean;
  readonly state: FirmwareState;
  readonly result: FirmwareResult;
  readonly observed: readonly string[];
  /** The download that runs, or what is left of it where the device can resume. */
  readonly download: Download | undefined;
  readonly image: Complete | undefined;
  readonly nextFetch: number;
  readonly due: Due<Lwm2mDue>;
}

export type Lwm2mTurn = Turn<Lwm2mDue, Lwm2mMind, Lwm2mAction>;

export function newLwm2mMind(spec: DeviceSpec, parts: MindParts): Lwm2mMind {
  return {
    ...newBody(spec, parts),
    registration: 'none',
    registerFailures: 0,
    newPort: false,
    listening: false,
    state: FIRMWARE_STATE.IDLE,
    result: FIRMWARE_RESULT.INITIAL,
    observed: [],
    download: undefined,
    image: undefined,
    nextFetch: 1,
    due: {},
  };
}

const WORDS: Readonly<Record<FirmwareState, DeviceState>> = {
  0: 'idle',
  1: 'downloading',
  2: 'downloaded',
  3: 'installing',
};

export function reportOfLwm2m(mind: Lwm2mMind): DeviceReport {
  const asleep = mind.state === FIRMWARE_STATE.IDLE && mind.registration === 'registered' && !mind.listening;
  return reportOf(mind, asleep ? 'asleep' : WORDS[mind.state]);
}
