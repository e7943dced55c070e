// Which devices are looked for, and what is found with each of them.
import type { CampaignId, Device, Instant, StateName, Transport } from '../campaigns/index.ts';
import type { DeviceSecrets } from './device-import.ts';

/** Which devices are looked for; all that is named must fit. */
export interface DeviceSearch {
  /** How the IMEI begins, and how it ends. */
  readonly begins?: string;
  readonly ends?: string;
  readonly make?: string;
  readonly model?: string;
  readonly transport?: Transport;
  /** Of the firmware or of any software. */
  readonly version?: string;
  /** No version is known. */
  readonly versionUnknown?: true;
  readonly label?: { readonly name: string; readonly value: string };
  readonly campaign?: CampaignId;
  /** Of its update in its live campaign. */
  readonly state?: StateName;
  /** Heard last on a UTC day before that of this instant. */
  readonly silentSince?: Instant;
  readonly neverSeen?: true;
}

/** Some of the devices that are looked for, in an order that the search decides; there may be more behind `next`. */
export interface DevicesFound {
  readonly devices: readonly Device[];
  readonly next?: string;
}

/** What is kept beside a device and shown with it. */
export interface DeviceSight {
  readonly secrets: DeviceSecrets;
  readonly lastSeen?: Instant;
  /** Of its update in its live campaign. */
  readonly state?: StateName;
}
