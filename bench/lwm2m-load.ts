/** The other side of `bench -- lwm2m`: many devices on few sockets, in a process of their own, as cheap as they can be. */
import { createSocket, type Socket } from 'node:dgram';
import {
  CODE,
  encode,
  OPTION,
  parse,
  pathOptions,
  request,
  TYPE,
  textOption,
  textsOf,
  uintOption,
} from '../src/lwm2m/index.ts';
import { askSecurely, registerSecurely } from './lwm2m-secure-load.ts';

export type Order =
  | {
      readonly do: 'echo';
      readonly port: number;
      readonly slots: number;
      readonly bytes: number;
      readonly seconds: number;
    }
  | { readonly do: 'blocks'; readonly port: number; readonly tokens: readonly string[]; readonly seconds: number }
  | {
      readonly do: 'blocks-secure';
      readonly port: number;
      readonly psk: string;
      readonly identities: readonly string[];
      readonly tokens: readonly string[];
      readonly seconds: number;
    }
  | {
      readonly do: 'register-secure';
      readonly port: number;
      readonly psk: string;
      readonly imeis: readonly string[];
      readonly slots: number;
      readonly seconds: number;
    }
  | {
      readonly do: 'register' | 'update';
      readonly port: number;
      readonly imeis: number;
      readonly first: number;
      readonly seconds: number;
    };

export interface Done {
  readonly answers: number;
  readonly seconds: number;
  /** Answers that were not what was hoped for. */
  readonly wrong: number;
}

const HOST = '127.0.0.1';
const WINDOW = 256;
/** A slot that hears nothing for so long asks again. */
const STALL_MS = 300;
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
const NO_BYTES = new Uint8Array(0);
const ID_AT = 2;
const TOKEN_AT = 4;
/** CoAP token: the number of the slot or device, three bytes. */
const TOKEN_BYTES = 3;

/** Loopback needs no resolver; asking one for each datagram costs as much as the datagram. */
const lookup = (host: string, family: number, found: (error: null, address: string, family: number) => void): void =>
  found(null, host, family);

async function openSocket(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: lookup as never, recvBufferSize: SOCKET_BUFFER_BYTES });
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  return socket;
}

/** One question after another for each slot until the time is over. */
async function ask(
  port: number,
  seconds: number,
  slots: readonly { next(): Uint8Array; take(bytes: Uint8Array): boolean }[],
  slotOf: (bytes: Uint8Array) => number,
): Promise<Done> {
  const socket = await openSocket();
  const sentAt = new Float64Array(slots.length);
  let [answers, wrong] = [0, 0];
  const send = (place: number): void => {
    const slot = slots[place];
    if (slot === undefined) return;
    sentAt[place] = performance.now();
    socket.send(slot.next(), port, HOST);
  };
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  socket.on('message', (bytes) => {
    const place = slotOf(bytes);
    answers += 1;
    if (slots[place]?.take(bytes) !== true) wrong += 1;
    if (performance.now() < end) send(place);
  });
  for (const place of slots.keys()) send(place);
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const late = performance.now() - STALL_MS;
    for (const place of slots.keys()) if ((sentAt[place] ?? 0) < late) send(place);
  }
  const took = (performance.now() - begun) / 1_000;
  socket.close();
  return { answers, wrong, seconds: took };
}

function echo({ port, slots, bytes, seconds }: Extract<Order, { readonly do: 'echo' }>): Promise<Done> {
  const all = Array.from({ length: slots }, (_, place) => {
    const datagram = new Uint8Array(bytes);
    datagram[TOKEN_AT] = place;
    return { next: () => datagram, take: (back: Uint8Array) => back.length === bytes };
  });
  return ask(port, seconds, all, (bytes_) => bytes_[TOKEN_AT] ?? 0);
}

function blocks({ port, tokens, seconds }: Extract<Order, { readonly do: 'blocks' }>): Promise<Done> {
  const all = tokens.map((token, place) => downloading(token, place));
  return ask(port, seconds, all, (bytes) => bytes[TOKEN_AT] ?? 0);
}

const SZX_1024 = 6;
const BLOCK_BYTES = 1_024;

