// A package as an account keeps it, and what of its fleet it could reach.
import type { AccountName, Instant, PackageFacts } from '../campaigns/index.ts';

export interface Package extends PackageFacts {
  readonly account: AccountName;
  readonly createdAt: Instant;
  readonly fileName?: string;
  readonly releaseNote?: string;
  /** Of a file: where it belongs on the device (contract.md §6.2). */
  readonly localTargetPath?: string;
  /** Ed25519 over the SHA-256 of the image, in base64. */
  readonly signature?: string;
  /** No campaign may use it any more (engine.md §7). */
  readonly withdrawn?: Withdrawal;
}

export interface Withdrawal {
  readonly at: Instant;
  readonly by: string;
  readonly reason: string;
}

/** An image on disk; its bytes are addressed by SHA-256. */
export interface ImageRecord {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
  readonly createdAt: Instant;
  /** The last look at its bytes on disk. */
  readonly check?: ImageCheck;
}

export interface ImageCheck {
  readonly at: Instant;
  /** What is wrong with them; absent: nothing. */
  readonly found?: string;
}

/** Devices of the package's make and model by what they run. */
export interface VersionCounts {
  readonly from: number;
  readonly to: number;
  readonly neither: number;
  readonly unknown: number;
}
