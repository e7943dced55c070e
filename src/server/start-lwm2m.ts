// Opens the LwM2M side, and decides who may register on the plain port (engine.md §9).
import { recordAudit } from '../accounts/index.ts';
import type { AuditStore } from '../accounts/ports.ts';
import { type Lwm2mParts, type Lwm2mServer, nodeCrypto, openLwm2m, type Watch } from '../delivery/lwm2m/index.ts';
import { isLoopback, type ServerConfig } from './config.ts';
import { unbindable } from './http.ts';
import type { Log } from './log.ts';
import { systemRandom } from './random.ts';
import { StartRefused } from './refused.ts';

type Parts = Pick<Lwm2mParts, 'engine' | 'images' | 'clock' | 'timers' | 'node' | 'contacts' | 'publicHttp'> & {
  readonly store: Lwm2mParts['inventory'] & AuditStore;
  readonly log: Log;
};

export async function startLwm2m(config: ServerConfig, { store, log, ...parts }: Parts): Promise<Lwm2mServer> {
  const { host, coapPort: port, coapsPort, publicCoap, publicCoaps, transmission } = config;
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
      coaps: { crypto: nodeCrypto(systemRandom.bytes) },
      watch: watchOn(store, log),
      log,
      host,
      port,
      coapsPort,
      allowRegistration,
      transmission,
      ...(publicCoap === undefined ? {} : { publicCoap }),
      ...(publicCoaps === undefined ? {} : { publicCoaps }),
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw new StartRefused(`--public-coap and --public-coaps: ${error.message}`, { cause: error });
    throw error instanceof Error && 'code' in error ? unbindable('CoAP', addressIn(error, host), error) : error;
  }
}

/** The address that was refused, as the system names it. */
function addressIn(error: Error, host: string): string {
  return 'port' in error ? `${host}:${String(error.port)}` : host;
}

const watchOn = (store: AuditStore, log: Log): Watch => ({
  mismatched: (key, endpoint, at) => {
    const order = {
      actor: { kind: 'server', name: 'lwm2m' },
      account: key.account,
      action: 'refuse registration',
      target: key.imei,
      after: { endpoint, because: 'the endpoint name belongs to another device than the key' },
    } as const;
    recordAudit(store, order, at).catch((error: unknown) => log.failed('an audit entry could not be stored', error));
  },
});
