// The cipher suites we speak, the ones we like best first (RFC 5487 §2, RFC 6655 §4).

import type { AeadName } from './crypto.ts';

export interface Suite {
  readonly id: number;
  readonly name: string;
  readonly aead: AeadName;
  readonly tagBytes: number;
}

/** A full tag before a short one: CCM_8 is for devices that offer nothing else. */
export const SUITES: readonly Suite[] = [
  { id: 0x00a8, name: 'TLS_PSK_WITH_AES_128_GCM_SHA256', aead: 'AES_128_GCM', tagBytes: 16 },
  { id: 0xc0a4, name: 'TLS_PSK_WITH_AES_128_CCM', aead: 'AES_128_CCM', tagBytes: 16 },
  { id: 0xc0a8, name: 'TLS_PSK_WITH_AES_128_CCM_8', aead: 'AES_128_CCM_8', tagBytes: 8 },
];

/** RFC 5746 §3.3: a cipher suite that is none, by which a client says that it knows of safe renegotiation. */
export const RENEGOTIATION_SCSV = 0x00ff;
