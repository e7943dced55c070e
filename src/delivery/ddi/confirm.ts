// The consent of a device's user on the wire: what waits for it, what was said, and whether it is given by itself from now on.
import type { FastifyReply } from 'fastify';
import { type AutoConfirm, type DdiAction, ddiView, rfc3339 } from '../../campaigns/index.ts';
import { DdiAutoConfirm, type DdiConfirmationBase, DdiConsent, explainIssues } from '../../contract/index.ts';
import { type Asked, actionIdOf } from './actions.ts';
import { answer, refuse } from './answers.ts';
import { baseOf, changeOf, renderDeployment } from './deployment.ts';
import type { DdiParts } from './ports.ts';

/** What waits for the user's word at the moment. */
async function waiting(parts: DdiParts, { caller }: Asked): Promise<DdiAction | undefined> {
  if (caller.device.liveCampaign === undefined) return undefined;
  const seen = await parts.engine.deviceContacted(caller.key);
  return seen === undefined ? undefined : ddiView(seen, parts.clock.now()).confirm;
}

export async function readConfirmationBase(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const { autoConfirm } = caller.device;
  const base = `${baseOf(parts, caller.key)}/confirmationBase`;
  const action = await waiting(parts, asked);
  const auto = autoConfirm === undefined ? 'activateAutoConfirm' : 'deactivateAutoConfirm';
  const body: DdiConfirmationBase = {
    autoConfirm: autoConfirm === undefined ? { active: false } : renderAuto(autoConfirm),
    _links: {
      [auto]: { href: `${base}/${auto}` },
      ...(action === undefined
        ? {}
        : { confirmationBase: { href: `${base}/${action.attempt.actionId}?c=${changeOf(action)}` } }),
    },
  };
  return answer(request, reply, body);
}

const renderAuto = ({ at, initiator, remark }: AutoConfirm): DdiConfirmationBase['autoConfirm'] => ({
  active: true,
  activatedAt: rfc3339(at),
  ...(initiator === undefined ? {} : { initiator }),
  ...(remark === undefined ? {} : { remark }),
});

/** What would be installed, without anything to fetch. */
export async function readConfirmation(parts: DdiParts, asked: Asked): Promise<FastifyReply> {
  const { caller, request, reply } = asked;
  const action = await waiting(parts, asked);
  if (action === undefined || action.attempt.actionId !== actionIdOf(request)) return refuse(reply, 'ACTION_UNKNOWN');
  const { download, update, maintenance, attempt, snapshot } = action;
  const shown = {
    actionId: attempt.actionId,
    download,
    update,
    maintenance,
    package: snapshot.campaign.package,
  };
  const rendered = await renderDeployment(parts, caller.key, shown);
  if (rendered === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  return answer(request, reply, { id: rendered.id, confirmation: rendered.deployment });
}

export async function postConsent(parts: DdiParts, { caller, request, reply }: Asked): Promise<FastifyReply> {
  const told = DdiConsent.safeParse(request.body);
  if (!told.success) return refuse(reply, 'INVALID_BODY', explainIssues(told.error, request.body));
  const actionId = actionIdOf(request);
  if (actionId === undefined) return refuse(reply, 'ACTION_UNKNOWN');
  const { confirmation, details } = told.data;
  const detail = details.join('\n');
  const said = { is: confirmation, ...(detail === '' ? {} : { detail }) } as const;
  const isHeard = await parts.engine.deviceConsents(caller.key, actionId, said);
  if (isHeard) return reply.code(200).send();
  return refuse(reply, actionId <= caller.device.lastActionId ? 'ACTION_CLOSED' : 'ACTION_UNKNOWN');
}

export async function activateAutoConfirm(parts: DdiParts, { caller, request, reply }: Asked): Promise<FastifyReply> {
  const told = DdiAutoConfirm.safeParse(request.body ?? {});
  if (!told.success) return refuse(reply, 'INVALID_BODY', explainIssues(told.error, request.body));
  await parts.engine.deviceAutoConfirms(caller.key, told.data);
  return reply.code(200).send();
}

export async function deactivateAutoConfirm(parts: DdiParts, { caller, reply }: Asked): Promise<FastifyReply> {
  await parts.engine.deviceAutoConfirms(caller.key, undefined);
  return reply.code(200).send();
}
