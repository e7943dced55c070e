// The names of things: accounts, devices, campaigns; parsed once at the edge and branded from there on.

declare const name: unique symbol;

/** Billing account, `##########-#####`. */
export type AccountName = string & { readonly [name]: 'account' };
/** 15 digits. */
export type Imei = string & { readonly [name]: 'imei' };
/** UUID of a campaign, unique per server. */
export type CampaignId = string & { readonly [name]: 'campaign' };
/** One running server process. */
export type NodeId = string & { readonly [name]: 'node' };
/** 128 random bits in base64url, the authorisation to fetch one attempt's image (engine.md §5). */
export type ImageToken = string & { readonly [name]: 'token' };
/** SHA-256 of an image in lower-case hex. */
export type ImageHash = string & { readonly [name]: 'sha256' };

export interface DeviceKey {
  readonly account: AccountName;
  readonly imei: Imei;
}
export interface CampaignKey {
  readonly account: AccountName;
  readonly campaign: CampaignId;
}
export interface UpdateKey extends CampaignKey {
  readonly imei: Imei;
}

export function parseAccountName(text: string): AccountName | undefined {
  return /^\d{10}-\d{5}$/.test(text) ? (text as AccountName) : undefined;
}

export function parseImei(text: string): Imei | undefined {
  return /^\d{15}$/.test(text) ? (text as Imei) : undefined;
}

/** Whether the fifteenth digit is the Luhn check digit of the others (3GPP TS 23.003 annex B). */
export function hasCheckDigit(imei: Imei): boolean {
  let sum = 0;
  for (let place = 0; place < 15; place += 1) {
    const digit = imei.charCodeAt(place) - 48;
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * 32-bit FNV-1a: places a device in the store's buckets and in a campaign's order. Stable for ever,
 * because it is part of stored keys.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return hash;
}

/** Keys in the store begin with account and bucket, so that one large account can be spread (engine.md §9). */
export const BUCKETS = 64;
export const bucketOf = (imei: Imei): number => hashOf(imei) % BUCKETS;
