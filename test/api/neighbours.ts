// What the tests of the neighbouring endpoints share: calls whose answers are of any shape, fleets, devices that were updated.
import type { AccountName, CampaignId, Imei, Update } from '../../src/campaigns/index.ts';
import { ACCOUNT, type Answer, type Desk, FIRMWARE, openDesk, openExample } from './desk.ts';

type Method = Parameters<Desk['call']>[0];

/** The fields that tests look at, of whichever operation answers. */
export interface Fields {
  readonly id: string;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly deviceId: string;
  readonly status: string;
  readonly resultReason: string;
  readonly Reason: string;
  readonly reason: string;
  readonly reasonText: string;
  readonly fotaEligible: boolean;
  readonly licenseAssigned: boolean;
  readonly upgradeTime: string;
  readonly hasMoreData: boolean;
  readonly hasMoreFlag: boolean;
  readonly lastSeenDeviceId: string | number;
  readonly lastSeenCampaignId: string;
  readonly lastSeenUpgradeId: number;
  readonly totalDevice: number;
  readonly licUsedCount: number;
  readonly warnings: readonly string[];
  readonly deviceList: readonly Fields[];
  readonly campaignList: readonly Fields[];
  readonly reportList: readonly Fields[];
}

export interface Reply {
  readonly status: number;
  readonly body: Fields;
}

export interface Neighbours {
  readonly desk: Desk;
  /** Below `/api/fota`, with both credentials. */
  ask(method: Method, path: string, body?: unknown): Promise<Reply>;
  get(path: string): Promise<Fields>;
  operator(method: Method, path: string, body?: unknown): Promise<Answer>;
}

/** With every desk opened by `open`. */
export const neighboursOn =
  (open: () => Promise<Desk>) =>
  (settings = {}): Promise<Neighbours> =>
    openNeighbours(settings, open);

export async function openNeighbours(settings = {}, open: () => Promise<Desk> = openDesk): Promise<Neighbours> {
  const desk = await open();
  const headers = await openExample(desk, settings);
  const ask: Neighbours['ask'] = async (method, path, given) => {
    const { status, body } = await desk.call(method, `/api/fota${path}`, given, headers);
    return { status, body: body as unknown as Fields };
  };
  return {
    desk,
    ask,
    get: async (path) => {
      const { status, body } = await ask('GET', path);
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`, { cause: desk.errors[0] });
      return body;
    },
    operator: desk.operator,
  };
}

const FIRST_IMEI = 352_753_091_000_000;
export const imeis = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, place) => String(FIRST_IMEI + place));

/** LwM2M devices that the example's firmware is made for. */
export async function importFleet({ desk }: Neighbours, count: number): Promise<readonly string[]> {
  const fleet = imeis(count);
  const lines = fleet.map((imei) => ({
    imei,
    make: FIRMWARE.make,
    model: FIRMWARE.model,
    transport: 'LWM2M',
    firmware: FIRMWARE.from,
  }));
  const { body } = await desk.operator('POST', `/accounts/${ACCOUNT}/devices`, lines);
  if (body.imported !== count) throw new Error(JSON.stringify(body).slice(0, 500));
  return fleet;
}

/** As if the device had been updated: what happens between is the engine's and has its own tests. */
export async function plant(
  { desk }: Neighbours,
  campaign: string,
  imei: string,
  state: (at: Update['changedAt']) => Update['state'],
): Promise<void> {
  const key = { account: ACCOUNT as AccountName, campaign: campaign as CampaignId, imei: imei as Imei };
  const update = await desk.store.update(key, imei);
  const device = await desk.store.device(key);
  if (update === undefined || device === undefined) throw new Error(`${imei} is not in ${campaign}`);
  const { liveCampaign: _live, ...free } = device;
  const changes = [
    {
      writes: [
        { op: 'replace-update', row: { ...update, state: state(update.changedAt) } },
        { op: 'replace-device', row: { ...free, lastCampaign: key.campaign } },
      ],
      entries: [],
      intents: [],
      rule: 'update.no-change',
    },
  ] as const;
  const [saved] = await desk.store.commit(changes, update.changedAt);
  if (saved !== 'saved') throw new Error(`the state of ${imei} was not stored`);
}

export const succeeded = (at: Update['changedAt']): Update['state'] => ({
  name: 'succeeded',
  at,
  evidence: 'version',
  attempt: 1,
});
