// An installation that the device began although it was told to wait: written down as the device's own violation.
import type { Change, Entry } from './change.ts';
import type { Moment, Report, Snapshot } from './input.ts';
import { installsAsItDownloads, mayInstall } from './permits.ts';
import { attemptOf, mayHaveSent } from './update.ts';

/**
 * A client that waits was shown `skip` and `unavailable`, has the image, and tells how installing it went: it did not
 * wait. A client that installs as it downloads had its bytes inside the window; what it does with them is its own time.
 */
function installedUnasked(snapshot: Snapshot, { step }: Report, { now }: Moment): boolean {
  const { update, device } = snapshot;
  if (device.transport !== 'HTTP' || installsAsItDownloads(snapshot)) return false;
  const { name } = update.state;
  const mayWait = name === 'waiting' || name === 'offered' || name === 'downloading' || name === 'downloaded';
  const transfer = attemptOf(update)?.transfer;
  const tried = step === 'installed' ? mayHaveSent(transfer) : step === 'failed' && transfer?.completeAt !== undefined;
  if (!mayWait || !tried) return false;
  const permit = mayInstall(snapshot, now);
  return !permit.ok && permit.rule !== 'permit.over';
}

/** The change with the violation in its entries, and counted at the device. */
export function withViolation(change: Change, snapshot: Snapshot, report: Report, moment: Moment): Change {
  if (!installedUnasked(snapshot, report, moment)) return change;
  const permit = mayInstall(snapshot, moment.now);
  const { account, campaign, imei } = snapshot.update;
  const violations = (snapshot.device.violations ?? 0) + 1;
  const entry: Entry = {
    account,
    campaign,
    imei,
    at: moment.now,
    kind: 'violation',
    rule: 'update.installed-unasked',
    facts: { by: 'device', because: permit.rule, violations },
  };
  const isDevice = (write: Change['writes'][number]) => write.op === 'replace-device';
  const writes = change.writes.some(isDevice)
    ? change.writes.map((one) => (one.op === 'replace-device' ? { ...one, row: { ...one.row, violations } } : one))
    : [...change.writes, { op: 'replace-device', row: { ...snapshot.device, violations } } as const];
  return { ...change, writes, entries: [entry, ...change.entries] };
}
