/** The part of `bench -- lwm2m` with keys: block GETs over DTLS with CID beside an echo that does the same two AEAD calls; registrations. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { nodeCrypto } from '../src/delivery/lwm2m/index.ts';
import type { Done, Order } from './lwm2m-load.ts';
import { BENCH_PSK, FIRST_REGISTERING, type World } from './lwm2m-world.ts';
import type { Target } from './target.ts';

const SLOTS = 32;
/** Each begins with handshakes, which are part of it: long enough that they do not count. */
const ROUNDS = 3;
const ROUND_SECONDS = 3;
const WARM_UP_SECONDS = 1;
const DEVICES = 2_000;
const REGISTERING_SECONDS_MAX = 15;
const ECHO_BYTES = 1_080;
const TAG_BYTES = 8;
const RATIO_MIN = 0.7;
const REGISTRATIONS_MIN = 300;

interface Load {
  carryOut(order: Order): Promise<Done>;
}

export async function secured(world: World, load: Load, say: (line: string) => void): Promise<readonly Target[]> {
  const server = await world.serve();
  const port = server.secureAddress?.port ?? 0;
  const imeis = Array.from({ length: DEVICES }, (_, place) => String(FIRST_REGISTERING + place));
  const registering = { do: 'register-secure', port, psk: BENCH_PSK, imeis, slots: 64 } as const;
  const registered = await load.carryOut({ ...registering, seconds: REGISTERING_SECONDS_MAX });
  const done = registered.answers - registered.wrong;
  say(`${done} shook hands and registered with their keys in ${registered.seconds.toFixed(1)} s`);
  const raw = await openSealedEcho();
  const identities = imeis.slice(0, SLOTS);
  const tokens = world.tokens.slice(0, SLOTS);
  const blocks = { do: 'blocks-secure', port, psk: BENCH_PSK, identities, tokens } as const;
  const echoes = { do: 'echo', port: raw.port, slots: SLOTS, bytes: ECHO_BYTES } as const;
  await load.carryOut({ ...blocks, seconds: WARM_UP_SECONDS });
  const [echo, block] = [newSum(), newSum()];
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(echo, () => load.carryOut({ ...echoes, seconds: ROUND_SECONDS }));
    await measure(block, () => load.carryOut({ ...blocks, seconds: ROUND_SECONDS }));
  }
  raw.close();
  await server.stop();
  const [theirs, ours] = [echo.microseconds / echo.answers, block.microseconds / block.answers];
  say(
    `${ours.toFixed(1)} us of CPU for a block of 1,024 bytes over DTLS with CID, ${theirs.toFixed(1)} for a sealed echo`,
  );
  return [
    {
      what: 'lwm2m: registrations with keys, handshake included',
      value: done / registered.seconds,
      unit: '/s',
      least: REGISTRATIONS_MIN,
    },
    {
      what: 'lwm2m: CPU of block GETs over DTLS beside an echo with the same two AEAD calls',
      value: theirs / ours,
      unit: 'of its speed',
      least: RATIO_MIN,
    },
  ];
}

interface Sum {
  answers: number;
  microseconds: number;
}

const newSum = (): Sum => ({ answers: 0, microseconds: 0 });

/** CPU of this process alone: the devices have the dearer half of the cryptography, and would be what is measured. */
async function measure(sum: Sum, work: () => Promise<Done>): Promise<void> {
  const before = process.cpuUsage();
  const { answers, wrong } = await work();
  const { user, system } = process.cpuUsage(before);
  if (wrong > 0) throw new Error('some answers were not what was asked for');
  sum.answers += answers;
  sum.microseconds += user + system;
}

/** Opens a record as long as a request, seals one as long as an answer, and sends that back. */
async function openSealedEcho() {
  const crypto = nodeCrypto(randomBytes);
  const key = crypto.aead('AES_128_CCM_8', randomBytes(16));
  const [nonce, additional] = [randomBytes(12), randomBytes(31)];
  const question = new Uint8Array(40 + TAG_BYTES);
  key.seal(nonce, additional, randomBytes(40), question, 0);
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
  socket.on('message', (bytes, { port, address }) => {
    key.open(nonce, additional, question);
    const answer = new Uint8Array(bytes.length + TAG_BYTES);
    key.seal(nonce, additional, bytes, answer, 0);
    answer.set(bytes.subarray(0, 8));
    socket.send(answer.subarray(0, bytes.length), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}
