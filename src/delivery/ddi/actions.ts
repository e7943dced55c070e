// What a device asks and tells: poll, attributes, its action and feedback on it, cancellation, what it installed last.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DeviceSnapshot, ddiView, type Update } from '../../campaigns/index.ts';
import { DdiConfigData, DdiFeedback, explainIssues, LIMITS as WIRE_LIMITS } from '../../contract/index.ts';
import { answer, refuse, refuseRate } from './answers.ts';
import type { Caller } from './authenticate.ts';
import { baseOf, renderCancel, renderDeployment, renderPoll, type Shown } from './deployment.ts';
import { closes, detailOf, judgeFeedback, openAction, reportOf } from './feedback.ts';
import type { DdiParts } from './ports.ts';
import type { Rates } from './rates.ts';
import { sleepOf } from './sleep.ts';

/** One request of a device that has proven who it is. */
export interface Asked {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly rates: Rates;
}

/** Seconds after which this device may ask again; 0: now. */
export function waitOf({ rates, caller: { key, settings } }: Pick<Asked, 'rates' | 'caller'>, now: number): number {
  const wait = rates.ofDevice(nameOf(key), now);
  return wait > 0 ? wait : rates.ofAccount(key.account, settings.httpRequestsPerSecondMax, now);
}

export const nameOf = ({ account, imei }: Caller['key']): string => `${account} ${imei}`;

/** A device that is in no campaign is known well enough by now: nothing is decided, nothing is written (engine.md §10). */
export async function poll(parts: DdiParts, { caller, request, reply }: Asked): Promise<FastifyReply> {
  const { key, device, profile, settings } = caller;
  const now = parts.clock.now();
  const isIdle = device.liveCampaign === undefined;
  if (isIdle) parts.engine.deviceCheckedIn(key, 'HTTP');
  const seen = isIdle ? { device, profile } : await parts.engine.deviceContacted(key);
  if (seen === undefined) return refuse(reply, 'UNAUTHENTICATED');
  const sleep = sleepOf(key.imei, settings.pollSeconds, now);
  return answer(request, reply, renderPoll(seen, baseOf(parts, key), sleep, now));
}

export async function putConfigData(parts: DdiParts, { caller, request, reply }: Asked): Promise<FastifyReply> {
  const told = DdiConfigData.safeParse(request.body);
  if (!told.success) return refuse(reply, 'INVALID_BODY', explainIssues(told.error, request.body));
  const { mode, data } = told.data;
  const kept = mode === 'merge' ? Object.keys({ ...caller.device.attributes, ...data }).length : 0;
  if (kept > WIRE_LIMITS.ddiAttributesMax) {
    return refuse(
      reply,
      'INVALID_BODY',
      `data: ${kept} attributes with those known before, accepted: at most ${WIRE_LIMITS.ddiAttributesMax}.`,
    );
  }
  await parts.engine.deviceTold(caller.key, { mode, data });
  return reply.code(200).send();
}

