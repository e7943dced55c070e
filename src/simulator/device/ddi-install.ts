// How a DDI client installs, restarts, and closes its action; and how it takes a cancellation.

import type { DdiCancel } from '../../contract/index.ts';
import { flash, has } from './body.ts';
import { ask, close, tell } from './ddi-ask.ts';
import type { DdiTurn } from './ddi-mind.ts';
import { versionIn } from './image.ts';
import { invariant } from './invariant.ts';

export function beginInstall(turn: DdiTurn): void {
  const { job, installsBegun, pace } = turn.mind;
  invariant(job !== undefined, 'an install without an action');
  turn.become({ job: { ...job, phase: 'installing' }, installsBegun: installsBegun + 1 });
  tell(turn, { execution: 'proceeding', finished: 'none' }, 'the install begins');
  if (has(turn.mind, 'dies-in-install')) {
    turn.drop('poll');
    turn.become({ power: 'dead', queue: [] });
  } else {
    turn.plan('installed', turn.now + pace.installMs);
  }
}

export function installed(turn: DdiTurn): void {
  const { job } = turn.mind;
  const version = job === undefined ? undefined : versionIn(job.received);
  invariant(job !== undefined && version !== undefined, 'an image is installed that is not there');
  const image = { sha256: job.sha256, bytes: job.size, version };
  const flashed = flash(turn.mind, image);
  turn.become(flashed.body);
  if (flashed.outcome === 'failed') {
    close(turn, 'failure', 'the flash could not be written');
  } else if (has(turn.mind, 'reboots-then-closes')) {
    turn.become({ job: { ...job, phase: 'installed' } });
    restart(turn);
  } else {
    close(turn, 'success', 'installed, restarting');
    turn.become({ restartsNext: true });
  }
}

/** `reboots-then-closes`: the new program polls first, and then says how it went. */
export function closeAfterRestart(turn: DdiTurn): void {
  if (turn.mind.job?.phase === 'installed') close(turn, 'success', 'installed and restarted');
}

export function restart(turn: DdiTurn): void {
  turn.drop('poll', 'installed');
  turn.become({ power: 'restarting' });
  turn.plan('booted', turn.now + turn.mind.pace.bootMs);
}

export function onCancel(turn: DdiTurn, { cancelAction }: DdiCancel): void {
  const { mind } = turn;
  const actionId = cancelAction.stopId;
  const job = mind.job?.actionId === actionId ? mind.job : undefined;
  const tooLate = job?.phase === 'installing' || job?.phase === 'installed';
  if (tooLate || (job !== undefined && has(mind, 'rejects-cancel'))) {
    const details = ['the update goes on'];
    ask(turn, { type: 'feedback', about: 'cancelAction', actionId, execution: 'rejected', finished: 'none', details });
    return;
  }
  if (job !== undefined) turn.become({ job: undefined, lastClosed: actionId });
  const details = ['nothing of it is left'];
  ask(turn, { type: 'feedback', about: 'cancelAction', actionId, execution: 'closed', finished: 'success', details });
}
