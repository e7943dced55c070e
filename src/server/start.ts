// Starts a server: opens what it needs, wires it, and takes it apart again in the opposite order.
import { createHash } from 'node:crypto';
import { LiveChanges } from '../api/index.ts';
import type { NodeId, Rule, Signer } from '../campaigns/index.ts';
import { LastSeen } from '../delivery/ddi/index.ts';
import type { Lwm2mServer } from '../delivery/lwm2m/index.ts';
import { DeviceJournal, Engine, Strangers } from '../engine/index.ts';
import type { Store } from '../store/index.ts';
import { buildApp } from './app.ts';
import { openCallbacks } from './callbacks.ts';
import { keepDoing } from './chores.ts';
import { afterOthers, systemClock, systemTimers } from './clock.ts';
import type { ServerConfig } from './config.ts';
import { ContactNotes } from './contacts.ts';
import { bindHttp, type HttpSocket } from './http.ts';
import { type ImageParts, imageChores, openImageParts } from './images.ts';
import { openKeys } from './keys.ts';
import { openLedgerKey, publishedKey } from './ledger-key.ts';
import { SERVER_LIMITS } from './limits.ts';
import { type Log, openLog } from './log.ts';
import { Loop } from './loop.ts';
import { whenStored } from './news.ts';
import { openStore, type StoreEvents, watched } from './open-store.ts';
import { systemRandom } from './random.ts';
import { pauseRestored } from './restore.ts';
import { Senders } from './senders.ts';
import { firstLink } from './sign-in.ts';
import { startLwm2m } from './start-lwm2m.ts';
import { VERSION } from './version.ts';
import { openWatching, type Watching } from './watching.ts';

/** What is bound, as it is written on stdout. */
export interface ReadyLine {
  readonly ready: true;
  readonly http: string;
  readonly coap: string;
  readonly coaps: string | null;
}

export interface Server extends AsyncDisposable {
  readonly ready: ReadyLine;
  /** Base of the addresses that are handed out. */
  readonly publicHttpUrl: string;
  readonly operatorKey: string;
  /** A link that signs root in once, as long as no operator has ever signed in. */
  firstSignInLink(): Promise<string | undefined>;
  /** Ends gracefully; calling it twice is no harm. */
  stop(): Promise<void>;
}

