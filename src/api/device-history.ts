// Operator API: what is known of one device over time: its campaigns, its check-ins, its logs.
import { rfc3339 } from '../campaigns/index.ts';
import type { DeviceHistoryItem } from '../contract/index.ts';
import type { Handler } from './call.ts';
import { deviceOf } from './operator-devices.ts';
import { readPage } from './page.ts';
import { Refusal } from './refusal.ts';
import { statusOf } from './render.ts';
import { updateView } from './update-view.ts';

const listDeviceHistory: Handler<'listDeviceHistory'> = async ({ params, query }, context) => {
  const found = await deviceOf(params, context);
  if (found instanceof Refusal) return found;
  const { account, imei } = found.device;
  const { rows, next } = await readPage(
    query,
    (page) => context.store.history(account, imei, page),
    ({ campaign }) => campaign.id,
  );
  const items = rows.map(({ update, campaign }): DeviceHistoryItem => {
    const { id, name, timetable, createdAt } = campaign;
    const { name: packageName, to } = campaign.package;
    const told = { id, packageName, from: campaign.from, to, status: statusOf(campaign) };
    return {
      campaign: {
        ...told,
        ...(name === undefined ? {} : { campaignName: name }),
        startDate: timetable.startDate,
        endDate: timetable.endDate,
        createdAt: rfc3339(createdAt),
      },
      update: updateView(update, campaign),
    };
  });
  return { items, ...next };
};

const listDeviceCheckIns: Handler<'listDeviceCheckIns'> = async ({ params }, context) => {
  const found = await deviceOf(params, context);
  if (found instanceof Refusal) return found;
  const checkIns = await context.store.checkIns(found.device);
  return { items: checkIns.map(({ key: _key, at, ...rest }) => ({ at: rfc3339(at), ...rest })) };
};

const listDeviceLogs: Handler<'listDeviceLogs'> = async ({ params }, context) => {
  const found = await deviceOf(params, context);
  if (found instanceof Refusal) return found;
  const logs = await context.store.deviceLogs(found.device);
  return { items: logs.map(({ at, type, text }) => ({ at: rfc3339(at), type, text })) };
};

export const DEVICE_HISTORY_HANDLERS = { listDeviceHistory, listDeviceCheckIns, listDeviceLogs } as const;
