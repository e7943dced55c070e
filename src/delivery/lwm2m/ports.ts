// What delivery over LwM2M is handed: the engine, who devices are, images, datagrams, time and chance. Types only.

import type { Device, DeviceKey, Imei, Instant, NodeId } from '../../campaigns/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { Clock, EngineLog } from '../../engine/ports.ts';
import type { CryptoPort, DtlsLimits, TransmissionParameters } from '../../lwm2m/index.ts';
import type { Contacts, ImageSource, Timers } from '../ports.ts';

/** Which device somebody is who registers. */
export interface DeviceDirectory {
  /** The device that an endpoint name or a PSK identity belongs to, on the whole server. */
  lookUp(kind: 'endpoint' | 'psk', name: string): Promise<DeviceKey | undefined>;
  /** The devices with this IMEI, in whichever account. */
  byImei(imei: Imei): Promise<readonly DeviceKey[]>;
  device(key: DeviceKey): Promise<Device | undefined>;
  /** Devices whose registration ran out before this, as far as is written down; the longest ago first. */
  registrationsOver(before: Instant, max: number): Promise<readonly DeviceKey[]>;
  /** Hex. */
  secrets(key: DeviceKey): Promise<{ readonly pskIdentity?: string; readonly pskKey?: string }>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Hears of what somebody should look at. */
export interface Watch {
  /** A device proved by its key who it is, and named itself like another one (engine.md §9). */
  mismatched(key: DeviceKey, endpoint: string, at: Instant): void;
}

/** LwM2M over DTLS: the parts of it that are not those of the plain port. */
export interface CoapsParts {
  readonly crypto: CryptoPort;
  /** Bounds of DTLS that are not the usual ones. */
  readonly limits?: Partial<DtlsLimits>;
}

/** A socket for datagrams. A peer is `host:port`, an IPv6 host in brackets. */
export interface Datagrams {
  readonly address: Address;
  /** Called once, before anything is sent. The memory of what arrives belongs to the listener. */
  listen(onDatagram: (bytes: Uint8Array, peer: string) => void): void;
  /** Best effort, as datagrams are; never throws. */
  send(bytes: Uint8Array, peer: string): void;
  close(): Promise<void>;
}

export interface Chance {
  /** A whole number, evenly drawn from 0 to 4,294,967,295. */
  uint32(): number;
}

export interface Lwm2mParts {
  /** Without it the port serves image tokens only (engine.md §9). */
  readonly allowRegistration: boolean;
  /** What image addresses begin with, `coap://host:port`; absent: what is bound. */
  readonly publicCoap?: string;
  readonly publicCoaps?: string;
  /** `http://…` or `https://…`; absent: images are not served so. Asked at each offer. */
  readonly publicHttp?: () => string;
  /** Absent: there is no port for it. */
  readonly coaps?: CoapsParts;
  readonly watch?: Watch;
  /** The times of the message layer; absent: those of RFC 7252 §4.8. */
  readonly transmission?: TransmissionParameters;
  readonly engine: Engine;
  readonly inventory: DeviceDirectory;
  readonly images: ImageSource;
  readonly node: NodeId;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Chance;
  readonly contacts: Contacts;
  readonly log: EngineLog;
}

/** How much is going on, for metrics; what is `refused` or `malformed` is counted from the beginning. */
export interface Lwm2mCounts {
  readonly registrations: number;
  readonly pulls: number;
  readonly pushes: number;
  readonly conversations: number;
  readonly outstanding: number;
  readonly outstandingBytes: number;
  readonly exchanges: number;
  readonly exchangesBytes: number;
  readonly duplicates: number;
  readonly duplicatesBytes: number;
  readonly bodies: number;
  readonly bodiesBytes: number;
  readonly peers: number;
  readonly malformed: number;
  readonly refusedRegistrations: number;
  readonly refusedReports: number;
  readonly refusedBlocks: number;
  readonly refusedOffers: number;
}
