// A UDP socket as datagrams: the one place that knows node:dgram.

import { createSocket, type Socket } from 'node:dgram';
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
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES });
  await bound(socket, wanted);
  socket.on('error', (error) => log.event('lwm2m-socket', { error: error.message }));
  const { address, port } = socket.address();
  let open = true;
  return {
    address: { host: address, port },
    listen: (onDatagram) => {
      socket.on('message', (bytes, from) => onDatagram(bytes, peerText(from.address, from.port)));
    },
    send: (bytes, peer) => {
      if (!open) return;
      const to = addressOf(peer);
      // An error of one datagram is what the message layer's retransmissions are for.
      socket.send(bytes, to.port, to.host, ignored);
    },
    close: async () => {
      if (!open) return;
      open = false;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

const ignored = (): void => {};

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
