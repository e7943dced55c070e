// Why an update does not go on at the moment, and what would unblock it: a sentence for every rule that can hold it back.

import { admitAgain } from '../admission.ts';
import { overAt } from '../attempt.ts';
import { type Campaign, campaignEnd, campaignStart, downloadFrom, installFrom, isOver } from '../campaign.ts';
import { bytesToSend, wantsFreshVersion } from '../offer.ts';
import { mayDownload, timeForBytes } from '../permits.ts';
import { WHAT_TO_DO } from '../reasons.ts';
import { RULES, type Rule } from '../rules.ts';
import type { HourWindow } from '../windows.ts';
import { bytesText, clockText, hoursText, momentText, spanText } from './clock-times.ts';
import { EXPLAIN_LIMITS } from './explanation.ts';
import type { Prospect } from './prospect.ts';
import { cutsOf, type Sight } from './sight.ts';
import { whyNoSlot } from './why-slot.ts';
import { stepUnblock, whyStepClosed } from './why-step.ts';
import { pastReason } from './words.ts';

const NOTHING = 'Nothing to do.';

interface Explains {
  readonly why: (sight: Sight) => string;
  /** Absent: nothing, it passes by itself. */
  readonly unblock?: (sight: Sight) => string;
}

const windowWhy =
  (kind: 'download' | 'install', windows: (campaign: Campaign) => readonly HourWindow[]) =>
  ({ snapshot, zone, now }: Sight): string =>
    `${kind} window ${hoursText(windows(snapshot.campaign))} ${zone} (now ${clockText(now, zone)}${zone === 'UTC' ? '' : ' there'})`;

function whyNotStarted({ snapshot: { campaign }, ...here }: Sight): string {
  const start = campaignStart(campaign.timetable);
  if (campaign.phase.name === 'pending') return 'the devices of the request are still being looked at';
  return here.now < start ? `the campaign starts ${momentText(start, here)}` : 'the campaign is being prepared';
}

const HOLD_WORDS = {
  paused: 'paused',
  halted: 'halted',
  undecided: 'waiting for a decision about its canary',
} as const;

function whyHeld({ snapshot: { campaign }, ...here }: Sight): string {
  const { hold } = campaign;
  if (hold === undefined) return RULES['permit.held'];
  const who = hold.by === undefined ? 'by itself' : `by ${hold.by}`;
  return `the campaign is ${HOLD_WORDS[hold.kind]}, ${who}, since ${momentText(hold.since, here)}: ${withoutStop(hold.reason)}`;
}

/** A sentence inside another one. */
const withoutStop = (text: string): string => text.replace(/\.$/, '');

function unblockHeld({ snapshot: { campaign } }: Sight): string {
  const { hold } = campaign;
  if (hold?.rule === 'campaign.halted-withdrawn') return 'Reinstate the package and resume the campaign, or abort it.';
  if (hold?.kind === 'undecided') return 'Approve the canary, or abort the campaign.';
  if (hold?.kind === 'halted')
    return 'Look at the devices that failed; then resume the campaign with a reason, or abort it.';
  return 'Resume the campaign.';
}

function whyNoOverlap({ snapshot: { campaign }, zone }: Sight): string {
  const { downloadWindows, installWindows } = campaign.timetable;
  return `it installs as it downloads, and the download window ${hoursText(downloadWindows)} ${zone} and the install window ${hoursText(installWindows)} never overlap`;
}

/** What a transfer asks of a window. */
function transferText({ snapshot }: Sight): string {
  const { device } = snapshot;
  const size = bytesToSend(snapshot);
  const how = device.rate === undefined ? 'an assumed throughput' : 'its measured throughput';
  return `${bytesText(size)} need ${spanText(timeForBytes(device, size))} at ${how}`;
}

function whyDoesNotFit(sight: Sight): string {
  const permit = mayDownload(sight.snapshot, sight.now);
  const closes = permit.ok ? `, and the window closes ${momentText(permit.closesAt, sight)}` : '';
  return `the transfer would not be finished in time: ${transferText(sight)}${closes}`;
}

function whyRetry(sight: Sight): string {
  const { update } = sight.snapshot;
  const last = update.history.at(-1);
  const until =
    update.state.name === 'waiting' ? `; the next one not before ${momentText(update.state.readyAt, sight)}` : '';
  if (last === undefined) return `it waits before the next attempt${until}`;
  return `attempt ${last.number} ended ${momentText(last.endedAt, sight)} (${withoutStop(pastReason(last.outcome))})${until}`;
}

function whyVersionUnknown({ snapshot }: Sight): string {
  const { attributesAt, transport } = snapshot.device;
  const stale = wantsFreshVersion(snapshot) && snapshot.update.history.some(({ transferred }) => transferred);
  if (stale && attributesAt !== undefined)
    return 'it has to tell its version again since bytes of the image were sent to it';
  return transport === 'HTTP'
    ? 'its version is not known; it is asked for it when it polls'
    : 'its version is not known';
}

function whyLabelCap({ snapshot: { budgets = [] } }: Sight): string {
  const caps = budgets.map(({ row, perMinute }) => `${row.scope}: ${perMinute} a minute`).join(', ');
  return `as many devices with its label as allowed have begun lately (${caps})`;
}

