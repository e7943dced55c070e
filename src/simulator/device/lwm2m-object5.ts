// Object 5 of a simulated device: its State and Result, told to whoever observes them, and what a read shows.

import { has } from './body.ts';
import type { Content, FirmwareResult, FirmwareState, ResourceValue } from './lwm2m-messages.ts';
import { FIRMWARE_RESULT, FIRMWARE_STATE } from './lwm2m-messages.ts';
import type { Lwm2mMind, Lwm2mTurn } from './lwm2m-mind.ts';

const PATH = { STATE: '/5/0/3', RESULT: '/5/0/5' } as const;

/** Changes State and Result; observers hear of each that is not what it was. */
export function show(turn: Lwm2mTurn, state: FirmwareState, result: FirmwareResult): void {
  const before = turn.mind;
  turn.become({ state, result });
  if (before.state !== state) notify(turn, PATH.STATE);
  if (before.result !== result) notify(turn, PATH.RESULT);
  stayAwake(turn);
}

/** A device in queue mode listens for a moment after it has done something. */
export function stayAwake(turn: Lwm2mTurn): void {
  const { mind, now } = turn;
  if (!has(mind, 'queue-mode') || mind.registration !== 'registered') return;
  turn.become({ listening: true });
  turn.plan('sleep', now + mind.pace.listenMs);
}

/** Without a word to observers: State 1 is rarely seen in a push (devices.md). */
export const showQuietly = (turn: Lwm2mTurn, state: FirmwareState, result: FirmwareResult): void =>
  turn.become({ state, result });

function notify(turn: Lwm2mTurn, path: string): void {
  const { observed } = turn.mind;
  for (const watched of [path, '/5/0']) {
    const content = observed.includes(watched) ? contentOf(turn.mind, watched) : undefined;
    if (content !== undefined) turn.act({ type: 'notify', path: watched, content });
  }
}

export function contentOf(mind: Lwm2mMind, path: string): Content | undefined {
  const [object, instance, resource, ...rest] = path.split('/').filter((part) => part !== '');
  if (instance !== '0' || rest.length > 0) return undefined;
  const resources = object === '3' ? deviceObject(mind) : object === '5' ? firmwareObject(mind) : undefined;
  if (resources === undefined) return undefined;
  if (resource === undefined) return { of: 'instance', resources };
  const value = resources[Number(resource)];
  return value === undefined ? undefined : { of: 'resource', id: Number(resource), value };
}

type Resources = Readonly<Record<number, ResourceValue>>;

/** Manufacturer, model, serial number, firmware version. */
const deviceObject = ({ spec, version }: Lwm2mMind): Resources => ({
  0: spec.make,
  1: spec.model,
  2: spec.imei,
  3: version,
});

const DELIVERY = { pull: 0, push: 1, both: 2 } as const;

function firmwareObject(mind: Lwm2mMind): Resources {
  const { state, result, image } = mind;
  // 6 and 7 are 4.04 until there is a package (devices.md).
  const names = state === FIRMWARE_STATE.IDLE || image === undefined ? {} : { 6: mind.spec.model, 7: image.version };
  if (has(mind, 'silent-about-delivery')) return { 3: state, 5: result, ...names };
  const delivery = DELIVERY[deliveryOf(mind)];
  return {
    3: state,
    5: result,
    ...names,
    ...(delivery === DELIVERY.push ? {} : { 8: protocolsOf(mind) }),
    9: delivery,
  };
}

/** What its addresses may begin with, by the numbers of /5/0/8. */
const SCHEMES = ['coap', 'coaps', 'http', 'https'] as const;

/** Plain HTTP and HTTPS go by one client, coap and coaps too. */
function protocolsOf(mind: Lwm2mMind): readonly number[] {
  if (has(mind, 'fetches-http')) return [2, 3];
  return has(mind, 'coaps') ? [0, 1] : [0];
}

export function knowsScheme(mind: Lwm2mMind, uri: string): boolean {
  return protocolsOf(mind).some((one) => uri.startsWith(`${SCHEMES[one]}://`));
}

export function deliveryOf(mind: Lwm2mMind): keyof typeof DELIVERY {
  if (has(mind, 'push-only')) return 'push';
  return has(mind, 'pull-only') ? 'pull' : 'both';
}

/** Back to Idle with nothing kept. A running install cannot be stopped. */
export function reset(turn: Lwm2mTurn, result: FirmwareResult = FIRMWARE_RESULT.INITIAL): boolean {
  const { mind } = turn;
  if (mind.state === FIRMWARE_STATE.UPDATING) return false;
  const fetch = mind.download?.fetch;
  if (fetch !== undefined) turn.act({ type: 'stop-fetch', fetch });
  turn.drop('fetch');
  turn.become({ download: undefined, image: undefined });
  show(turn, FIRMWARE_STATE.IDLE, result);
  return true;
}
