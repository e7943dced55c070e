/** DTLS in one process, without sockets: handshakes, records beside an echo with the same two AEAD calls, memory of idle sessions. */
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { nodeCrypto } from '../src/delivery/lwm2m/index.ts';
import {
  DtlsClient,
  type DtlsOutput,
  DtlsServer,
  type DtlsServerEvent,
  SUITES,
  type Suite,
} from '../src/lwm2m/index.ts';
import type { Target } from './target.ts';

const PEER = 'server';
const KEY = randomBytes(16);
/** A block of 1,024 bytes in a CoAP answer, and the request for it. */
const ANSWER = randomBytes(1_050);
const QUESTION = randomBytes(40);
const ROUNDS = 101;
const RECORDS_PER_ROUND = 500;
const HANDSHAKE_ROUNDS = 30;
const HANDSHAKES_PER_ROUND = 100;
const IDLE_SESSIONS = 20_000;
const IDLE_BYTES_MAX = 6 * 1_024;
const HANDSHAKES_LEAST = 1_000;
const RATIO_LEAST = 0.7;
const UNLIMITED = { handshakesPerSecondMax: 1e9, cookiesPerSecondMax: 1e9 };

const crypto = nodeCrypto(randomBytes);
const newServer = (): DtlsServer => new DtlsServer({ crypto, limits: UNLIMITED });
const newClient = (name: string, suite: Suite): DtlsClient =>
  new DtlsClient({ crypto, peer: PEER, identity: Buffer.from(name), psk: KEY, suites: [suite] });

export async function run(say: (line: string) => void): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const suite of SUITES) {
    const { ratio, recordsPerSecond } = records(suite);
    say(`${suite.name}: ${Math.round(recordsPerSecond)} requests with their answers in a second`);
    const what = `dtls: requests with ${suite.name} and CID, of an echo with the same two AEAD calls`;
    targets.push({ what, value: ratio, unit: '', least: RATIO_LEAST });
  }
  const [, , ccm8 = SUITES[0]] = SUITES;
  if (ccm8 === undefined) return targets;
  targets.push({ what: 'dtls: handshakes', value: handshakes(ccm8), unit: '/s', least: HANDSHAKES_LEAST });
  const bytes = idleBytes(ccm8);
  say(`resident memory per idle session: ${Math.round(bytes.resident)} bytes`);
  const held = { what: 'dtls: heap and external memory per idle session', value: bytes.held / 1_024, unit: 'KiB' };
  targets.push({ ...held, most: IDLE_BYTES_MAX / 1_024 });
  return targets;
}

/** The work of the server alone: the client's records are made before the clock is started. */
function records(suite: Suite): { readonly ratio: number; readonly recordsPerSecond: number } {
  const server = newServer();
  const client = newClient('bell', suite);
  const association = connect(server, client, 'device');
  const aeadName = suite.aead;
  const [mine, theirs] = [crypto.aead(aeadName, randomBytes(16)), crypto.aead(aeadName, randomBytes(16))];
  const nonce = randomBytes(12);
  const additional = randomBytes(31);
  const question = new Uint8Array(QUESTION.length + suite.tagBytes);
  theirs.seal(nonce, additional, QUESTION, question, 0);
  const answer = new Uint8Array(ANSWER.length + suite.tagBytes);
  const ratios: number[] = [];
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const questions = Array.from({ length: RECORDS_PER_ROUND }, () => {
      const sent = client.send(QUESTION);
      return sent.ok ? (sent.output.datagrams[0]?.bytes ?? QUESTION) : QUESTION;
    });
    const echo = secondsOf(() => {
      for (let count = 0; count < RECORDS_PER_ROUND; count += 1) {
        theirs.open(nonce, additional, question);
        mine.seal(nonce, additional, ANSWER, answer, 0);
      }
    });
    let answered = 0;
    const ours = secondsOf(() => {
      for (const bytes of questions) {
        for (const event of server.receive(bytes, 'device', 0).events) {
          if (event.type === 'data' && server.send(association, ANSWER).ok) answered += 1;
        }
      }
    });
    if (answered !== RECORDS_PER_ROUND) throw new Error(`Only ${answered} of ${RECORDS_PER_ROUND} were answered.`);
    ratios.push(echo / ours);
    best = Math.max(best, RECORDS_PER_ROUND / ours);
  }
  // The middle one: the first is cold, and a neighbour on the machine may spoil another.
  return { ratio: ratios.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0, recordsPerSecond: best };
}

