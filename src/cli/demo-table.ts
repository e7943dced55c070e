// The demo's result: what the server says of each device beside what the device itself runs and has received.
import type { UpdateView } from '../sdk/operator.ts';
import type { DeviceReport, Fleet } from '../simulator/index.ts';
import { DEMO_ACCOUNT, type Demo, TO } from './demo-campaigns.ts';
import type { Row } from './table.ts';

export interface Checked {
  readonly imei: string;
  readonly report: DeviceReport;
  readonly from: string;
  readonly update: UpdateView | undefined;
  readonly isImageRight: boolean;
  /** Why this device is not as it should be. */
  readonly problem: string | undefined;
}

export async function checkDevices(demo: Demo, ids: readonly string[], fleet: Fleet): Promise<readonly Checked[]> {
  const updates = new Map<string, UpdateView>();
  for (const id of ids) {
    for await (const update of demo.operator.campaigns.eachUpdate(DEMO_ACCOUNT, id)) updates.set(update.imei, update);
  }
  const versions = new Map(demo.devices.map(({ imei, from }) => [imei, from]));
  return fleet.devices().map((report) => {
    const update = updates.get(report.imei);
    const isImageRight = report.imageSha256 === demo.images[report.transport];
    const facts = { imei: report.imei, report, from: versions.get(report.imei) ?? '?', update, isImageRight };
    return { ...facts, problem: problemOf(facts) };
  });
}

function problemOf({ update, report, isImageRight }: Omit<Checked, 'problem'>): string | undefined {
  if (update === undefined) return 'no campaign knows it';
  if (update.state !== 'succeeded')
    return `its update is ${update.state}: ${update.reasonText ?? update.ruleText ?? update.rule}`;
  if (report.runningVersion !== TO) return `it runs ${report.runningVersion}`;
  if (!isImageRight) return `the image that it received is ${report.imageSha256 ?? 'none'}`;
  return report.installs === 1 ? undefined : `it has installed ${report.installs} times`;
}

export const TABLE_HEAD = ['device', 'transport', 'from → to', 'attempts', 'bytes', 'time', 'evidence', 'image hash'];

export const demoRows = (checked: readonly Checked[]): readonly Row[] =>
  checked.map(({ imei, report, from, update, isImageRight }) => [
    imei,
    report.transport,
    `${from} → ${report.runningVersion}`,
    update?.attempt,
    report.bytes,
    durationOf(update),
    update?.evidence ?? update?.state,
    isImageRight ? 'ok' : 'WRONG',
  ]);

function durationOf({ offeredAt, finishedAt }: Partial<UpdateView> = {}): string | undefined {
  if (offeredAt === undefined || finishedAt === undefined) return undefined;
  return `${((Date.parse(finishedAt) - Date.parse(offeredAt)) / 1_000).toFixed(1)} s`;
}
