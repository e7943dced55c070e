// What stories about steering share: operators with names, campaigns of the example's devices, and how devices answer.
import type { AccountName, CampaignId, DeviceKey, Imei } from '../../src/campaigns/index.ts';
import { ACCOUNT, type Desk, HTTP_DEVICES, SOFTWARE } from './desk.ts';

type Body = Readonly<Record<string, unknown>>;

export interface Said {
  readonly status: number;
  readonly body: Body & { readonly id: string };
}

export type Operate = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Said>;

/** An operator of this name, on paths below the example's account. */
export async function operatorNamed(desk: Desk, name: string): Promise<Operate> {
  const made = await desk.operator('POST', '/operators', { name, role: 'operator' });
  const authorization = `Bearer ${(made.body as unknown as { readonly key: string }).key}`;
  return async (method, path, body, headers = {}) =>
    (await desk.call(method, `/operator/v1/accounts/${ACCOUNT}${path}`, body, {
      authorization,
      ...headers,
    })) as unknown as Said;
}

export const CAMPAIGN = {
  packageName: SOFTWARE.name,
  startDate: '2026-03-10',
  endDate: '2026-03-12',
  deviceList: HTTP_DEVICES,
};

export const deviceKey = (imei: string): DeviceKey => ({ account: ACCOUNT as AccountName, imei: imei as Imei });

/** HTTP devices that the example's software is for; their IMEIs. */
export async function importFleet(desk: Desk, count: number, more: object = {}): Promise<readonly string[]> {
  const fleet = Array.from({ length: count }, (_, number) => ({
    imei: String(356_000_000_000_000 + number),
    make: SOFTWARE.make,
    model: SOFTWARE.model,
    transport: 'HTTP',
    software: { app: SOFTWARE.from },
    ...more,
  }));
  await desk.operator('POST', `/accounts/${ACCOUNT}/devices`, fleet);
  return fleet.map(({ imei }) => imei);
}

/** Polls, fetches the image, and says how the installation went, if it says so; false: it was offered nothing. */
export async function update(desk: Desk, imei: string, step?: 'installed' | 'failed'): Promise<boolean> {
  const key = deviceKey(imei);
  const seen = await desk.engine.deviceContacted(key);
  const state = seen?.live?.update.state;
  if (state?.name !== 'offered') return false;
  const { token, actionId } = state.attempt;
  await desk.engine.deviceActed(key, actionId);
  const begun = await desk.engine.beginTransfer(token, 0);
  if (!begun.ok) return false;
  await desk.engine.endTransfer(begun.key, { bytes: begun.image.size, complete: true, took: 1_000 });
  if (step !== undefined) await desk.engine.deviceReported(key, actionId, { step });
  return true;
}

export const stateOf = async (desk: Desk, campaign: string, imei: string): Promise<string | undefined> =>
  (await desk.store.update({ account: ACCOUNT as AccountName, campaign: campaign as CampaignId }, imei))?.state.name;