/** Full handshakes in a second, the client's part not counted: what the clock costs more often than it measures. */
function handshakes(suite: Suite): number {
  const server = newServer();
  let seconds = 0;
  for (let round = 0; round < HANDSHAKE_ROUNDS; round += 1) {
    const names = Array.from({ length: HANDSHAKES_PER_ROUND }, (_, place) => `bell-${round}-${place}`);
    const clients = names.map((name) => ({ name, client: newClient(name, suite) }));
    let toServer = clients.flatMap((one) => addressed(one, one.client.connect(0).datagrams));
    while (toServer.length > 0) {
      const answers: { readonly peer: string; readonly bytes: Uint8Array }[] = [];
      const serve = (output: DtlsOutput<DtlsServerEvent>): void => {
        answers.push(...output.datagrams);
        for (const event of output.events) {
          if (event.type === 'psk-wanted') serve(server.pskFound(event.handshake, KEY, 0));
        }
      };
      seconds += secondsOf(() => {
        for (const { bytes, name } of toServer) serve(server.receive(bytes, name, 0));
      });
      const byName = new Map(clients.map((one) => [one.name, one]));
      toServer = answers.flatMap(({ peer, bytes }) => {
        const one = byName.get(peer);
        return one === undefined ? [] : addressed(one, one.client.receive(bytes, PEER, 0).datagrams);
      });
    }
  }
  const done = server.counts.associations;
  if (done !== HANDSHAKE_ROUNDS * HANDSHAKES_PER_ROUND) throw new Error(`Only ${done} handshakes were done.`);
  return done / seconds;
}

const addressed = ({ name }: { readonly name: string }, datagrams: readonly { readonly bytes: Uint8Array }[]) =>
  datagrams.map(({ bytes }) => ({ name, bytes }));

function idleBytes(suite: Suite): { readonly held: number; readonly resident: number } {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const server = newServer();
  const now = (): { readonly held: number; readonly resident: number } => {
    collect();
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { held: heapUsed + external, resident: rss };
  };
  // The tables' first growth is not any session's.
  for (let count = 0; count < 1_000; count += 1) connect(server, newClient(`first-${count}`, suite), `first:${count}`);
  const before = now();
  for (let count = 0; count < IDLE_SESSIONS; count += 1) {
    connect(server, newClient(`urn:imei:35000000${count}`, suite), `10.0.0.1:${count}`);
  }
  const after = now();
  if (server.counts.associations !== IDLE_SESSIONS + 1_000) throw new Error('Not all sessions are there.');
  const each = (key: 'held' | 'resident'): number => (after[key] - before[key]) / IDLE_SESSIONS;
  return { held: each('held'), resident: each('resident') };
}

/** A whole handshake; gives the association. */
function connect(server: DtlsServer, client: DtlsClient, address: string): number {
  let association = 0;
  let toServer = client.connect(0).datagrams;
  while (toServer.length > 0) {
    const answers: Uint8Array[] = [];
    const serve = (output: DtlsOutput<DtlsServerEvent>): void => {
      for (const { bytes } of output.datagrams) answers.push(bytes);
      for (const event of output.events) {
        if (event.type === 'psk-wanted') serve(server.pskFound(event.handshake, KEY, 0));
        if (event.type === 'established') association = event.association;
      }
    };
    for (const { bytes } of toServer) serve(server.receive(bytes, address, 0));
    toServer = answers.flatMap((bytes) => [...client.receive(bytes, PEER, 0).datagrams]);
  }
  return association;
}

/** Of processor time, so that neighbours on the machine do not count. */
function secondsOf(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000_000;
}
