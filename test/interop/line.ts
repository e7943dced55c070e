// A line between a device and a server: notes what is asked, and can be cut in the middle of an answer.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Line extends AsyncDisposable {
  readonly url: string;
  /** Every request: its first line and its Range. */
  readonly requests: readonly string[];
  /** Bytes that answers to image requests had, heads included. */
  readonly imageBytes: () => number;
  /** Where everything goes. */
  leadTo(port: number): void;
  /** The next answer to an image request breaks off after so many bytes. */
  cutImageAfter(bytes: number): void;
}

export async function openLine(): Promise<Line> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  let cutAfter = Number.POSITIVE_INFINITY;
  let imageBytes = 0;
  const server = createServer((device) => {
    const target = connect(port, '127.0.0.1');
    let isImage = false;
    let passed = 0;
    for (const socket of [device, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        device.destroy();
        target.destroy();
      });
    }
    device.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const [first = ''] = text.split('\r\n');
      if (/^(GET|HEAD|POST|PUT) /.test(first)) {
        isImage = first.startsWith('GET /f/') && !first.includes('.MD5SUM');
        requests.push([first, /^range: .*$/im.exec(text)?.[0] ?? ''].join(' ').trim());
      }
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      const room = cutAfter - passed;
      device.write(isImage && bytes.length > room ? bytes.subarray(0, room) : bytes);
      if (!isImage) return;
      passed += bytes.length;
      imageBytes += Math.min(bytes.length, room);
      if (bytes.length <= room) return;
      cutAfter = Number.POSITIVE_INFINITY;
      device.destroySoon();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    imageBytes: () => imageBytes,
    leadTo: (to) => {
      port = to;
    },
    cutImageAfter: (bytes) => {
      cutAfter = bytes;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
