// What a server makes of a ClientHello: a suite, extensions, perhaps a session to resume, or the alert that refuses it.

import { ALERT } from './alerts.ts';
import { type Offer, readExtensions } from './extensions.ts';
import { type ClientHello, offersNoCompression } from './handshake.ts';
import { DTLS_1_2 } from './record.ts';
import type { Session } from './sessions.ts';
import { RENEGOTIATION_SCSV, type Suite } from './suites.ts';

export interface Negotiated {
  readonly suite: Suite;
  readonly offer: Offer;
  readonly session: Session | undefined;
}

export interface Refused {
  readonly alert: number;
}

export interface Known {
  readonly suites: readonly Suite[];
  find(sessionId: Uint8Array): Session | undefined;
}

export function negotiate(hello: ClientHello, known: Known): Negotiated | Refused {
  // Versions count downwards: a client that speaks 1.2 or more names a number of 0xfefd or less.
  if (hello.version >> 8 !== DTLS_1_2 >> 8 || hello.version > DTLS_1_2) return { alert: ALERT.PROTOCOL_VERSION };
  if (!offersNoCompression(hello)) return { alert: ALERT.ILLEGAL_PARAMETER };
  const read = readExtensions(hello.extensions);
  if (read === 'malformed') return { alert: ALERT.HANDSHAKE_FAILURE };
  const suite = known.suites.find(({ id }) => hello.suites.includes(id));
  if (suite === undefined) return { alert: ALERT.HANDSHAKE_FAILURE };
  const renegotiationInfo = read.renegotiationInfo || hello.suites.includes(RENEGOTIATION_SCSV);
  const offer: Offer = { ...read, renegotiationInfo };
  const session = hello.sessionId.length === 0 ? undefined : known.find(hello.sessionId);
  if (session === undefined || !hello.suites.includes(session.suite.id)) return { suite, offer, session: undefined };
  // RFC 7627 §5.3: whoever had the extended master secret and comes back without it is not to be trusted.
  if (!offer.extendedMasterSecret) return { alert: ALERT.HANDSHAKE_FAILURE };
  return { suite: session.suite, offer, session };
}
