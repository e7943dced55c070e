// Alerts by name and number (RFC 5246 §7.2, RFC 4279 §6).

export const ALERT = {
  CLOSE_NOTIFY: 0,
  UNEXPECTED_MESSAGE: 10,
  HANDSHAKE_FAILURE: 40,
  ILLEGAL_PARAMETER: 47,
  DECODE_ERROR: 50,
  DECRYPT_ERROR: 51,
  PROTOCOL_VERSION: 70,
  INTERNAL_ERROR: 80,
  NO_RENEGOTIATION: 100,
} as const;

const LEVEL = { WARNING: 1, FATAL: 2 } as const;

export interface Alert {
  readonly fatal: boolean;
  readonly description: number;
}

export function parseAlert(body: Uint8Array): Alert | undefined {
  const [level, description] = body;
  if (body.length !== 2 || description === undefined) return undefined;
  if (level !== LEVEL.WARNING && level !== LEVEL.FATAL) return undefined;
  return { fatal: level === LEVEL.FATAL, description };
}

/** close_notify and no_renegotiation are warnings, everything else that we send is fatal. */
export function encodeAlert(description: number): Uint8Array {
  const isWarning = description === ALERT.CLOSE_NOTIFY || description === ALERT.NO_RENEGOTIATION;
  return Uint8Array.of(isWarning ? LEVEL.WARNING : LEVEL.FATAL, description);
}
