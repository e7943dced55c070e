// What the device side over HTTP needs: the engine, stored rows to look at, images, time. Types only.
import type {
  AccountName,
  Campaign,
  CampaignKey,
  Device,
  DeviceKey,
  ImageToken,
  Update,
  UpdateKey,
} from '../../campaigns/index.ts';
import type { Clock, Engine, EngineLog } from '../../engine/index.ts';
import type { Contacts, ImageSource, Timers } from '../ports.ts';

/** The rows it reads; whatever is written goes through the engine. */
export interface DdiStore {
  account(name: AccountName): Promise<{ readonly settings: { readonly pollSeconds: number } } | undefined>;
  device(key: DeviceKey): Promise<Device | undefined>;
  secrets(key: DeviceKey): Promise<{ readonly ddiToken?: string }>;
  campaign(key: CampaignKey): Promise<Campaign | undefined>;
  update(key: CampaignKey, imei: string): Promise<Update | undefined>;
  updateOfToken(token: ImageToken): Promise<UpdateKey | undefined>;
  image(sha256: string): Promise<ImageFacts | undefined>;
  package(account: AccountName, name: string): Promise<{ readonly fileName?: string } | undefined>;
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
  /** What links begin with (engine.md §11); asked at each request, because a free port is known only after listening. */
  readonly publicHttpUrl: () => string;
  readonly log: EngineLog;
}
