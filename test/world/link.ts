// What a device's link needs of the world around it, and what lies between the device and its servers.
import type { DeviceKey, DeviceSnapshot } from '../../src/campaigns/index.ts';
import type { Hash } from '../../src/simulator/index.ts';
import type { Agenda } from './agenda.ts';
import type { Checks } from './checks.ts';
import type { Leg, Network, Way } from './network.ts';
import type { WorldNode } from './node.ts';
import type { Seeded } from './random.ts';
import type { WorldDevice } from './scenario.ts';

export interface LinkWorld {
  readonly agenda: Agenda;
  readonly random: Seeded;
  readonly network: Network;
  readonly checks: Checks;
  readonly start: number;
  readonly newHash: () => Hash;
  readonly image: { readonly sha256: string; readonly size: number };
  /** A node as a device finds one: by address, up or not. */
  anyNode(): WorldNode;
  /** The device spoke to this node; what is stored then, also where nothing can come of it. */
  contact(node: WorldNode, key: DeviceKey): Promise<{ readonly value: DeviceSnapshot | undefined } | undefined>;
  /** A piece of the image from `offset` on. */
  block(offset: number): { readonly bytes: Uint8Array; readonly last: boolean };
}

const HOUR = 3_600_000;

/** One device's way to its servers: hours without coverage, a translator that shuts behind it, ears that hear nothing. */
export class DeviceWay implements Way {
  readonly #device: WorldDevice;
  readonly #world: Pick<LinkWorld, 'agenda' | 'start'>;
  #spokeAt = Number.NEGATIVE_INFINITY;

  constructor(device: WorldDevice, world: Pick<LinkWorld, 'agenda' | 'start'>) {
    this.#device = device;
    this.#world = world;
  }

  passes(_leg: Leg): boolean {
    const { away } = this.#device;
    const hour = (this.#world.agenda.now() - this.#world.start) / HOUR;
    return away === undefined || hour < away.from || hour >= away.until;
  }

  /** The device sends something. */
  speaks(): void {
    this.#spokeAt = this.#world.agenda.now();
  }

  /** Whether a question of the server reaches the device. */
  hears(): boolean {
    const { natSeconds, mute } = this.#device;
    if (mute === true) return false;
    return natSeconds === undefined || this.#world.agenda.now() - this.#spokeAt < natSeconds * 1_000;
  }
}

/** What the device takes for the time, and when its alarms really ring. */
export class DeviceClock {
  readonly #agenda: Agenda;
  readonly #offsetMs: number;
  readonly #rate: number;

  constructor({ clock }: WorldDevice, agenda: Agenda) {
    this.#agenda = agenda;
    this.#offsetMs = clock?.offsetMs ?? 0;
    this.#rate = clock?.rate ?? 1;
  }

  now(): number {
    return Math.floor(this.#agenda.now() * this.#rate) + this.#offsetMs;
  }

  /** Rings when the device's clock shows `at`. */
  wake(at: number, run: () => void): void {
    const exact = (at - this.#offsetMs) / this.#rate;
    this.#agenda.at(this.#rate === 1 ? exact : Math.ceil(exact) + 1, run);
  }
}
