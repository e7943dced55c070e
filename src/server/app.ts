// The HTTP application: the API, the device side over HTTP and the server's own routes on one socket.
import type { RequestListener } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { type LiveChanges, registerApi, scryptPasswords } from '../api/index.ts';
import type { UploadIntake } from '../api/ports.ts';
import { type CallbackSender, type EventTeller, eventId, refuseUrl, renderOperatorEvent } from '../callbacks/index.ts';
import { type DdiParts, registerDdi } from '../delivery/ddi/index.ts';
import { type ImageStore, type Uploads, uploadIdOf } from '../delivery/images/index.ts';
import type { Store } from '../store/index.ts';
import { afterOthers } from './clock.ts';
import type { ServerConfig } from './config.ts';
import { registerConsole } from './console.ts';
import type { ContactNotes } from './contacts.ts';
import type { HttpSocket } from './http.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import type { Loop } from './loop.ts';
import type { Metrics } from './metrics.ts';
import { systemRandom } from './random.ts';
import { registerOwnRoutes } from './routes.ts';
import { trusts } from './trusts.ts';
import { VERSION } from './version.ts';

export interface AppParts extends Pick<DdiParts, 'engine' | 'clock' | 'timers' | 'strangers' | 'pace'> {
  readonly contacts: ContactNotes;
  readonly config: ServerConfig;
  readonly callbacks: Pick<CallbackSender, 'test'>;
  readonly teller: Pick<EventTeller, 'test'>;
  readonly store: Store;
  readonly images: ImageStore;
  readonly uploads: Uploads;
  readonly http: HttpSocket;
  readonly keys: Keys;
  readonly metrics: Metrics;
  readonly publicHttpUrl: string;
  readonly log: Log;
  readonly loop: Loop;
  readonly live: LiveChanges;
}

/** The application, ready and answering. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { engine, store, images, clock, log, http, keys, publicHttpUrl, loop, metrics } = parts;
  const trusted = parts.config.trustProxy;
  let listener: RequestListener | undefined;
  const app = Fastify({
    // The socket is bound already and closed by whoever bound it.
    serverFactory: (handle) => {
      listener = handle;
      return http.server;
    },
    ...(trusted.length === 0 ? {} : { trustProxy: [...trusted] }),
  });
  registerOwnRoutes(app, { metrics, isReady: () => loop.isHealthy, version: VERSION });
  await registerConsole(app);
  await registerDdi(app, { ...parts, publicHttpUrl: () => publicHttpUrl, trustsProxy: trusts(trusted) });
  await registerApi(app, {
    engine,
    store,
    clock,
    log,
    publicHttpUrl,
    live: parts.live,
    callbacks: {
      refuseUrl,
      eventId,
      renderOperatorEvent,
      test: (listener, allowed) => parts.callbacks.test(listener, allowed),
      testEvents: (listener) => parts.teller.test(listener),
    },
    images: { receive: (stream) => received(images, stream) },
    uploads: intakeOf(parts.uploads),
    refusalOf: (key) => parts.contacts.refusalOf(key),
    secrets: { token: systemRandom.secret, uuid: systemRandom.uuid, ...scryptPasswords(systemRandom.salt) },
    serverSecret: keys.serverSecret,
    operatorKey: keys.operatorKey,
    pause: () => new Promise((resolve) => afterOthers(resolve)),
    limits: parts.config.limits,
    version: VERSION,
  });
  await app.ready();
  if (listener !== undefined) http.answer(listener);
  return app;
}

/** The API holds uploads to the limit itself; one that is larger here is a failure. */
async function received(images: ImageStore, stream: AsyncIterable<Uint8Array>) {
  const result = await images.receive(stream);
  if (result.ok) return result;
  throw new Error(`an image of more than ${result.limit} bytes reached the image store`);
}

const intakeOf = (uploads: Uploads): UploadIntake => ({
  idOf: uploadIdOf,
  begin: (upload) => uploads.begin(upload),
  state: (account, id) => uploads.state(account, id),
  append: (account, id, offset, stream) => uploads.append(account, id, offset, stream),
  finish: (account, id) => uploads.finish(account, id),
  drop: (account, id) => uploads.drop(account, id),
});
