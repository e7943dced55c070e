// Tells the operator's own listener: signed and guarded like callbacks, tried for a day, each event by itself.
import {
  EVENT_LIMITS,
  type EventListener,
  type EventTelling,
  type OperatorEvent,
  takenUp,
  toldOf,
} from '../accounts/index.ts';
import type { OperatorEventStore } from '../accounts/ports.ts';
import { type Instant, rfc3339 } from '../campaigns/index.ts';
import type { OperatorEventCallback, OperatorEventView } from '../contract/index.ts';
import { CALLBACK_LIMITS } from './limits.ts';
import type { CallbackClock, Chance, Post, PostResult } from './ports.ts';
import { afterFailure } from './retry.ts';
import type { TestResult } from './sender.ts';
import { sign } from './sign.ts';

export interface EventTellerParts {
  readonly store: Pick<OperatorEventStore, 'eventListener' | 'eventsToTell' | 'replaceEvent'>;
  readonly post: Post;
  readonly clock: CallbackClock;
  readonly chance: Chance;
}

type What = OperatorEventCallback['what'];

/** The same for every try, so that the listener can tell what it has had already. */
export const operatorEventId = ({ id }: Pick<OperatorEvent, 'id'>, what: What): string => `evt_operator_${id}_${what}`;

/** As the API and the listener show it. */
export function renderOperatorEvent(event: OperatorEvent): OperatorEventView {
  const { id, kind, text, facts, account, campaign, raisedAt, clearedAt, told } = event;
  return {
    id,
    kind,
    text,
    facts: { ...facts },
    ...(account === undefined ? {} : { accountName: account }),
    ...(campaign === undefined ? {} : { campaignId: campaign }),
    raisedAt: rfc3339(raisedAt),
    ...(clearedAt === undefined ? {} : { clearedAt: rfc3339(clearedAt) }),
    ...(told === undefined ? {} : { toldAt: rfc3339(told.at) }),
    ...(told?.error === undefined ? {} : { lastError: told.error }),
  };
}

export class EventTeller {
  readonly #parts: EventTellerParts;

  constructor(parts: EventTellerParts) {
    this.#parts = parts;
  }

  /** Everything that is due, one after the other; true when more may be due. */
  async turn(): Promise<boolean> {
    const { store, clock } = this.#parts;
    const due = await store.eventsToTell(clock.now(), EVENT_LIMITS.toldMax);
    const listener = due.length === 0 ? undefined : await store.eventListener();
    for (const event of due) await this.#tell(event, listener);
    return due.length === EVENT_LIMITS.toldMax;
  }

  /** At once and once; it is not stored. */
  async test(listener: EventListener): Promise<TestResult> {
    const { clock } = this.#parts;
    const begun = clock.now();
    const about = { kind: 'disk-low', cause: 'test', text: 'This is a test.', facts: {} } as const;
    const result = await this.#post({ id: 0, revision: 0, ...about, raisedAt: begun }, 'test', listener);
    const took = clock.now() - begun;
    const error = errorOf(result);
    if (!result.ok) return { ok: false, error: result.error, took };
    return error === undefined
      ? { ok: true, status: result.status, took }
      : { ok: false, status: result.status, error, took };
  }

  async #tell(event: OperatorEvent, listener: EventListener | undefined): Promise<void> {
    const { store, clock } = this.#parts;
    const { telling, ...silent } = event;
    if (telling === undefined) return;
    if (listener === undefined) {
      // Nobody listens: it can be read, and is not told to whoever comes later.
      await store.replaceEvent(silent);
      return;
    }
    if (!(await store.replaceEvent(takenUp(event, telling, clock.now())))) return;
    const error = errorOf(await this.#post(event, telling.what, listener));
    const again = error === undefined ? undefined : this.#again(telling);
    const outcome = { ...(error === undefined ? {} : { error }), ...(again === undefined ? {} : { again }) };
    // Where it was cleared meanwhile, that is due to be told already and counts more.
    await store.replaceEvent({ ...toldOf(event, clock.now(), outcome), revision: event.revision + 1 });
  }

  /** Undefined: it is given up. */
  #again({ what, tries, since }: EventTelling): EventTelling | undefined {
    const { clock, chance } = this.#parts;
    const before = { tries, ...(since === undefined ? {} : { since }) };
    const failed = afterFailure(before, clock.now(), chance, CALLBACK_LIMITS.operatorHoldMax);
    return failed.is === 'dead' ? undefined : { what, dueAt: failed.at, tries: failed.tries, since: failed.since };
  }

  #post(event: OperatorEvent, what: What, listener: EventListener): Promise<PostResult> {
    const { post, clock } = this.#parts;
    const eventId = operatorEventId(event, what);
    const shown: OperatorEventCallback = { type: 'operatorEvent', what, eventId, event: renderOperatorEvent(event) };
    const body = JSON.stringify(shown);
    const now = clock.now();
    const headers = { ...sign(eventId, body, secretsIn(listener, now), now) };
    return post({ url: listener.url, headers, body, allowed: listener.allowPrivateCallbackHosts });
  }
}

const secretsIn = ({ secret, previous }: EventListener, now: Instant): readonly string[] =>
  previous !== undefined && now < previous.until ? [secret, previous.secret] : [secret];

const errorOf = (result: PostResult): string | undefined => {
  if (!result.ok) return result.error;
  return result.status >= 200 && result.status < 300 ? undefined : `answered ${result.status}`;
};
