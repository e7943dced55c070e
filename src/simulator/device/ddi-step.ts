// One step of a DDI client's mind: boots, polls, follows the links it is shown; hands actions on.

import type { DdiPoll } from '../../contract/index.ts';
import { ask, askNext, isLastWord, over } from './ddi-ask.ts';
import { onBytes, onCut, onDeployment } from './ddi-download.ts';
import { closeAfterRestart, installed, onCancel, restart } from './ddi-install.ts';
import type { DdiAction, DdiInput, DdiRequest } from './ddi-messages.ts';
import type { DdiDue, DdiMind, DdiTurn } from './ddi-mind.ts';
import { type Step, Turn } from './turn.ts';

export type DdiStep = Step<DdiMind, DdiAction>;

export function stepDdi(mind: DdiMind, input: DdiInput, now: number): DdiStep {
  const turn: DdiTurn = new Turn(mind, now);
  if (mind.power === 'dead') return turn.end();
  if (input.type === 'boot') boot(turn);
  else if (input.type === 'wake') wake(turn);
  else if (mind.power === 'on') hear(turn, input);
  return turn.end();
}

function hear(turn: DdiTurn, input: Exclude<DdiInput, { readonly type: 'boot' | 'wake' }>): void {
  if (input.type === 'bytes') {
    onBytes(turn, input);
    return;
  }
  const request = over(turn, input.id);
  if (request === undefined) return;
  switch (input.type) {
    case 'polled':
      onPolled(turn, input.poll);
      break;
    case 'deployment':
      onDeployment(turn, input.deployment);
      break;
    case 'cancel':
      onCancel(turn, input.cancel);
      break;
    case 'accepted':
      break;
    case 'refused':
      onRefused(turn, request, input.status);
      return;
    case 'lost':
      onFailed(turn, request, 'lost');
      return;
  }
  goOn(turn, request);
}

function goOn(turn: DdiTurn, heard: DdiRequest): void {
  if (isLastWord(heard) && turn.mind.restartsNext) restart(turn);
  else askNext(turn);
}

const TOO_MANY = 429;
const SERVER_ERROR = 500;

function onRefused(turn: DdiTurn, request: DdiRequest, status: number): void {
  if (status === TOO_MANY || status >= SERVER_ERROR) {
    onFailed(turn, request, 'put-off');
  } else {
    // It will not be accepted the next time either: 404 and 410 for an action that is over.
    if (request.type === 'download') onCut(turn, `refused with ${status}`, 'for-good');
    goOn(turn, request);
  }
}

/** What the server must hear is said again at the next poll (devices.md); what was only asked comes by itself. */
function onFailed(turn: DdiTurn, request: DdiRequest, how: 'lost' | 'put-off'): void {
  if (request.type === 'feedback') turn.become({ queue: [request, ...turn.mind.queue] });
  if (request.type !== 'download') return;
  onCut(turn, 'the download was cut', how);
  askNext(turn);
}

function wake(turn: DdiTurn): void {
  for (let name = turn.takeDue(); name !== undefined; name = turn.takeDue()) doDue(turn, name);
}

function doDue(turn: DdiTurn, name: DdiDue): void {
  switch (name) {
    case 'booted':
      boot(turn);
      break;
    case 'poll':
      poll(turn);
      break;
    case 'installed':
      installed(turn);
      askNext(turn);
      break;
  }
}

function poll(turn: DdiTurn): void {
  const { open, queue, pollMs } = turn.mind;
  turn.plan('poll', turn.now + pollMs);
  const polls = open?.request.type === 'poll' || queue.some(({ type }) => type === 'poll');
  if (!polls) ask(turn, { type: 'poll' });
  askNext(turn);
}

/** The action that it works on and its last words are in flash; the rest is forgotten. */
function boot(turn: DdiTurn): void {
  const { mind } = turn;
  const first = mind.power === 'off';
  turn.drop('booted', 'poll', 'installed');
  const said = [...(mind.open === undefined ? [] : [mind.open.request]), ...mind.queue].filter(isLastWord);
  turn.become({ power: 'on', open: undefined, queue: said, restartsNext: false });
  if (mind.job?.phase === 'installing') turn.become({ job: { ...mind.job, phase: 'downloaded' } });
  if (first && mind.firstWaitMs > 0) turn.plan('poll', turn.now + mind.firstWaitMs);
  else poll(turn);
}

function onPolled(turn: DdiTurn, { config, _links: links }: DdiPoll): void {
  const { pace } = turn.mind;
  const pollMs = Math.min(sleepMs(config.polling.sleep) ?? pace.pollMs, pace.pollMsMax);
  turn.become({ pollMs });
  turn.plan('poll', turn.now + pollMs);
  if (links?.configData !== undefined) {
    ask(turn, { type: 'put-config', href: links.configData.href, data: attributesOf(turn.mind) });
  }
  if (links?.cancelAction !== undefined) ask(turn, { type: 'read-cancel', href: links.cancelAction.href });
  if (links?.deploymentBase !== undefined) ask(turn, { type: 'read-deployment', href: links.deploymentBase.href });
  closeAfterRestart(turn);
}

const attributesOf = ({ spec, version }: DdiMind): Readonly<Record<string, string>> => ({
  make: spec.make,
  model: spec.model,
  version,
});

/** HH:MM:SS. */
function sleepMs(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
