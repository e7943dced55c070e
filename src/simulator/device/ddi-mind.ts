// The mind of a simulated HTTP device, a hawkBit DDI client: what it hears goes in, what it does comes out.

import { type Body, newBody, reportOf } from './body.ts';
import type { DdiAction, DdiRequest } from './ddi-messages.ts';
import type { Received } from './image.ts';
import type { DeviceReport, DeviceSpec, DeviceState } from './kinds.ts';
import type { MindParts } from './ports.ts';
import type { Due, Turn } from './turn.ts';

export type DdiDue = 'booted' | 'poll' | 'installed';

/** The action that the client works on; it survives a restart. */
export interface Job {
  readonly actionId: string;
  readonly href: string;
  readonly size: number;
  readonly sha256: string;
  readonly received: Received;
  readonly phase: 'downloading' | 'downloaded' | 'installing' | 'installed';
  /** As last read: it need not wait with the install. */
  readonly mayInstall: boolean;
  readonly begun: boolean;
  readonly cuts: number;
}

export interface DdiMind extends Body {
  readonly open: { readonly id: number; readonly request: DdiRequest } | undefined;
  /** To be asked in this order, one after the other. */
  readonly queue: readonly DdiRequest[];
  readonly nextId: number;
  readonly pollMs: number;
  readonly job: Job | undefined;
  readonly lastClosed: string | undefined;
  /** Restarts as soon as its last word has been heard. */
  readonly restartsNext: boolean;
  readonly due: Due<DdiDue>;
}

export type DdiTurn = Turn<DdiDue, DdiMind, DdiAction>;

export function newDdiMind(spec: DeviceSpec, parts: MindParts): DdiMind {
  const body = newBody(spec, parts);
  return {
    ...body,
    open: undefined,
    queue: [],
    nextId: 1,
    pollMs: body.pace.pollMs,
    job: undefined,
    lastClosed: undefined,
    restartsNext: false,
    due: {},
  };
}

const WORDS: Readonly<Record<Job['phase'], DeviceState>> = {
  downloading: 'downloading',
  downloaded: 'downloaded',
  installing: 'installing',
  installed: 'installing',
};

export const reportOfDdi = (mind: DdiMind): DeviceReport =>
  reportOf(mind, mind.job === undefined ? 'idle' : WORDS[mind.job.phase]);
