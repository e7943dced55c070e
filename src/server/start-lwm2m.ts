// Opens the LwM2M side, and decides who may register on the plain port (engine.md §9).
import { type Lwm2mParts, type Lwm2mServer, openLwm2m } from '../delivery/lwm2m/index.ts';
import { isLoopback, type ServerConfig } from './config.ts';
import { unbindable } from './http.ts';
import type { Log } from './log.ts';
import { systemRandom } from './random.ts';
import { StartRefused } from './refused.ts';

type Parts = Pick<Lwm2mParts, 'engine' | 'images' | 'clock' | 'timers' | 'node' | 'contacts'> & {
  readonly store: Lwm2mParts['inventory'];
  readonly log: Log;
};

export async function startLwm2m(config: ServerConfig, { store, log, ...parts }: Parts): Promise<Lwm2mServer> {
  const { host, coapPort: port, publicCoap } = config;
  const allowRegistration = isLoopback(host) || config.allowNosec;
  if (!allowRegistration)
    log.warn(
      'LwM2M registration is off: this port has no security. --allow-nosec turns it on, image tokens are served.',
    );
  try {
    return await openLwm2m({
      ...parts,
      inventory: store,
      random: systemRandom,
      log,
      host,
      port,
      allowRegistration,
      ...(publicCoap === undefined ? {} : { publicCoap }),
    });
  } catch (error) {
    if (error instanceof RangeError) throw new StartRefused(`--public-coap: ${error.message}`, { cause: error });
    throw error instanceof Error && 'code' in error ? unbindable('CoAP', `${host}:${port}`, error) : error;
  }
}