function whyOver({ snapshot: { campaign }, ...here }: Sight): string {
  const { phase, timetable } = campaign;
  const at = isOver(phase) ? phase.since : campaignEnd(timetable);
  return `the campaign is over since ${momentText(at, here)}`;
}

const doubtOf = ({ snapshot: { device, campaign } }: Sight) => admitAgain(device, campaign);

const RAISE = 'Nothing to do; it goes faster with more slots or arrivals for the campaign.';
const OVER: Explains = { why: whyOver };

/** Every rule that can keep an update from going on, and what it says then. */
export const HOLDS_BACK: Readonly<Partial<Record<Rule, Explains>>> = {
  'permit.not-started': { why: whyNotStarted },
  'permit.over': OVER,
  'update.campaign-ended': OVER,
  'update.campaign-aborted': OVER,
  'update.campaign-cancelled': OVER,
  'permit.held': { why: whyHeld, unblock: unblockHeld },
  'permit.download-after': {
    why: (sight) =>
      `nothing may be downloaded before ${momentText(downloadFrom(sight.snapshot.campaign.timetable), sight)}`,
  },
  'permit.install-after': {
    why: (sight) =>
      `nothing may be installed before ${momentText(installFrom(sight.snapshot.campaign.timetable), sight)}`,
  },
  'permit.download-window': { why: windowWhy('download', ({ timetable }) => timetable.downloadWindows) },
  'permit.install-window': { why: windowWhy('install', ({ timetable }) => timetable.installWindows) },
  'permit.no-overlap': {
    why: whyNoOverlap,
    unblock: () => 'Give the campaign download and install windows that have hours in common.',
  },
  'permit.does-not-fit': { why: whyDoesNotFit },
  'permit.grant-over': { why: () => 'the time of its transfer is over; it has to ask for the image again' },
  'update.no-slot': { why: whyNoSlot, unblock: () => RAISE },
  'update.step-closed': { why: whyStepClosed, unblock: stepUnblock },
  'update.label-cap': {
    why: whyLabelCap,
    unblock: () => 'Nothing to do; it goes faster with a higher arrival cap of the account for this label.',
  },
  'update.waiting-for-retry': { why: whyRetry },
  'update.version-unknown': { why: whyVersionUnknown, unblock: () => WHAT_TO_DO['waiting.version-unknown'] },
  'update.clean-up-first': { why: () => 'what was left on it is removed first, at its next contact' },
  'update.not-confirmed': {
    why: () => 'its user has not agreed to the installation yet',
    unblock: () => 'The user of the device agrees, or the device is told to agree by itself.',
  },
  'update.reading-mismatch': {
    why: (sight) => `it will be rejected at its next contact: ${withoutStop(doubtOf(sight)?.detail ?? '')}`,
    unblock: (sight) => WHAT_TO_DO[`rejected.${doubtOf(sight)?.reason ?? 'wrong-from-version'}`],
  },
  'update.reading-current': { why: () => 'it runs the target already, which is settled at its next contact' },
  'update.transfer-unproven': {
    why: () => 'it has an image whose transfer was not seen to be complete; it is asked again first',
  },
};

export const isHeldBack = (rule: Rule): boolean => rule in HOLDS_BACK;

/** Why this rule keeps it back, in words that follow a colon. */
export const whyOf = (rule: Rule, sight: Sight): string =>
  HOLDS_BACK[rule]?.why(sight) ?? withoutStop(RULES[rule]).replace(/^./, (first) => first.toLowerCase());

const isCutOften = ({ snapshot: { update } }: Sight): boolean => cutsOf(update) >= EXPLAIN_LIMITS.cuts;

/** engine.md §3: after two cuts of one device it is said that its transfer does not fit. */
export function cutsText(sight: Sight): string | undefined {
  const { update } = sight.snapshot;
  const cuts = cutsOf(update);
  if (cuts === 0 || update.state.name === 'downloaded') return undefined;
  if (!isCutOften(sight)) return 'We cut its transfer once; it is taken up again and costs no attempt.';
  return `We cut its transfer ${cuts} times: it does not fit into its windows (${transferText(sight)}).`;
}

export function unblockOf(rule: Rule, sight: Sight, prospect: Prospect | undefined): string {
  const own = HOLDS_BACK[rule]?.unblock?.(sight);
  if (own !== undefined) return own;
  if (overAt(sight.snapshot.campaign, sight.now)) return NOTHING;
  if (isCutOften(sight)) return 'Widen the windows until the transfer fits.';
  const barred = prospect?.is === 'barred' ? prospect.rule : undefined;
  if (barred === 'permit.does-not-fit' || rule === 'permit.does-not-fit')
    return barred === undefined ? NOTHING : 'Widen the windows until the transfer fits, or extend the campaign.';
  if (barred !== undefined && barred !== rule && HOLDS_BACK[barred]?.unblock !== undefined)
    return unblockOf(barred, sight, undefined);
  if (barred !== undefined) return 'Extend the campaign or widen its windows: no window of it is left.';
  if (prospect?.is === 'open' && prospect.missesAll)
    return 'Widen the windows, or let the device contact us more often: none of its usual contacts falls into them.';
  if (sight.overdue) return WHAT_TO_DO['waiting.unreachable'];
  return NOTHING;
}
