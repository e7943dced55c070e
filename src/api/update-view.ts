// One device's part in a campaign as an operator sees it: state, attempt, rule with its sentence, reason, times.
import {
  type Attempt,
  type Campaign,
  FAILURE_REASONS,
  isFinal,
  REJECT_REASONS,
  RULES,
  rfc3339,
  type Update,
  type UpdateState,
  WAIT_REASONS,
} from '../campaigns/index.ts';
import type { UpdateView } from '../contract/index.ts';

type Explained = Pick<UpdateView, 'reason' | 'reasonText' | 'evidence'>;

export function explained(state: UpdateState): Explained {
  switch (state.name) {
    case 'waiting':
      return { reason: state.reason, reasonText: WAIT_REASONS[state.reason] };
    case 'failed':
      return { reason: state.reason, reasonText: sentence(FAILURE_REASONS[state.reason].text, state.detail) };
    case 'rejected':
      return { reason: state.reason, reasonText: sentence(REJECT_REASONS[state.reason], state.detail) };
    case 'succeeded':
      return { evidence: state.evidence };
    case 'verifying':
      return { evidence: state.word };
    default:
      return {};
  }
}

const sentence = (text: string, detail: string | undefined): string =>
  detail === undefined || detail === '' ? text : `${text} ${detail}`;

function attemptOf(state: UpdateState): Attempt | undefined {
  if (state.name === 'waiting') return state.suspended;
  return 'attempt' in state && typeof state.attempt === 'object' ? state.attempt : undefined;
}

export function updateView(update: Update, campaign: Campaign): UpdateView {
  const { state, rule, history, lateResult } = update;
  const attempt = attemptOf(state);
  const last = history.at(-1);
  const transfer = attempt?.transfer;
  const offeredAt = attempt?.offeredAt ?? last?.offeredAt;
  const bytesDone = transfer?.bytes ?? last?.bytes;
  const installs = state.name === 'installing' ? state.since : undefined;
  return {
    imei: update.imei,
    transport: campaign.transport,
    state: state.name,
    attempt: attempt?.number ?? last?.number ?? 0,
    rule,
    ruleText: RULES[rule],
    ...explained(state),
    ...(lateResult === undefined ? {} : { lateResult: { ...lateResult, at: rfc3339(lateResult.at) } }),
    ...(bytesDone === undefined ? {} : { bytesDone }),
    imageSha256: campaign.package.image.sha256,
    ...(offeredAt === undefined ? {} : { offeredAt: rfc3339(offeredAt) }),
    ...(transfer === undefined ? {} : { downloadStartedAt: rfc3339(transfer.grantedAt) }),
    ...(transfer?.completeAt === undefined ? {} : { downloadedAt: rfc3339(transfer.completeAt) }),
    ...(installs === undefined ? {} : { installStartedAt: rfc3339(installs) }),
    ...(isFinal(state) ? { finishedAt: rfc3339(state.at) } : {}),
    changedAt: rfc3339(update.changedAt),
    ...(update.nextActionAt === undefined ? {} : { nextActionAt: rfc3339(update.nextActionAt) }),
  };
}
