// What a device's link needs of the world around it.
import type { Hash } from '../../src/simulator/index.ts';
import type { Agenda } from './agenda.ts';
import type { Checks } from './checks.ts';
import type { Network } from './network.ts';
import type { WorldNode } from './node.ts';
import type { Seeded } from './random.ts';

export interface LinkWorld {
  readonly agenda: Agenda;
  readonly random: Seeded;
  readonly network: Network;
  readonly checks: Checks;
  readonly newHash: () => Hash;
  readonly image: { readonly sha256: string; readonly size: number };
  /** A node as a device finds one: by address, up or not. */
  anyNode(): WorldNode;
  /** A piece of the image from `offset` on. */
  block(offset: number): { readonly bytes: Uint8Array; readonly last: boolean };
}
