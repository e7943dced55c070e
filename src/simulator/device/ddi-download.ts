// How a DDI client gets an image: reads the deployment, downloads with Range, begins again where it was cut.

import type { DdiDeployment } from '../../contract/index.ts';
import { has, rebootsNow } from './body.ts';
import { ask, askNext, close, stopAsking, tell } from './ddi-ask.ts';
import { beginInstall, restart } from './ddi-install.ts';
import type { DdiInput } from './ddi-messages.ts';
import type { DdiMind, DdiTurn, Job } from './ddi-mind.ts';
import { nothingReceived, notYetThere, receive, versionIn } from './image.ts';

/** A cut download is resumed at once so often; then it waits for the next poll. */
const CUTS_RESUMED_AT_ONCE = 3;

export function onDeployment(turn: DdiTurn, deployment: DdiDeployment): void {
  const { mind } = turn;
  // It is closed here, and the server has yet to hear it.
  if (deployment.id === mind.lastClosed) return;
  const known = mind.job?.actionId === deployment.id ? mind.job : undefined;
  if (known?.phase === 'installing' || known?.phase === 'installed') return;
  const job = known ?? newJob(mind, deployment);
  if (job === undefined) {
    refuse(turn, deployment.id);
    return;
  }
  const { download, update, maintenanceWindow } = deployment.deployment;
  const told = update !== 'skip' && maintenanceWindow !== 'unavailable';
  // Its bytes are its install where the client is not split (engine.md §3).
  const mayInstall = told || !has(mind, 'split') || has(mind, 'ignores-maintenance-window');
  turn.become({ job: { ...job, mayInstall } });
  if (job.phase === 'downloaded') {
    if (mayInstall) beginInstall(turn);
  } else if (download !== 'skip') {
    beginDownload(turn);
  } else if (has(mind, 'skips')) {
    close(turn, 'success', 'skipped');
  }
}

function newJob(mind: DdiMind, { id, deployment }: DdiDeployment): Job | undefined {
  const artifact = deployment.chunks[0]?.artifacts[0];
  const link = artifact?._links['download-http'] ?? artifact?._links.download;
  if (artifact === undefined || link === undefined) return undefined;
  return {
    actionId: id,
    href: link.href,
    size: artifact.size,
    sha256: artifact.hashes.sha256,
    received: nothingReceived(mind.newHash()),
    phase: 'downloading',
    mayInstall: false,
    begun: false,
    cuts: 0,
  };
}

function refuse(turn: DdiTurn, actionId: string): void {
  const details = ['there is nothing to download'];
  ask(turn, {
    type: 'feedback',
    about: 'deploymentBase',
    actionId,
    execution: 'closed',
    finished: 'failure',
    details,
  });
  turn.become({ lastClosed: actionId, job: undefined });
}

function beginDownload(turn: DdiTurn): void {
  const { job, downloads } = turn.mind;
  if (job === undefined) return;
  if (!job.begun) {
    tell(turn, { execution: 'proceeding', finished: 'none' }, 'the action is taken up');
    tell(turn, { execution: 'download', finished: 'none' }, 'the download begins');
    turn.become({ job: { ...job, begun: true }, downloads: downloads + 1 });
  }
  ask(turn, { type: 'download', href: job.href, offset: job.received.bytes });
}

export function onBytes(turn: DdiTurn, input: Extract<DdiInput, { readonly type: 'bytes' }>): void {
  const { open, job } = turn.mind;
  if (open?.id !== input.id || job?.phase !== 'downloading') return;
  const bytes = notYetThere(job.received, input);
  if (bytes === undefined) return;
  const received = receive(job.received, bytes);
  turn.become({ bytes: turn.mind.bytes + bytes.length, job: { ...job, received } });
  if (input.last) {
    turn.become({ open: undefined });
    complete(turn, { ...job, received });
    askNext(turn);
  } else if (rebootsNow(turn.mind, received.bytes)) {
    stopAsking(turn);
    turn.become({ rebootedInDownload: true });
    restart(turn);
  }
}

function complete(turn: DdiTurn, job: Job): void {
  const sha256 = job.received.hash.hex();
  turn.become({ imageSha256: sha256, job: { ...job, phase: 'downloaded' } });
  if (job.received.bytes !== job.size || sha256 !== job.sha256) {
    close(turn, 'failure', `the image does not have the hash ${job.sha256}`);
  } else if (versionIn(job.received) === undefined) {
    close(turn, 'failure', 'the image is of an unknown type');
  } else if (has(turn.mind, 'split')) {
    tell(turn, { execution: 'downloaded', finished: 'none' }, 'the image is complete');
    if (job.mayInstall) beginInstall(turn);
  } else {
    beginInstall(turn);
  }
}

/** `put-off`: the server will not send now. `for-good`: it never will. */
export function onCut(turn: DdiTurn, detail: string, how: 'lost' | 'put-off' | 'for-good'): void {
  const { job } = turn.mind;
  if (job === undefined) return;
  if (how === 'for-good' || has(turn.mind, 'gives-up-when-cut')) {
    close(turn, 'failure', detail);
    return;
  }
  turn.become({ job: { ...job, cuts: job.cuts + 1 } });
  if (how === 'lost' && job.cuts < CUTS_RESUMED_AT_ONCE) beginDownload(turn);
}
