// How an image gets onto a simulated LwM2M device: fetched from a Package URI, or written to it block by block.

import { has, rebootsNow, retryWait } from './body.ts';
import { nothingReceived, notYetThere, receive, versionIn } from './image.ts';
import { invariant } from './invariant.ts';
import { beginInstall, restart } from './lwm2m-install.ts';
import {
  FIRMWARE_RESULT,
  FIRMWARE_STATE,
  type FirmwareResult,
  type Lwm2mInput,
  type ServerRequest,
} from './lwm2m-messages.ts';
import type { Download, Lwm2mTurn } from './lwm2m-mind.ts';
import { deliveryOf, knowsScheme, show, showQuietly } from './lwm2m-object5.ts';
import type { Answer } from './lwm2m-request.ts';

type Fetched<Type extends Lwm2mInput['type']> = Extract<Lwm2mInput, { readonly type: Type }>;

export function onUri(turn: Lwm2mTurn, uri: string, answer: Answer): void {
  const { state, download } = turn.mind;
  if (state === FIRMWARE_STATE.DOWNLOADED || state === FIRMWARE_STATE.UPDATING) {
    answer('4.05');
    return;
  }
  answer('2.04');
  // devices.md: some accept a URI and never look at it.
  if (deliveryOf(turn.mind) === 'push') return;
  if (!knowsScheme(turn.mind, uri) || !/^[a-z]+:\/\/[^/]+\/./.test(uri)) {
    const scheme = /^(?:coaps?|https?|coaps?\+tcp):\/\/[^/]/.test(uri) && !knowsScheme(turn.mind, uri);
    show(turn, FIRMWARE_STATE.IDLE, scheme ? FIRMWARE_RESULT.UNSUPPORTED_PROTOCOL : FIRMWARE_RESULT.INVALID_URI);
    return;
  }
  stopFetch(turn);
  const kept = download?.way === 'pull' && download.uri === uri && has(turn.mind, 'resumes') ? download : undefined;
  begin(turn, { way: 'pull', uri, ...(kept === undefined ? {} : { kept }) });
  show(turn, FIRMWARE_STATE.DOWNLOADING, FIRMWARE_RESULT.INITIAL);
  fetchAgain(turn);
}

function begin(turn: Lwm2mTurn, how: { way: 'pull' | 'push'; uri: string; kept?: Download }): void {
  const { newHash, downloads } = turn.mind;
  const received = how.kept?.received ?? nothingReceived(newHash());
  turn.become({
    download: { way: how.way, uri: how.uri, received, fetch: undefined, failures: 0 },
    image: undefined,
    downloads: how.kept === undefined ? downloads + 1 : downloads,
  });
}

function stopFetch(turn: Lwm2mTurn): void {
  const { download } = turn.mind;
  turn.drop('fetch');
  if (download?.fetch === undefined) return;
  turn.act({ type: 'stop-fetch', fetch: download.fetch });
  turn.become({ download: { ...download, fetch: undefined } });
}

export function fetchAgain(turn: Lwm2mTurn): void {
  const { download, nextFetch, state } = turn.mind;
  if (download?.way !== 'pull' || state !== FIRMWARE_STATE.DOWNLOADING) return;
  turn.become({ nextFetch: nextFetch + 1, download: { ...download, fetch: nextFetch } });
  turn.act({ type: 'fetch', fetch: nextFetch, uri: download.uri, offset: download.received.bytes });
}

/** The download that a fetch belongs to, if it is still wanted. */
function downloadOf(turn: Lwm2mTurn, fetch: number): Download | undefined {
  return turn.mind.download?.fetch === fetch ? turn.mind.download : undefined;
}

export function onBytes(turn: Lwm2mTurn, input: Fetched<'bytes'>): void {
  const download = downloadOf(turn, input.fetch);
  const bytes = download && notYetThere(download.received, input);
  if (download === undefined || bytes === undefined) return;
  take(turn, { ...download, failures: 0 }, bytes);
  if (tooLarge(turn)) {
    stopFetch(turn);
    fail(turn, FIRMWARE_RESULT.NO_STORAGE);
    return;
  }
  if (input.last) {
    complete(turn);
    return;
  }
  if (rebootsNow(turn.mind, turn.mind.download?.received.bytes ?? 0)) {
    stopFetch(turn);
    turn.become({ rebootedInDownload: true });
    restart(turn);
  }
}

function take(turn: Lwm2mTurn, download: Download, bytes: Uint8Array): void {
  turn.become({
    bytes: turn.mind.bytes + bytes.length,
    download: { ...download, received: receive(download.received, bytes) },
  });
}

const tooLarge = ({ mind }: Lwm2mTurn): boolean => (mind.download?.received.bytes ?? 0) > mind.pace.storageBytes;

