// A UDP socket as datagrams: the one place that knows node:dgram.

import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { lookup as resolve } from 'node:dns';
import type { EngineLog } from '../../engine/ports.ts';
import type { Address, Datagrams } from './ports.ts';

/** Bursts of a fleet that wakes together wait here; the system may give less. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export function peerText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The reverse of `peerText`. */
export function addressOf(peer: string): Address {
  const colon = peer.lastIndexOf(':');
  const host = peer.charCodeAt(0) === 0x5b ? peer.slice(1, colon - 1) : peer.slice(0, colon);
  return { host, port: Number(peer.slice(colon + 1)) };
}

/** Rejects when the address cannot be bound. */
export async function openDatagrams(wanted: Address, log: EngineLog): Promise<Datagrams> {
  const type = wanted.host.includes(':') ? 'udp6' : 'udp4';
  let isBound = false;
  // A resolver between us and every datagram costs as much as the datagram; only our own host may be a name.
  const lookup: SocketOptions['lookup'] = (host, options, found) => {
    if (isBound) found(null, host, type === 'udp6' ? 6 : 4);
    else resolve(host, options, found as never);
  };
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES, lookup });
  await bound(socket, wanted);
  isBound = true;
  socket.on('error', (error) => log.event('lwm2m-socket', { error: error.message }));
  const { address, port } = socket.address();
  let open = true;
  // An answer mostly goes to whoever was heard last.
  let [last, lastHost, lastPort] = ['', '', 0];
  return {
    address: { host: address, port },
    listen: (onDatagram) => {
      socket.on('message', (bytes, from) => {
        lastHost = from.address;
        lastPort = from.port;
        last = peerText(lastHost, lastPort);
        onDatagram(bytes, last);
      });
    },
    send: (bytes, peer) => {
      if (!open) return;
      // Without a callback nobody hears of an error: the message layer's retransmissions are there for it.
      if (peer === last) {
        socket.send(bytes, lastPort, lastHost);
        return;
      }
      const to = addressOf(peer);
      socket.send(bytes, to.port, to.host);
    },
    close: async () => {
      if (!open) return;
      open = false;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function bound(socket: Socket, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', failed);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', failed);
      resolve();
    });
  });
}
