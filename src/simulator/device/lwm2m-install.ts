// How a simulated LwM2M device installs: the Execute, the flash, the restart, and what it says afterwards.

import { flash, has } from './body.ts';
import { invariant } from './invariant.ts';
import { FIRMWARE_RESULT, FIRMWARE_STATE } from './lwm2m-messages.ts';
import type { Lwm2mTurn } from './lwm2m-mind.ts';
import { show } from './lwm2m-object5.ts';
import type { Answer } from './lwm2m-request.ts';

export function execute(turn: Lwm2mTurn, answer: Answer): void {
  if (turn.mind.state !== FIRMWARE_STATE.DOWNLOADED) {
    answer('4.05');
    return;
  }
  answer('2.04');
  beginInstall(turn);
}

export function beginInstall(turn: Lwm2mTurn): void {
  const { pace, installsBegun } = turn.mind;
  turn.become({ installsBegun: installsBegun + 1 });
  show(turn, FIRMWARE_STATE.UPDATING, FIRMWARE_RESULT.INITIAL);
  if (has(turn.mind, 'dies-in-install')) {
    turn.drop('update', 'sleep', 'fetch');
    turn.become({ power: 'dead' });
  } else {
    turn.plan('installed', turn.now + pace.installMs);
  }
}

export function installed(turn: Lwm2mTurn): void {
  const { image } = turn.mind;
  invariant(image !== undefined, 'an image is installed that is not there');
  const flashed = flash(turn.mind, image);
  turn.become(flashed.body);
  if (flashed.outcome === 'failed') {
    // devices.md: after a failed install the image is still there and may be executed again.
    show(turn, FIRMWARE_STATE.DOWNLOADED, FIRMWARE_RESULT.UPDATE_FAILED);
    return;
  }
  turn.become({ image: undefined });
  if (has(turn.mind, 'no-restart')) {
    show(turn, FIRMWARE_STATE.IDLE, FIRMWARE_RESULT.SUCCESS);
    return;
  }
  // It is already another program that runs now: nobody is notified, the registration says it.
  turn.become({ state: FIRMWARE_STATE.IDLE, result: FIRMWARE_RESULT.SUCCESS, newPort: has(turn.mind, 'new-port') });
  restart(turn);
}

/** Power was lost while the flash was being written: the old program still runs. */
export function interruptedInstall(turn: Lwm2mTurn): void {
  turn.become({ state: FIRMWARE_STATE.DOWNLOADED, result: FIRMWARE_RESULT.UPDATE_FAILED });
}

export function restart(turn: Lwm2mTurn): void {
  turn.drop('register', 'update', 'sleep', 'fetch', 'installed');
  turn.become({ power: 'restarting', registration: 'none', listening: false, observed: [] });
  turn.plan('booted', turn.now + turn.mind.pace.bootMs);
}
