/** CoAP block-wise GETs beside a raw echo of the same size; 100,000 registrations, their memory, and an update storm. */
import { type ChildProcess, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Done, Order } from './lwm2m-load.ts';
import { secured } from './lwm2m-secure.ts';
import { FIRST_REGISTERING, openWorld, type World } from './lwm2m-world.ts';
import type { Target } from './target.ts';

const SLOTS = 64;
/** Short ones, so that whatever else the machine does falls on both. */
const ROUNDS = 24;
const ROUND_SECONDS = 0.5;
const WARM_UP_SECONDS = 2;
/** An answer with 1,024 bytes: header, token, ETag, formats, block number, marker. */
const ANSWER_BYTES = 4 + 3 + 9 + 2 + 4 + 1 + 1_024;
const DEVICES = 100_000;
const RATIO_MIN = 0.8;
/** A fleet of 100,000 is back within two minutes. */
const REGISTRATIONS_MIN = 1_000;
const UPDATES_MIN = 1_000;
const REGISTERING_SECONDS_MAX = 70;
const UPDATING_SECONDS_MAX = 20;
const BYTES_PER_REGISTRATION_MAX = 2_048;

export async function run(say: (line: string) => void): Promise<readonly Target[]> {
  await using world = await openWorld();
  using load = startLoad();
  return [
    ...(await blocks(world, load, say)),
    ...(await registrations(world, load, say)),
    ...(await secured(world, load, say)),
  ];
}

interface Load extends Disposable {
  carryOut(order: Order): Promise<Done>;
}

function startLoad(): Load {
  const child: ChildProcess = fork(fileURLToPath(new URL('./lwm2m-load.ts', import.meta.url)));
  return {
    carryOut: (order) =>
      new Promise((resolve, reject) => {
        const gone = (): void => reject(new Error('the load generator has ended'));
        child.once('exit', gone);
        child.once('message', (done: Done) => {
          child.off('exit', gone);
          resolve(done);
        });
        child.send(order);
      }),
    [Symbol.dispose]: () => void child.kill(),
  };
}

const rateOf = ({ answers, seconds }: Pick<Done, 'answers' | 'seconds'>): number => answers / seconds;
interface Sum {
  answers: number;
  seconds: number;
  wrong: number;
  cpuMicroseconds: number;
}

const newSum = (): Sum => ({ answers: 0, seconds: 0, wrong: 0, cpuMicroseconds: 0 });
/** CPU time beside the rate: it depends less on who else uses the machine. */
const textOf = (sum: Sum): string =>
  `${Math.round(rateOf(sum))}/s at ${(sum.cpuMicroseconds / sum.answers).toFixed(1)} us of CPU`;

async function measure(load: Load, order: Order, sum: Sum): Promise<void> {
  const before = process.cpuUsage();
  const { answers, seconds, wrong } = await load.carryOut(order);
  const { user, system } = process.cpuUsage(before);
  sum.answers += answers;
  sum.seconds += seconds;
  sum.wrong += wrong;
  sum.cpuMicroseconds += user + system;
}

/** The two take turns, so that both see the same machine. */
async function blocks(world: World, load: Load, say: (line: string) => void): Promise<readonly Target[]> {
  const tokens = await world.offer(SLOTS);
  const server = await world.serve();
  const { port } = server.address;
  const raw = await openEcho();
  const echoes = { do: 'echo', port: raw.port, slots: SLOTS, bytes: ANSWER_BYTES } as const;
  await load.carryOut({ ...echoes, seconds: WARM_UP_SECONDS });
  await load.carryOut({ do: 'blocks', port, tokens, seconds: WARM_UP_SECONDS });
  const [echo, block] = [newSum(), newSum()];
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(load, { ...echoes, seconds: ROUND_SECONDS }, echo);
    await measure(load, { do: 'blocks', port, tokens, seconds: ROUND_SECONDS }, block);
  }
  say(`${textOf(block)} blocks of 1,024 bytes, ${textOf(echo)} echoes`);
  await server.stop();
  raw.close();
  if (echo.wrong + block.wrong > 0) throw new Error('some answers were not the blocks that were asked for');
  const ratio = rateOf(block) / rateOf(echo);
  return [{ what: 'lwm2m: block GETs beside a raw echo', value: ratio, unit: 'of its rate', least: RATIO_MIN }];
}

async function openEcho() {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
  socket.on('message', (bytes, { port, address }) => socket.send(bytes, port, address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

async function registrations(world: World, load: Load, say: (line: string) => void): Promise<readonly Target[]> {
  await world.fill(DEVICES);
  say(`${DEVICES} devices imported`);
  const server = await world.serve();
  const before = heldBytes();
  const everyone = { imeis: DEVICES, first: FIRST_REGISTERING };
  const first = await load.carryOut({
    do: 'register',
    port: server.address.port,
    ...everyone,
    seconds: REGISTERING_SECONDS_MAX,
  });
  const { registrations: held } = server.counts;
  const perDevice = (heldBytes() - before) / held;
  say(`${held} registered in ${first.seconds.toFixed(1)} s`);
  await server.stop();
  // The storm: a server that has just been started hears of everybody at once.
  const next = await world.serve();
  const { port } = next.address;
  const storm = await load.carryOut({ do: 'update', port, ...everyone, imeis: held, seconds: UPDATING_SECONDS_MAX });
  say(`${storm.answers - storm.wrong} updated in ${storm.seconds.toFixed(1)} s after a restart`);
  await next.stop();
  if (first.wrong + storm.wrong > 0) throw new Error('some devices were refused');
  return [
    { what: 'lwm2m: devices registered in one process', value: held, unit: 'devices', least: DEVICES },
    { what: 'lwm2m: registrations', value: rateOf(first), unit: '/s', least: REGISTRATIONS_MIN },
    { what: 'lwm2m: memory per registration', value: perDevice, unit: 'bytes', most: BYTES_PER_REGISTRATION_MAX },
    { what: 'lwm2m: updates after a restart', value: rateOf(storm), unit: '/s', least: UPDATES_MIN },
  ];
}

function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
