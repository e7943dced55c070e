// Whose signatures over images an account trusts, and whether a package may be scheduled by its image.
import type { AccountName, CampaignId, Instant } from '../campaigns/index.ts';
import type { ImageRecord, Package } from './package.ts';

/** A public key by which images are signed. */
export interface ImageKey {
  readonly id: string;
  readonly name: string;
  /** The 32 bytes of an Ed25519 public key, in base64. */
  readonly publicKey: string;
  readonly createdAt: Instant;
}

/** The keys of an account, in the order in which they were added. */
export interface ImageKeyList {
  readonly account: AccountName;
  /** 0: there is no row yet. */
  readonly revision: number;
  readonly kind: 'imageKeys';
  readonly keys: readonly ImageKey[];
}

/** How fast the devices of some campaigns may download, all devices of one together. */
export interface BandwidthList {
  readonly account: AccountName;
  readonly revision: number;
  readonly kind: 'bandwidth';
  readonly caps: readonly BandwidthCap[];
}

export interface BandwidthCap {
  readonly campaign: CampaignId;
  readonly bytesPerSecond: number;
}

/** Without a rate the campaign has no cap any more. */
export function capped(list: BandwidthList, campaign: CampaignId, bytesPerSecond: number | undefined): BandwidthList {
  const others = list.caps.filter((one) => one.campaign !== campaign);
  return { ...list, caps: bytesPerSecond === undefined ? others : [...others, { campaign, bytesPerSecond }] };
}

export const capOf = ({ caps }: BandwidthList, campaign: CampaignId): number | undefined =>
  caps.find((one) => one.campaign === campaign)?.bytesPerSecond;

/** Whether the signature over these 32 bytes, a SHA-256, was made with the private half of the key. */
export type Verify = (publicKey: string, signature: string, sha256: string) => boolean;

/** The key of the account that signed the image of a package; none when it is unsigned or the key was deleted. */
export function signerOf(
  { image, signature }: Pick<Package, 'image' | 'signature'>,
  keys: readonly ImageKey[],
  verify: Verify,
): ImageKey | undefined {
  if (signature === undefined) return undefined;
  return keys.find(({ publicKey }) => verify(publicKey, signature, image.sha256));
}

/** Why the image of a package keeps it from being scheduled. */
export type ImageRefusal =
  | { readonly is: 'damaged'; readonly at: Instant; readonly found: string }
  | { readonly is: 'not-signed'; readonly why: string };

export interface ImageFacts {
  readonly image: Pick<ImageRecord, 'check'> | undefined;
  readonly keys: readonly ImageKey[];
  readonly requireSigned: boolean;
}

/** The one place where it is judged whether the bytes of a package may go to devices. */
export function refuseImage(pack: Package, facts: ImageFacts, verify: Verify): ImageRefusal | undefined {
  const check = facts.image?.check;
  if (check?.found !== undefined) return { is: 'damaged', at: check.at, found: check.found };
  if (!facts.requireSigned || signerOf(pack, facts.keys, verify) !== undefined) return undefined;
  return { is: 'not-signed', why: pack.signature === undefined ? 'is not signed' : 'is signed by none of its keys' };
}
