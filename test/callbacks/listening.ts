/** A customer's listener on a real socket of this machine, which hears and answers as a test wants. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly number?: number; readonly campaignId?: string };
}

export type Answer = (heard: Heard, response: ServerResponse) => void;

export const answering =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status).end();
  };

export class Listening implements AsyncDisposable {
  readonly #server: Server;
  readonly heard: Heard[] = [];
  answer: Answer = answering(204);

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const heard = { path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) };
        this.heard.push(heard);
        this.answer(heard, response);
      });
    });
  }

  static async open(): Promise<Listening> {
    const listening = new Listening();
    await new Promise<void>((resolve) => listening.#server.listen(0, '127.0.0.1', resolve));
    return listening;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  get numbers(): readonly (number | undefined)[] {
    return this.heard.map(({ body }) => body.number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
