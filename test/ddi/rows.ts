// What a story starts with: an account, two devices, a package, a campaign for the first device.
import { type AccountSettings, DEFAULT_SETTINGS } from '../../src/accounts/index.ts';
import type { AccountName, CampaignId, Device, HourWindow, Imei, PackageFacts } from '../../src/campaigns/index.ts';
import type { DownloadPace } from '../../src/delivery/ports.ts';
import type { Engine } from '../../src/engine/index.ts';
import type { Store } from '../../src/store/index.ts';
import { type HandImages, hex, TEN } from './hands.ts';

export const ACCOUNT = '0000000001-00001' as AccountName;
export const IMEI = '990000000000011' as Imei;
export const OTHER = '990000000000029' as Imei;
export const CAMPAIGN = 'c1' as CampaignId;

export interface Given {
  readonly image?: Uint8Array;
  readonly settings?: Partial<AccountSettings>;
  readonly downloadWindows?: readonly HourWindow[];
  readonly installWindows?: readonly HourWindow[];
  readonly rule?: 'strict' | 'start-before-close';
  readonly firmware?: string;
  readonly scheduled?: boolean;
  /** Whoever asks is a proxy that checks client certificates. */
  readonly behindProxy?: boolean;
  /** Caps on downloads. */
  readonly pace?: DownloadPace;
}

export async function fill(store: Store, images: HandImages, image: Uint8Array, given: Given): Promise<void> {
  const client = { clientId: 'a', account: ACCOUNT, secretHash: '', createdAt: TEN, issue: 0 };
  const user = { username: 'u', account: ACCOUNT, passwordHash: '', failures: 0 };
  const settings = { ...DEFAULT_SETTINGS, ...given.settings };
  await store.insertAccount({ name: ACCOUNT, revision: 0, createdAt: TEN, settings }, client, user);
  for (const imei of [IMEI, OTHER]) {
    const device: Device = {
      account: ACCOUNT,
      imei,
      revision: 0,
      make: 'Acme',
      model: 'Hub',
      transport: 'HTTP',
      software: { app: { value: given.firmware ?? '1.0', at: TEN, source: 'import' } },
      attributes: {},
      labels: {},
      reachable: false,
      lastActionId: 0,
    };
    await store.writeDevices([{ device, isNew: true, secrets: { ddiToken: `secret-${imei}` } }]);
  }
  const { sha256, size } = images.add(image);
  await store.insertImage({ sha256, sha1: hex('sha1', image), md5: hex('md5', image), size, createdAt: TEN });
  await store.insertPackage({
    ...packageOf({ sha256, size }),
    account: ACCOUNT,
    createdAt: TEN,
    fileName: 'app 2.swu',
  });
}

const packageOf = (image: { readonly sha256: string; readonly size: number }): PackageFacts => ({
  kind: 'software',
  name: 'app',
  from: ['1.0'],
  to: '2.0',
  make: 'Acme',
  model: 'Hub',
  transports: ['HTTP'],
  image: image as PackageFacts['image'],
});

export async function schedule(
  engine: Engine,
  image: { readonly sha256: string; readonly size: number },
  given: Given,
): Promise<void> {
  const day = '2026-01-15' as never;
  const result = await engine.commands.schedule({
    account: ACCOUNT,
    id: CAMPAIGN,
    generation: 'v2',
    package: packageOf(image),
    from: '1.0',
    transport: 'HTTP',
    timetable: {
      startDate: day,
      endDate: '2026-01-20' as never,
      downloadWindows: given.downloadWindows ?? [],
      installWindows: given.installWindows ?? [],
      zone: 'UTC',
      fallbackZone: 'UTC',
      rule: given.rule ?? 'strict',
    },
    autoAssignLicense: false,
    autoAddDevices: false,
    checkDigits: false,
    imeis: [IMEI],
  });
  if (!result.ok) throw new Error(result.sentence);
}
