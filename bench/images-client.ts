/** A device that reads an answer and throws it away, again and again on one connection; prints megabytes per second. */
import { connect } from 'node:net';

const BUFFER_BYTES = 1024 * 1024;

const [address = '', range = '', time = ''] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(address);
const [, first, last] = /bytes=(\d+)-(\d+)/.exec(range) ?? [];
const length = Number(last) - Number(first) + 1;
const request = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nrange: ${range}\r\n\r\n`;
const begun = performance.now();
let whole = 0;
/** What is left of the body; undefined while the head is still coming. */
let left: number | undefined;
let head = '';

const socket = connect({
  host: hostname,
  port: Number(port),
  onread: { buffer: Buffer.allocUnsafe(BUFFER_BYTES), callback: take },
});
socket.on('connect', () => socket.write(request));
socket.on('error', (error) => fail(error.message));
socket.on('end', () => fail('the connection was closed'));

function take(count: number, buffer: Uint8Array): boolean {
  let bytes = count;
  if (left === undefined) {
    const text = Buffer.from(buffer.subarray(0, count)).toString('latin1');
    const end = (head + text).indexOf('\r\n\r\n');
    if (end < 0) {
      head += text;
      return true;
    }
    if (!(head + text).startsWith('HTTP/1.1 206')) fail((head + text).slice(0, end));
    bytes = count - (end + 4 - head.length);
    left = length;
  }
  left -= bytes;
  if (left === 0) again();
  return true;
}

function again(): void {
  whole += 1;
  left = undefined;
  head = '';
  const took = performance.now() - begun;
  if (took < Number(time)) {
    socket.write(request);
    return;
  }
  process.stdout.write(String((whole * length) / took / 1_000));
  process.exit(0);
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