/** A device that fetches one block after another; its request is one buffer in which the numbers change. */
function downloading(token: string, place: number) {
  const block = (number: number): Uint8Array => {
    const value = uintOption(OPTION.BLOCK2, number * 16 + SZX_1024);
    const options = [...pathOptions(`/f/${token}`), value];
    const { code, payload } = request(CODE.GET);
    return encode({ type: TYPE.CON, code, id: 0, token: Uint8Array.of(place, 0, 0), options, payload });
  };
  let [number, id] = [0, 0];
  // From 4,096 on the option has three bytes; before it the buffer is made anew.
  let datagram = block(0);
  return {
    next: () => {
      if (number < 4_096) datagram = block(number);
      else if (number === 4_096) datagram = block(number);
      else {
        const value = number * 16 + SZX_1024;
        const at = datagram.length - 3;
        datagram[at] = value >> 16;
        datagram[at + 1] = (value >> 8) & 0xff;
        datagram[at + 2] = value & 0xff;
      }
      id = (id + 1) & 0xffff;
      datagram[ID_AT] = id >> 8;
      datagram[ID_AT + 1] = id & 0xff;
      return datagram;
    },
    take: (bytes: Uint8Array) => {
      const good = bytes[1] === CODE.CONTENT && bytes.length > BLOCK_BYTES;
      if (good) number += 1;
      return good;
    },
  };
}

/** Where each device was registered, for the updates that follow. */
const locations = new Map<number, string>();

function registration(imei: string, place: number): Uint8Array {
  const queries = [`ep=urn:imei:${imei}`, 'lt=86400', 'lwm2m=1.1', 'b=U', 'Q'];
  const options = [
    ...pathOptions('/rd'),
    uintOption(OPTION.CONTENT_FORMAT, 40),
    ...queries.map((query) => textOption(OPTION.URI_QUERY, query)),
  ];
  const payload = new TextEncoder().encode('</>;rt="oma.lwm2m";ct=112,</1/0>,</3/0>,</4/0>,</5/0>');
  return post(options, payload, place);
}

function post(options: ReturnType<typeof pathOptions>, payload: Uint8Array, place: number): Uint8Array {
  const token = Uint8Array.of(place >> 16, (place >> 8) & 0xff, place & 0xff);
  return encode({ type: TYPE.CON, code: CODE.POST, id: place & 0xffff, token, options, payload });
}

const placeIn = (bytes: Uint8Array): number =>
  ((bytes[TOKEN_AT] ?? 0) << 16) | ((bytes[TOKEN_AT + 1] ?? 0) << 8) | (bytes[TOKEN_AT + 2] ?? 0);

/** All devices, so many at a time; over when each has been answered. */
async function everyone(order: Extract<Order, { readonly do: 'register' | 'update' }>): Promise<Done> {
  const socket = await openSocket();
  const open = new Map<number, number>();
  let [begunCount, answers, wrong] = [0, 0, 0];
  const datagramOf = (place: number): Uint8Array =>
    order.do === 'register'
      ? registration(String(order.first + place), place)
      : post(pathOptions(locations.get(place) ?? '/rd/none'), NO_BYTES, place);
  const send = (place: number): void => {
    open.set(place, performance.now());
    socket.send(datagramOf(place), order.port, HOST);
  };
  const fill = (): void => {
    while (open.size < WINDOW && begunCount < order.imeis) {
      send(begunCount);
      begunCount += 1;
    }
  };
  socket.on('message', (bytes) => {
    // An empty acknowledgement: the answer follows by itself, and is acknowledged then.
    if (bytes.length <= TOKEN_AT) return;
    const place = placeIn(bytes);
    if (bytes.length < TOKEN_AT + TOKEN_BYTES || !open.delete(place)) return;
    answers += 1;
    if (bytes[1] !== (order.do === 'register' ? CODE.CREATED : CODE.CHANGED)) wrong += 1;
    else if (order.do === 'register') keepLocation(place, bytes);
    fill();
  });
  const begun = performance.now();
  fill();
  while (answers < order.imeis && performance.now() < begun + order.seconds * 1_000) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const late = performance.now() - 2_000;
    for (const [place, at] of open) if (at < late) send(place);
  }
  const seconds = (performance.now() - begun) / 1_000;
  socket.close();
  return { answers, wrong, seconds };
}

function keepLocation(place: number, bytes: Uint8Array): void {
  const parsed = parse(bytes);
  if (parsed.ok) locations.set(place, `/${textsOf(parsed.message.options, OPTION.LOCATION_PATH).join('/')}`);
}

function carryOut(order: Order): Promise<Done> {
  switch (order.do) {
    case 'echo':
      return echo(order);
    case 'blocks':
      return blocks(order);
    case 'blocks-secure':
      return askSecurely(order, order.tokens.map(downloading));
    case 'register-secure':
      return registerSecurely(order, (imei) => registration(imei, 1));
    default:
      return everyone(order);
  }
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (done) => process.send?.(done),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
