// Addresses of images: over which protocol a device is to fetch, chosen from what it says, how it registered and its profile.

import type { ImageProtocol } from '../../campaigns/index.ts';
import { LIMITS } from './limits.ts';
import type { Address } from './ports.ts';
import { peerText } from './socket.ts';

export const IMAGES = 'f';

/** What is known of a device when it is about to be given an address. */
export interface Fetching {
  /** /5/0/8; undefined: it does not say. */
  readonly said: readonly ImageProtocol[] | undefined;
  /** It registered over coaps. */
  readonly secure: boolean;
  /** The operator's word about its make and model. */
  readonly profile: readonly ImageProtocol[] | undefined;
  /** How many addresses it could not use so far. */
  readonly failed: number;
}

/** Whoever has a key has it for images too; whoever has none mostly has no certificates either. */
const ORDER = {
  secure: ['coaps', 'https', 'coap', 'http'],
  plain: ['coap', 'http', 'https', 'coaps'],
} as const satisfies Record<string, readonly ImageProtocol[]>;

/** Every protocol that it could be, the best first; none when nothing fits. One that says nothing may know them all. */
export function protocolsFor(
  { said, secure, profile }: Omit<Fetching, 'failed'>,
  served: readonly ImageProtocol[],
): readonly ImageProtocol[] {
  const wanted =
    profile ?? ORDER[secure ? 'secure' : 'plain'].filter((one) => said === undefined || said.includes(one));
  return wanted.filter((one) => served.includes(one));
}

export class ImageUris {
  readonly #bases: ReadonlyMap<ImageProtocol, () => string>;

  /** Throws when the addresses would be too long for devices to keep: that is known before the first one is made. */
  constructor(
    addresses: { readonly coap: Address; readonly coaps: Address | undefined },
    told: {
      readonly publicCoap?: string | undefined;
      readonly publicCoaps?: string | undefined;
      readonly publicHttp?: (() => string) | undefined;
    },
  ) {
    const bases = new Map<ImageProtocol, () => string>();
    const coap = told.publicCoap ?? `coap://${peerText(addresses.coap.host, addresses.coap.port)}`;
    bases.set('coap', fixed('CoAP', coap));
    if (addresses.coaps !== undefined) {
      const coaps = told.publicCoaps ?? `coaps://${peerText(addresses.coaps.host, addresses.coaps.port)}`;
      bases.set('coaps', fixed('CoAPS', coaps));
    }
    const { publicHttp } = told;
    if (publicHttp !== undefined) {
      bases.set('http', publicHttp);
      bases.set('https', publicHttp);
    }
    this.#bases = bases;
  }

  get served(): readonly ImageProtocol[] {
    return [...this.#bases].flatMap(([protocol, base]) => {
      const fits = addressOf(base(), SAMPLE_TOKEN).length <= LIMITS.uriBytesMax;
      return fits && base().startsWith(`${protocol}://`) ? [protocol] : [];
    });
  }

  /** A device that could not use an address gets the next one it could; at the end it begins again with the best. */
  uriFor(token: string, fetching: Fetching): string {
    const possible = protocolsFor(fetching, this.served);
    const protocol = possible[fetching.failed % Math.max(1, possible.length)] ?? 'coap';
    return addressOf(this.#bases.get(protocol)?.() ?? '', token);
  }
}

const addressOf = (base: string, token: string): string => `${base.replace(/\/+$/, '')}/${IMAGES}/${token}`;

const SAMPLE_TOKEN = 'A'.repeat(22);

function fixed(name: string, base: string): () => string {
  const bytes = addressOf(base, SAMPLE_TOKEN).length;
  if (bytes > LIMITS.uriBytesMax) {
    const room = LIMITS.uriBytesMax - bytes + base.length;
    throw new RangeError(
      `The public ${name} address ${base} makes image addresses of ${bytes} bytes; devices keep ${LIMITS.uriBytesMax}, so it may have at most ${room}.`,
    );
  }
  return () => base;
}
