// What a hawkBit DDI client hears and does, in words instead of HTTP.

import type { DdiCancel, DdiDeployment, DdiExecution, DdiFinished, DdiPoll } from '../../contract/index.ts';

export type DdiInput =
  /** Power comes, or comes back. */
  | { readonly type: 'boot' }
  /** The time of `wakeAt` has come. */
  | { readonly type: 'wake' }
  | { readonly type: 'polled'; readonly id: number; readonly poll: DdiPoll }
  | { readonly type: 'deployment'; readonly id: number; readonly deployment: DdiDeployment }
  | { readonly type: 'cancel'; readonly id: number; readonly cancel: DdiCancel }
  /** A PUT or POST was answered with 2xx. */
  | { readonly type: 'accepted'; readonly id: number }
  /** `last`: the body has ended where its length said. */
  | {
      readonly type: 'bytes';
      readonly id: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly last: boolean;
    }
  | { readonly type: 'refused'; readonly id: number; readonly status: number }
  /** Nobody answered, or the connection broke in the middle. */
  | { readonly type: 'lost'; readonly id: number };

export interface DdiTold {
  readonly type: 'feedback';
  readonly about: 'deploymentBase' | 'cancelAction';
  readonly actionId: string;
  readonly execution: DdiExecution;
  readonly finished: DdiFinished;
  readonly details: readonly string[];
}

export type DdiRequest =
  | { readonly type: 'poll' }
  | { readonly type: 'put-config'; readonly href: string; readonly data: Readonly<Record<string, string>> }
  | { readonly type: 'read-deployment'; readonly href: string }
  | { readonly type: 'read-cancel'; readonly href: string }
  | DdiTold
  | { readonly type: 'download'; readonly href: string; readonly offset: number };

/** One request is open at a time; its outcome comes back with its `id`. */
export type DdiAction =
  | { readonly type: 'ask'; readonly id: number; readonly request: DdiRequest }
  | { readonly type: 'stop'; readonly id: number };