/** The server will not send now: it waits as long as it is told, within its patience. */
export function onFetchRefused(turn: Lwm2mTurn, input: Fetched<'fetch-refused'>): void {
  const download = downloadOf(turn, input.fetch);
  if (download === undefined) return;
  const wait = input.retryAfterMs ?? turn.mind.pace.retryMs;
  if (wait > turn.mind.pace.patienceMs) {
    loseConnection(turn, download);
    return;
  }
  tryLater(turn, download, wait);
}

export function onFetchFailed(turn: Lwm2mTurn, input: Fetched<'fetch-failed'>): void {
  const download = downloadOf(turn, input.fetch);
  if (download === undefined) return;
  switch (input.why) {
    case 'gone':
    case 'address':
      fail(turn, FIRMWARE_RESULT.INVALID_URI);
      break;
    case 'changed':
      // What it has belongs to another image: from the start, and the tries still count.
      tryLater(turn, { ...download, received: nothingReceived(turn.mind.newHash()) }, 0);
      break;
    case 'lost':
      tryLater(turn, download, retryWait(turn.mind, download.failures + 1));
      break;
  }
}

function tryLater(turn: Lwm2mTurn, download: Download, waitMs: number): void {
  const failures = download.failures + 1;
  if (failures >= turn.mind.pace.fetchTriesMax) {
    loseConnection(turn, download);
    return;
  }
  turn.become({ download: { ...download, fetch: undefined, failures } });
  turn.plan('fetch', turn.now + waitMs);
}

function loseConnection(turn: Lwm2mTurn, download: Download): void {
  const kept = has(turn.mind, 'resumes') ? { ...download, fetch: undefined, failures: 0 } : undefined;
  turn.become({ download: kept });
  show(turn, FIRMWARE_STATE.IDLE, FIRMWARE_RESULT.CONNECTION_LOST);
}

function fail(turn: Lwm2mTurn, result: FirmwareResult): void {
  turn.become({ download: undefined });
  show(turn, FIRMWARE_STATE.IDLE, result);
}

/** After a restart: the download goes on where the device can resume, else it is forgotten. */
export function abandonFetch(turn: Lwm2mTurn): void {
  const { download } = turn.mind;
  if (download?.way === 'pull' && has(turn.mind, 'resumes')) {
    turn.become({ download: { ...download, fetch: undefined, failures: 0 } });
  } else {
    turn.become({ download: undefined, state: FIRMWARE_STATE.IDLE, result: FIRMWARE_RESULT.INITIAL });
  }
}

/** False when nothing in it makes sense: Result 5. */
function complete(turn: Lwm2mTurn): boolean {
  const received = turn.mind.download?.received;
  invariant(received !== undefined, 'only a download can be complete');
  const version = versionIn(received);
  if (version === undefined) {
    fail(turn, FIRMWARE_RESULT.INTEGRITY);
    return false;
  }
  const sha256 = received.hash.hex();
  turn.become({ download: undefined, image: { sha256, bytes: received.bytes, version }, imageSha256: sha256 });
  show(turn, FIRMWARE_STATE.DOWNLOADED, FIRMWARE_RESULT.INITIAL);
  if (has(turn.mind, 'auto-installs')) beginInstall(turn);
  return true;
}

export function onPackageBlock(
  turn: Lwm2mTurn,
  block: Extract<ServerRequest, { readonly op: 'write-package' }>,
  answer: Answer,
): void {
  const { mind } = turn;
  if (deliveryOf(mind) === 'pull') {
    answer('4.05');
    return;
  }
  if (mind.state === FIRMWARE_STATE.DOWNLOADED || mind.state === FIRMWARE_STATE.UPDATING) {
    answer('4.05');
    return;
  }
  if (block.offset === 0) {
    stopFetch(turn);
    begin(turn, { way: 'push', uri: '' });
    showQuietly(turn, FIRMWARE_STATE.DOWNLOADING, FIRMWARE_RESULT.INITIAL);
  }
  const { download } = turn.mind;
  // RFC 7959 §2.9.2: a block is missing, so the whole has to come again.
  if (download?.way !== 'push' || download.received.bytes !== block.offset) {
    answer('4.08');
    return;
  }
  take(turn, download, block.bytes);
  if (tooLarge(turn)) {
    answer('5.00');
    fail(turn, FIRMWARE_RESULT.NO_STORAGE);
    return;
  }
  if (block.last) {
    answerLast(turn, answer);
    return;
  }
  answer('2.31');
  if (rebootsNow(turn.mind, turn.mind.download?.received.bytes ?? 0)) {
    turn.become({ rebootedInDownload: true });
    restart(turn);
  }
}

/** Notifications may overtake the answer to what caused them (devices.md); here they always do. */
const answerLast = (turn: Lwm2mTurn, answer: Answer): void => answer(complete(turn) ? '2.04' : '5.00');
