// A device as the engine sees it: what it is, what it runs and how we know, how it behaves, what it owes.
import type { AccountName, CampaignId, Imei, NodeId } from './ids.ts';
import type { Instant } from './time.ts';
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
  /** Only where the device does not say it itself in /5/0/9. */
  readonly delivery?: 'pull' | 'push';
  /** HTTP: `attempt` leaves it to the device when it downloads and installs; absent: `forced`. */
  readonly handling?: 'attempt' | 'forced';
  /** HTTP: the device's user has to agree before the action is shown. */
  readonly confirms?: boolean;
  /** HTTP: the attribute by which these devices tell the version of a package that does not name one itself. */
  readonly versionAttribute?: string;
}
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
