// What the device side over HTTP needs: the engine, stored rows to look at, images, time. Types only.
import type {
  AccountName,
  Campaign,
  CampaignKey,
  Device,
  DeviceKey,
  DeviceProfile,
  ImageToken,
  Imei,
  Instant,
  Update,
  UpdateKey,
} from '../../campaigns/index.ts';
import type { Clock, Engine, EngineLog } from '../../engine/index.ts';
import type { Contacts, DownloadPace, ImageSource, Timers } from '../ports.ts';

/** The rows it reads; whatever is written goes through the engine. */
export interface DdiStore {
  httpDevice(key: DeviceKey): Promise<HttpDevice | undefined>;
  device(key: DeviceKey): Promise<Device | undefined>;
  accountList(account: AccountName, kind: 'gateway'): Promise<{ readonly tokenHash?: string }>;
  campaign(key: CampaignKey): Promise<Campaign | undefined>;
  update(key: CampaignKey, imei: string): Promise<Update | undefined>;
  updateOfToken(token: ImageToken): Promise<UpdateKey | undefined>;
  image(sha256: string): Promise<ImageFacts | undefined>;
  package(account: AccountName, name: string): Promise<{ readonly fileName?: string } | undefined>;
}

/** What an account says about all its HTTP devices. */
export interface AccountFacts {
  readonly pollSeconds: number;
  readonly clientCertificateIssuers?: readonly string[];
  readonly httpRequestsPerSecondMax?: number;
}

export interface HttpDevice {
  readonly device: Device;
  readonly profile: DeviceProfile;
  readonly ddiToken?: string;
  readonly settings: AccountFacts;
}

/** Takes note of devices that are not in the account. */
export interface Strangers {
  seen(stranger: {
    readonly account: AccountName;
    readonly imei: Imei;
    readonly at: Instant;
    readonly proof: 'token' | 'gateway' | 'none';
    readonly token?: string;
  }): void;
}

export interface ImageFacts {
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
}

export interface DdiParts {
  readonly engine: Engine;
  readonly store: DdiStore;
  readonly images: ImageSource;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly contacts: Contacts;
  /** Absent: as fast as it goes. */
  readonly pace?: DownloadPace;
  /** What links begin with (engine.md §11); asked at each request, because a free port is known only after listening. */
  readonly publicHttpUrl: () => string;
  readonly log: EngineLog;
  /** Absent: nobody takes note of them. */
  readonly strangers?: Strangers;
  /** Whether what an address says about client certificates is believed; absent: of none. */
  readonly trustsProxy?: (address: string) => boolean;
}
