// The three extensions we speak: Connection ID (RFC 9146 §3), extended master secret (RFC 7627 §5.1), renegotiation (RFC 5746).

import { NOTHING, Reader, vector } from './bytes.ts';
import type { Extensions } from './handshake.ts';

const EXTENSION = { EXTENDED_MASTER_SECRET: 0x0017, CONNECTION_ID: 54, RENEGOTIATION_INFO: 0xff01 } as const;

/** A vector of one byte's length around nothing: "this connection was never negotiated before". */
const FIRST_NEGOTIATION = vector(1, NOTHING);

/** What the peer's extensions say; `malformed` when one of ours is not as it must be. */
export interface Offer {
  /** The CID that the peer wants to see; empty when it wants none but can send ours; undefined when it does not know CIDs. */
  readonly cid: Uint8Array | undefined;
  readonly extendedMasterSecret: boolean;
  readonly renegotiationInfo: boolean;
}

export function readExtensions(extensions: Extensions): Offer | 'malformed' {
  const secret = extensions.get(EXTENSION.EXTENDED_MASTER_SECRET);
  const renegotiation = extensions.get(EXTENSION.RENEGOTIATION_INFO);
  const cid = cidIn(extensions.get(EXTENSION.CONNECTION_ID));
  if (secret !== undefined && secret.length > 0) return 'malformed';
  // RFC 5746 §3.6 and §3.4: in a first handshake it is empty.
  if (renegotiation !== undefined && (renegotiation.length !== 1 || renegotiation[0] !== 0)) return 'malformed';
  if (cid === 'malformed') return 'malformed';
  return { cid, extendedMasterSecret: secret !== undefined, renegotiationInfo: renegotiation !== undefined };
}

function cidIn(content: Uint8Array | undefined): Uint8Array | undefined | 'malformed' {
  if (content === undefined) return undefined;
  const reader = new Reader(content);
  const cid = reader.vector(1);
  return reader.done ? cid : 'malformed';
}

export function writeExtensions({ cid, extendedMasterSecret, renegotiationInfo }: Offer): Extensions {
  const extensions = new Map<number, Uint8Array>();
  if (renegotiationInfo) extensions.set(EXTENSION.RENEGOTIATION_INFO, FIRST_NEGOTIATION);
  if (extendedMasterSecret) extensions.set(EXTENSION.EXTENDED_MASTER_SECRET, NOTHING);
  if (cid !== undefined) extensions.set(EXTENSION.CONNECTION_ID, vector(1, cid));
  return extensions;
}
