// What the protocol machines need from the outside: time as a number, and chance.

/**
 * A moment in milliseconds on a clock that never runs backwards. It is a plain number on purpose: every folder brands
 * its own instants, and all of these brands are assignable to `number`.
 */
export type Instant = number;

/** Chance, handed in so that a run can be repeated. */
export interface Random {
  /** A whole number, evenly drawn from 0 to 4,294,967,295. */
  uint32(): number;
}

/** An address as text, for example `127.0.0.1:5683`. The machines compare it and never look inside. */
export type Peer = string;

export interface Datagram {
  readonly peer: Peer;
  readonly bytes: Uint8Array;
}
