// A device as the engine sees it: what it is, what it runs and how we know, how it behaves, what it owes.
import type { AccountName, CampaignId, Imei, NodeId } from './ids.ts';
import type { Duration, Instant } from './time.ts';
import type { Zone } from './windows.ts';

export const TRANSPORTS = ['LWM2M', 'HTTP'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** A version and how it became known; `import` is an operator's word, the others the device's. */
export interface Reading {
  readonly value: string;
  readonly at: Instant;
  readonly source: 'import' | 'reported';
}

/** How the devices of one make and model behave; data that an operator can edit (devices.md). */
export interface DeviceProfile {
  /** `streaming`: downloading is installing. `split`: the client downloads and then waits to be allowed to install. */
  readonly ddiClient: 'streaming' | 'split';
  /** The LwM2M device installs by itself once it has the image. */
  readonly autoInstalls: boolean;
  /** The least that counts as success; absent: `version` where the device itself ever reported the from-version. */
  readonly leastEvidence?: Evidence;
  /** How it gets the image, whatever it says in /5/0/8 and /5/0/9: some say more than they can do. */
  readonly delivery?: 'pull' | 'push';
  /** What it fetches images over, the best first; absent: as it says itself and as it is registered. */
  readonly protocols?: readonly ImageProtocol[];
  /** The largest block that it bears, in either direction. */
  readonly blockBytes?: BlockBytes;
  /** False: it is not observed, only asked. */
  readonly observes?: boolean;
  /** How often it may tell a change of its state, and after how long it repeats it unasked: pmin and pmax, in seconds. */
  readonly notifySecondsMin?: number;
  readonly notifySecondsMax?: number;
  /** The way back to Idle that is tried first. */
  readonly reset?: ResetStyle;
  /** Where its version is, when it is not in /3/0/3; the package's own word counts more. */
  readonly versionResource?: string;
  /** HTTP: `attempt` leaves it to the device when it downloads and installs; absent: `forced`. */
  readonly handling?: 'attempt' | 'forced';
  /** HTTP: the device's user has to agree before the action is shown. */
  readonly confirms?: boolean;
  /** HTTP: the attribute by which these devices tell the version of a package that does not name one itself. */
  readonly versionAttribute?: string;
  /** LwM2M: its cell and carrier are read too, and become labels. */
  readonly readsNetwork?: boolean;
}

/** What an LwM2M device can fetch an image over, and what we serve it over. */
export const IMAGE_PROTOCOLS = ['coap', 'coaps', 'http', 'https'] as const;
export type ImageProtocol = (typeof IMAGE_PROTOCOLS)[number];

/** Block sizes of RFC 7959 §2.2. */
export const BLOCK_BYTES = [16, 32, 64, 128, 256, 512, 1024] as const;
export type BlockBytes = (typeof BLOCK_BYTES)[number];

/** One NUL byte to /5/0/0, an empty text to /5/0/1, or /5/0/10 executed. */
export const RESET_STYLES = ['nul-byte', 'empty-uri', 'cancel'] as const;
export type ResetStyle = (typeof RESET_STYLES)[number];

export const DEFAULT_PROFILE: DeviceProfile = { ddiClient: 'streaming', autoInstalls: false };

/** From the strongest: the version was read, the device restarted with a good result, the device says so. */
export const EVIDENCES = ['version', 'restart', 'reported'] as const;
export type Evidence = (typeof EVIDENCES)[number];

/** Where a registered LwM2M device is, and on which of our nodes. */
export interface Registration {
  readonly node: NodeId;
  readonly location: string;
  readonly peer: string;
  readonly endpoint: string;
  readonly queueMode: boolean;
  readonly version: string;
  readonly expiresAt: Instant;
  readonly since: Instant;
  /** How long it lasts after each sign of life; absent from registrations of older servers: a day. */
  readonly lifetime?: Duration;
  /** What its paths begin with, where that is not nothing. */
  readonly rootPath?: string;
  /** Content formats that it named. */
  readonly formats?: readonly number[];
}

/** What an ended update left on the device; removed at the next contact, before any other offer (engine.md §2). */
export interface Residue {
  readonly campaign: CampaignId;
  readonly actionId: number;
  /** Of an attempt that was given up: after this the next one is offered, whether the device has answered or not. */
  readonly until?: Instant;
}

/** HTTP: the device agrees by itself to whatever it is offered. */
export interface AutoConfirm {
  readonly at: Instant;
  readonly initiator?: string;
  readonly remark?: string;
}

export interface Device {
  readonly account: AccountName;
  readonly imei: Imei;
  readonly revision: number;
  readonly make?: string;
  readonly model?: string;
  readonly transport: Transport;
  readonly firmware?: Reading;
  readonly software: Readonly<Record<string, Reading>>;
  /** DDI configData, as last reported. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly attributesAt?: Instant;
  readonly timeZone?: Zone;
  readonly labels: Readonly<Record<string, string>>;
  readonly registration?: Registration;
  /** False after a request that timed out, until the device speaks again. */
  readonly reachable: boolean;
  /** The one campaign that this device takes part in. */
  readonly liveCampaign?: CampaignId;
  readonly residue?: Residue;
  /** The campaign whose image it was offered last: late reports belong there. */
  readonly lastCampaign?: CampaignId;
  /** Last action id that was used; they rise for ever (devices.md, DDI). */
  readonly lastActionId: number;
  /** Measured bytes a second of its last complete transfer. */
  readonly rate?: number;
  /** HTTP: the action whose image it installed last with success. */
  readonly installed?: Residue;
  /** HTTP: the last action that its user agreed to. */
  readonly confirmedAction?: number;
  readonly autoConfirm?: AutoConfirm;
  /** How often it installed although it was told to wait. */
  readonly violations?: number;
}

/** Whether something has to be removed from the device before it is offered anything (engine.md §2). */
export const owesCleanUp = ({ residue }: Pick<Device, 'residue'>, now: Instant): boolean =>
  residue !== undefined && (residue.until === undefined || now < residue.until);

/** An LwM2M device that can be spoken to at any moment: registered, answering, not asleep. */
export const isAwake = ({ transport, reachable, registration }: Device): boolean =>
  transport === 'LWM2M' && reachable && registration !== undefined && !registration.queueMode;
