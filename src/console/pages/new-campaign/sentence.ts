// The one sentence that says what a campaign will do, with the numbers that are known when it is made.

import type { PackageView, PredictionView } from '../../../sdk/operator.ts';
import { windowsText, zoneText } from '../../parts/hours.ts';
import { utcText } from '../../parts/time.tsx';
import { manyOf } from '../../parts/words.ts';
import type { Draft, RolloutDraft } from './draft.ts';

type Named = Pick<PackageView, 'name' | 'to'>;

/** `played`: absent until the simulation is there. */
export function confirmingSentence(draft: Draft, { name, to }: Named, played: PredictionView | undefined): string {
  const { imeis, from, when, rollout } = draft;
  const versions = `${from === '*' || from === null ? '' : `${from} `}→ ${to}`;
  const parts = [
    `${whoGoes(imeis.length, played)} ${versions} (${name})`,
    ...leftOut(played),
    `from ${when.startDate} to ${when.endDate} (UTC days), ${hoursText(draft)}`,
    ...foreseen(played),
  ];
  return `${parts.join('; ')}. ${orderText(rollout, imeis.length)}`;
}

function whoGoes(given: number, played: PredictionView | undefined): string {
  if (played === undefined || played.devices === given)
    return `${manyOf(given, 'device')} ${given === 1 ? 'goes' : 'go'}`;
  return `${played.devices.toLocaleString('en')} of ${manyOf(given, 'device')} ${played.devices === 1 ? 'goes' : 'go'}`;
}

function leftOut(played: PredictionView | undefined): readonly string[] {
  if (played === undefined) return ['devices that already run it, run another version or are busy are left out'];
  const current = played.refused.find(({ reason }) => reason === 'already-current')?.devices ?? 0;
  const others = played.refused.reduce((sum, { devices }) => sum + devices, 0) - current;
  return [
    ...(current === 0 ? [] : [`${current.toLocaleString('en')} already run it`]),
    ...(others === 0 ? [] : [`${others.toLocaleString('en')} refused`]),
  ];
}

function hoursText({ when: { downloadWindows, installWindows, timeZone } }: Draft): string {
  if (downloadWindows.length === 0 && installWindows.length === 0) return 'at any hour';
  return `downloads ${windowsText(downloadWindows)}, installs ${windowsText(installWindows)} ${zoneText(timeZone)}`;
}

function foreseen(played: PredictionView | undefined): readonly string[] {
  const { firstInstall, halfDone } = played ?? {};
  return [
    ...(firstInstall === undefined ? [] : [`first install ${firstInstall.local} in ${firstInstall.zone}`]),
    ...(halfDone === undefined ? [] : [`half done by ${utcText(Date.parse(halfDone.p50))}`]),
  ];
}

function orderText({ kind, canaryDevices, waves, soakHours, needsApproval }: RolloutDraft, devices: number): string {
  const approval = needsApproval ? ' Somebody else has to approve.' : '';
  const stop = 'It halts by itself when more installations fail than is usual.';
  if (kind === 'guarded') return `${stop}${approval}`;
  const soak = soakHours === 0 ? '' : `, ${soakHours} h apart`;
  const rest = kind === 'canary' ? 'all others' : `waves of ${waves} % and the rest`;
  return `First ${manyOf(Math.min(canaryDevices, devices), 'canary device')}, then ${rest}${soak}. ${stop}${approval}`;
}
