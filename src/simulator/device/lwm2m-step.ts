// One step of an LwM2M mind: boots, registers, keeps its registration, listens and sleeps; hands the rest on.

import { has, retryWait } from './body.ts';
import { abandonFetch, fetchAgain, onBytes, onFetchFailed, onFetchRefused } from './lwm2m-download.ts';
import { installed, interruptedInstall } from './lwm2m-install.ts';
import type { Lwm2mAction, Lwm2mInput, Registering } from './lwm2m-messages.ts';
import { FIRMWARE_STATE } from './lwm2m-messages.ts';
import type { Lwm2mDue, Lwm2mMind, Lwm2mTurn } from './lwm2m-mind.ts';
import { stayAwake } from './lwm2m-object5.ts';
import { onRequest } from './lwm2m-request.ts';
import { type Step, Turn } from './turn.ts';

export type Lwm2mStep = Step<Lwm2mMind, Lwm2mAction>;

export function stepLwm2m(mind: Lwm2mMind, input: Lwm2mInput, now: number): Lwm2mStep {
  const turn: Lwm2mTurn = new Turn(mind, now);
  if (mind.power === 'dead') return turn.end();
  if (input.type === 'boot') boot(turn);
  else if (input.type === 'wake') wake(turn);
  else if (mind.power === 'on') hear(turn, input);
  return turn.end();
}

function hear(turn: Lwm2mTurn, input: Exclude<Lwm2mInput, { readonly type: 'boot' | 'wake' }>): void {
  switch (input.type) {
    case 'registered':
      onRegistered(turn);
      break;
    case 'register-failed':
      onRegisterFailed(turn);
      break;
    case 'updated':
      stayAwake(turn);
      break;
    case 'update-failed':
      // devices.md: most clients register again at once.
      if (turn.mind.registration === 'registered') register(turn);
      break;
    case 'request':
      if (!turn.mind.listening) return;
      stayAwake(turn);
      onRequest(turn, input.id, input.request);
      break;
    case 'bytes':
      onBytes(turn, input);
      break;
    case 'fetch-refused':
      onFetchRefused(turn, input);
      break;
    case 'fetch-failed':
      onFetchFailed(turn, input);
      break;
  }
}

function wake(turn: Lwm2mTurn): void {
  for (let name = turn.takeDue(); name !== undefined; name = turn.takeDue()) doDue(turn, name);
}

function doDue(turn: Lwm2mTurn, name: Lwm2mDue): void {
  switch (name) {
    case 'booted':
      boot(turn);
      break;
    case 'register':
      register(turn);
      break;
    case 'update':
      update(turn);
      break;
    case 'sleep':
      sleep(turn);
      break;
    case 'fetch':
      fetchAgain(turn);
      break;
    case 'installed':
      installed(turn);
      break;
  }
}

/** Whatever lived in memory is gone; object 5 shows what a device finds in its flash. */
function boot(turn: Lwm2mTurn): void {
  const { mind } = turn;
  const first = mind.power === 'off';
  turn.drop('booted', 'register', 'update', 'sleep', 'fetch', 'installed');
  turn.become({ power: 'on', registration: 'none', registerFailures: 0, listening: false, observed: [] });
  if (mind.state === FIRMWARE_STATE.UPDATING) interruptedInstall(turn);
  if (mind.state === FIRMWARE_STATE.DOWNLOADING) abandonFetch(turn);
  if (first && mind.firstWaitMs > 0) turn.plan('register', turn.now + mind.firstWaitMs);
  else register(turn);
}

function register(turn: Lwm2mTurn): void {
  const { newPort } = turn.mind;
  turn.drop('update', 'sleep', 'register');
  // Observations end with the registration that they belong to (LwM2M 1.0 §8.2.6).
  turn.become({ registration: 'registering', newPort: false, listening: true, observed: [] });
  turn.act({ type: 'register', newPort, registering: registeringOf(turn.mind) });
}

function registeringOf(mind: Lwm2mMind): Registering {
  return {
    endpoint: `urn:imei:${mind.spec.imei}`,
    lifetimeSeconds: mind.pace.lifetimeSeconds,
    version: has(mind, 'lwm2m-1.0') ? '1.0' : '1.1',
    queueMode: has(mind, 'queue-mode'),
    objects: ['/1/0', '/3/0', '/5/0'],
  };
}

function onRegistered(turn: Lwm2mTurn): void {
  if (turn.mind.registration !== 'registering') return;
  turn.become({ registration: 'registered', registerFailures: 0 });
  planUpdate(turn);
  stayAwake(turn);
  if (turn.mind.state === FIRMWARE_STATE.DOWNLOADING && turn.mind.download?.fetch === undefined) fetchAgain(turn);
}

function onRegisterFailed(turn: Lwm2mTurn): void {
  if (turn.mind.registration !== 'registering') return;
  const failures = turn.mind.registerFailures + 1;
  turn.become({ registration: 'none', registerFailures: failures });
  turn.plan('register', turn.now + retryWait(turn.mind, failures));
}

/** devices.md: an Update comes at about half of the lifetime. */
function planUpdate(turn: Lwm2mTurn): void {
  turn.plan('update', turn.now + turn.mind.pace.lifetimeSeconds * 500);
}

function update(turn: Lwm2mTurn): void {
  if (turn.mind.registration !== 'registered') return;
  turn.become({ listening: true });
  turn.act({ type: 'update' });
  planUpdate(turn);
}

function sleep(turn: Lwm2mTurn): void {
  // The radio stays on while an image arrives or is being installed.
  const busy = turn.mind.state === FIRMWARE_STATE.DOWNLOADING || turn.mind.state === FIRMWARE_STATE.UPDATING;
  if (busy) turn.plan('sleep', turn.now + turn.mind.pace.listenMs);
  else turn.become({ listening: false });
}