/** Rejects with a `StartRefused` where the operator can mend it. */
export async function startServer(config: ServerConfig): Promise<Server> {
  const log = openLog(config.logLevel);
  const closers = new Closers(log);
  try {
    return await start(config, log, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** What was opened, closed in the opposite order; a failure of one keeps none of the others open. */
class Closers {
  readonly #log: Log;
  readonly #steps: (() => Promise<void>)[] = [];
  #closed: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  add(close: () => Promise<void>): void {
    this.#steps.push(close);
  }

  close(): Promise<void> {
    this.#closed ??= this.#run();
    return this.#closed;
  }

  async #run(): Promise<void> {
    for (const close of this.#steps.toReversed()) {
      try {
        await close();
      } catch (error) {
        this.#log.failed('something could not be closed', error);
      }
    }
  }
}

async function start(config: ServerConfig, log: Log, closers: Closers): Promise<Server> {
  const live = new LiveChanges(systemTimers, config.limits.liveStreamsMax);
  const on: StoreEvents = {
    stored: whenStored(live, () => loop.poke()),
    keyChanged: (key) => senders.lwm2m?.keyChanged(key),
  };
  const base = await openBase(config, { log, closers, on });
  const { node, keys, imageParts, http, publicHttpUrl } = base;
  const { images, checks } = imageParts;
  const lwm2mCounts = () => senders.lwm2m;
  const imageCounts = () => checks.counts;
  const watching = openWatching({ ...base, config, log, lwm2m: lwm2mCounts, images: imageCounts });
  const { store, metrics, teller } = watching;
  const callbacks = openCallbacks((settlement) => engine.callbackSettled(settlement), log);
  const senders: Senders<Lwm2mServer> = new Senders({ callbacks, metrics });
  const journal = new DeviceJournal(store);
  const engine = openEngine({ store, node, log, senders, journal, signer: base.ledgerKey, ruled: metrics.ruled });
  const loop: Loop = new Loop({
    tick: () => engine.tick(),
    clock: systemClock,
    timers: systemTimers,
    afterOthers,
    failed: (error) => log.failed('what is due could not be looked at', error),
  });
  await pauseRestored({ config, store, engine, log });
  await engine.restarted();

  const lastSeen = new LastSeen(store);
  const contacts = new ContactNotes(lastSeen);
  const strangers = new Strangers(store);
  closers.add(() => lastSeen.flush());
  closers.add(() => journal.flush());
  const shared = { engine, store, images, clock: systemClock, timers: systemTimers, log };
  const lwm2m = await startLwm2m(config, { ...shared, node, contacts, publicHttp: () => publicHttpUrl });
  closers.add(() => lwm2m.stop());
  senders.lwm2m = lwm2m;

  const { uploads, pace } = imageParts;
  const told = { callbacks, metrics, teller, live };
  const named = { config, contacts, strangers, http, keys, publicHttpUrl, loop, uploads, pace, ...told };
  const app = await buildApp({ ...shared, ...named });
  closers.add(async () => app.close());
  loop.start();
  // Callbacks that are on their way come to their end while the store is still open.
  closers.add(() => callbacks.idle());
  closers.add(() => loop.stop());
  const chores = { log, lastSeen, journal, strangers, http, closers, imageParts, watching };
  doChores({ ...chores, forget: () => store.forgetExpired(systemClock.now()) });

  const ready = readyLine(http.address, lwm2m);
  log.info('ready', { version: VERSION, publicHttpUrl });
  const stop = (): Promise<void> => closers.close();
  const handed = { publicHttpUrl, operatorKey: keys.operatorKey };
  const firstSignInLink = () => firstLink({ store, keys, publicHttpUrl });
  return { ready, ...handed, firstSignInLink, stop, [Symbol.asyncDispose]: stop };
}

interface EngineBase {
  readonly store: Store;
  readonly node: NodeId;
  readonly log: Log;
  readonly senders: Senders<Lwm2mServer>;
  readonly journal: DeviceJournal;
  readonly signer: Signer;
  readonly ruled: (rule: Rule) => void;
}

const openEngine = ({ store, node, log, senders, journal, signer, ruled }: EngineBase): Engine =>
  new Engine({
    store,
    clock: systemClock,
    random: { token: systemRandom.imageToken },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    signer,
    tzdata: process.versions['tz'] ?? 'unknown',
    sender: senders,
    node,
    log,
    journal,
    ruled,
  });

interface BaseParts {
  readonly log: Log;
  readonly closers: Closers;
  readonly on: StoreEvents;
}

/** What everything else stands on: rows, keys, images, the HTTP socket. */
async function openBase(config: ServerConfig, { log, closers, on }: BaseParts) {
  const { store, node, isShared } = await openStore(config, {
    afterOthers,
    uuid: systemRandom.uuid,
    lost: (error) => log.failed('a connection to the database was lost', error),
  });
  closers.add(async () => store[Symbol.asyncDispose]());
  // Whoever takes its leave is not missed.
  closers.add(() => store.forgetNode(node));
  const keys = await openKeys(config, systemRandom.secret);
  if (keys.operatorKeyFile !== undefined) log.info(`the operator key is in ${keys.operatorKeyFile}`);
  const ledgerKey = await openLedgerKey(config);
  await store.keepLedgerKey(publishedKey(ledgerKey, systemClock.now()));
  const exposed = [...keys.exposed, ...(ledgerKey.isExposed ? [ledgerKey.file] : [])];
  for (const file of exposed) log.warn(`${file} can be read by others on this machine: chmod 600`);
  const sharedAs = isShared ? node : undefined;
  const { imageBytesMax } = config.limits;
  const imageParts = await openImageParts({ store, folder: config.images, imageBytesMax, sharedAs, log });
  const http = await bindHttp(config, systemTimers);
  closers.add(() => http.close());
  const publicHttpUrl = config.publicHttpUrl ?? `${http.scheme}://${addressText(http.address)}`;
  return { store: watched(store, on), node, keys, ledgerKey, imageParts, http, publicHttpUrl };
}

interface ChoreParts {
  readonly log: Log;
  readonly lastSeen: LastSeen;
  readonly journal: DeviceJournal;
  readonly strangers: Strangers;
  readonly http: HttpSocket;
  readonly closers: Closers;
  readonly imageParts: ImageParts;
  readonly watching: Watching;
  readonly forget: () => Promise<void>;
}

function doChores({
  log,
  lastSeen,
  journal,
  strangers,
  http,
  closers,
  imageParts,
  watching,
  forget,
}: ChoreParts): void {
  const chores = [
    { name: 'write last contacts', every: SERVER_LIMITS.lastSeenEvery, run: () => lastSeen.flush() },
    { name: 'write what devices did', every: SERVER_LIMITS.lastSeenEvery, run: () => journal.flush() },
    { name: 'write which unknown devices came', every: SERVER_LIMITS.lastSeenEvery, run: () => strangers.flush() },
    { name: 'forget expired tokens', every: SERVER_LIMITS.forgetEvery, run: forget },
    { name: 'look at the certificate', every: SERVER_LIMITS.tlsLookEvery, run: () => http.renew() },
    ...imageChores(imageParts),
    ...watching.chores,
  ];
  for (const chore of chores) {
    closers.add(keepDoing(chore, systemTimers, (name, error) => log.failed(`could not ${name}`, error)));
  }
  closers.add(async () => imageParts.checks.stop());
}

const readyLine = (http: Bound, { address, secureAddress }: Lwm2mServer): ReadyLine => ({
  ready: true,
  http: addressText(http),
  coap: addressText(address),
  coaps: secureAddress === undefined ? null : addressText(secureAddress),
});

interface Bound {
  readonly host: string;
  readonly port: number;
}

const addressText = ({ host, port }: Bound): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