export async function readDeployment(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const actionId = actionIdOf(request);
  const seen = actionId === undefined ? undefined : await parts.engine.deviceContacted(caller.key);
  if (actionId === undefined || seen === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  const { action } = ddiView(seen, parts.clock.now());
  if (action?.attempt.actionId !== actionId) return show(parts, asked, withheld(seen, actionId));
  await parts.engine.deviceActed(caller.key, actionId);
  const { download, update, maintenance, attempt, snapshot } = action;
  return show(parts, asked, {
    actionId,
    download,
    update,
    maintenance,
    package: snapshot.campaign.package,
    token: attempt.token,
  });
}

async function show(
  parts: DdiParts,
  { caller, request, reply }: Asked,
  shown: Shown | undefined,
): Promise<FastifyReply> {
  const deployment = shown === undefined ? undefined : await renderDeployment(parts, caller.key, shown);
  return deployment === undefined ? refuse(reply, 'ACTION_UNKNOWN') : answer(request, reply, deployment);
}

/**
 * An action that the device has read and that may not go on now: one that waits inside it is told so (engine.md §3), and
 * what it refused to cancel stays readable (devices.md), without anything to fetch.
 */
function withheld(seen: DeviceSnapshot, actionId: number): Shown | undefined {
  const known = seen.live ?? seen.last;
  if (known === undefined) return undefined;
  const { update, campaign } = known;
  const { state } = update;
  const quiet = {
    actionId,
    download: 'skip',
    update: 'skip',
    maintenance: 'unavailable',
    package: campaign.package,
  } as const;
  if (state.name === 'waiting') {
    const { suspended } = state;
    const waits = suspended?.actionId === actionId && known.profile.ddiClient === 'split';
    return waits ? { ...quiet, token: suspended.token } : undefined;
  }
  const ended = state.name === 'aborted' || state.name === 'expired' || state.name === 'cancelled';
  return ended && seen.device.lastActionId === actionId ? quiet : undefined;
}

/** What closes an action is always heard: it is the one feedback that an update cannot do without. */
function refuseTooMany(parts: DdiParts, asked: Asked, actionId: number): FastifyReply | undefined {
  const wait = waitOf(asked, parts.clock.now());
  if (wait > 0) return refuseRate(asked.reply, wait);
  const isTaken = asked.rates.takesFeedback(`${nameOf(asked.caller.key)} ${actionId}`);
  return isTaken ? undefined : refuse(asked.reply, 'TOO_MANY_FEEDBACKS');
}

export async function postFeedback(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const actionId = actionIdOf(request);
  if (actionId === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  const told = DdiFeedback.safeParse(request.body);
  const tooMany = told.success && closes(told.data) ? undefined : refuseTooMany(parts, asked, actionId);
  if (tooMany !== undefined) return tooMany;
  if (!told.success) return refuse(reply, 'INVALID_BODY', explainIssues(told.error, statusOf(request.body)));
  const report = reportOf(told.data);
  const device = await parts.store.device(caller.key);
  if (device === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  const update = await lastUpdate(parts, device);
  const verdict = judgeFeedback(device, update, actionId, report.step);
  const stored = verdict === 'take' ? await parts.engine.deviceReported(caller.key, actionId, report) : verdict;
  return settled(reply, stored);
}

/** Where the fields of a feedback stand that can be refused. */
const statusOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'status' in body ? body.status : body;

/** The update that an action belongs to: the one under way, else the last one. */
async function lastUpdate(parts: DdiParts, device: Caller['device']): Promise<Update | undefined> {
  const campaign = device.liveCampaign ?? device.lastCampaign;
  return campaign === undefined ? undefined : parts.store.update({ account: device.account, campaign }, device.imei);
}

function settled(reply: FastifyReply, result: 'stored' | 'repeat' | 'gone' | 'unknown'): FastifyReply {
  if (result === 'gone') return refuse(reply, 'ACTION_CLOSED');
  return result === 'unknown' ? refuse(reply, 'ACTION_UNKNOWN') : reply.code(200).send();
}

export async function readCancel(parts: DdiParts, { caller, request, reply }: Asked): Promise<FastifyReply> {
  const actionId = actionIdOf(request);
  const open = caller.device.residue?.actionId;
  parts.contacts.seen(caller.key, parts.clock.now());
  if (actionId === undefined || open !== actionId) return refuse(reply, 'ACTION_UNKNOWN');
  return answer(request, reply, renderCancel(actionId));
}

/** Closed, canceled and rejected end a cancellation: the action is gone, or it goes on and its outcome is told later. */
export async function postCancelFeedback(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const actionId = actionIdOf(request);
  if (actionId === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  const told = DdiFeedback.safeParse(request.body);
  const tooMany = told.success && closes(told.data) ? undefined : refuseTooMany(parts, asked, actionId);
  if (tooMany !== undefined) return tooMany;
  if (!told.success) return refuse(reply, 'INVALID_BODY', explainIssues(told.error, statusOf(request.body)));
  const { execution } = told.data;
  const device = await parts.store.device(caller.key);
  const isOpen = device?.residue?.actionId === actionId;
  if (!closes(told.data)) {
    return isOpen ? reply.code(200).send() : refuse(reply, 'ACTION_UNKNOWN');
  }
  // The same answer once more, because ours was lost.
  if (device?.residue === undefined && device !== undefined && (await wasCancelled(parts, device, actionId))) {
    return reply.code(200).send();
  }
  const detail = detailOf(told.data) ?? execution;
  return settled(reply, await parts.engine.deviceCancelled(caller.key, actionId, detail));
}

async function wasCancelled(parts: DdiParts, device: Caller['device'], actionId: number): Promise<boolean> {
  if (device.lastActionId !== actionId) return false;
  const update = await lastUpdate(parts, device);
  return update !== undefined && openAction(update) === undefined;
}

export async function readInstalled(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const actionId = actionIdOf(request);
  const { account, installed } = caller.device;
  const isIt = installed !== undefined && installed.actionId === actionId;
  const campaign = isIt ? await parts.store.campaign({ account, campaign: installed.campaign }) : undefined;
  if (actionId === undefined || campaign === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  return show(parts, asked, {
    actionId,
    download: 'skip',
    update: 'skip',
    maintenance: 'unavailable',
    package: campaign.package,
    finished: true,
  });
}

/** Actions are integers (devices.md); anything else is no action of anybody. */
export function actionIdOf(request: FastifyRequest): number | undefined {
  const { actionId = '' } = request.params as { readonly actionId?: string };
  return /^\d{1,15}$/.test(actionId) ? Number(actionId) : undefined;
}
