// A hawkBit client as a few words: polls, reads, tells, fetches, over real sockets.
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { DdiDeployment, DdiPoll } from '../../src/contract/index.ts';
import { ACCOUNT, IMEI } from './rows.ts';
import type { World } from './world.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  /** The connection ended before the answer did. */
  readonly broken: boolean;
  /** Whatever it is; a test says by what it looks at what it expects. */
  readonly json: Body;
}

interface Body {
  readonly id: string;
  readonly config: DdiPoll['config'];
  readonly _links: NonNullable<DdiPoll['_links']>;
  readonly deployment: DdiDeployment['deployment'];
  readonly actionHistory: DdiDeployment['actionHistory'];
  readonly errorCode: string;
  readonly message: string;
}

export type Headers = Readonly<Record<string, string | string[]>>;

export class Client {
  readonly #world: World;
  readonly #imei: string;

  constructor(world: World, imei: string = IMEI) {
    this.#world = world;
    this.#imei = imei;
  }

  get base(): string {
    return `/${ACCOUNT}/controller/v1/${this.#imei}`;
  }

  /** `path`: absolute, a whole link, or below the device's own. */
  async call(method: string, path: string, headers: Headers = {}, body?: string): Promise<Answer> {
    const authorization = `TargetToken secret-${this.#imei}`;
    const asked = this.open(method, path, { authorization, ...headers });
    const answered = answerOf(asked);
    asked.end(body);
    return answered;
  }

  open(method: string, path: string, headers: Headers): ClientRequest {
    const { pathname, search } = new URL(path, `http://x${path.startsWith('/') ? '' : `${this.base}/`}`);
    const options: RequestOptions = {
      host: '127.0.0.1',
      port: this.#world.port,
      method,
      path: pathname + search,
      headers: { ...headers },
      agent: false,
    };
    return request(options);
  }

  poll(headers: Headers = {}): Promise<Answer> {
    return this.call('GET', this.base, headers);
  }

  /** The link of the action that the poll shows. */
  async actionLink(): Promise<string | undefined> {
    return (await this.poll()).json._links?.deploymentBase?.href;
  }

  /** Polls and reads its action. */
  async readAction(): Promise<Answer> {
    const link = await this.actionLink();
    if (link === undefined) throw new Error('the poll shows no action');
    return this.call('GET', link);
  }

  feedback(action: string | number, status: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    return this.call('POST', `deploymentBase/${action}/feedback`, {}, JSON.stringify({ ...more, status }));
  }

  tell(data: Readonly<Record<string, unknown>>, mode = 'merge'): Promise<Answer> {
    return this.call('PUT', 'configData', {}, JSON.stringify({ mode, data }));
  }
}

export const imageLink = (deployment: Answer): string =>
  deployment.json.deployment.chunks[0]!.artifacts[0]!._links['download-http']!.href;

export const closed = (finished: string, details: readonly string[] = []) => ({
  execution: 'closed',
  result: { finished },
  details,
});
export const going = { execution: 'proceeding', result: { finished: 'none', progress: { cnt: 0, of: 0 } } };

/** Everything that arrives, also when the connection breaks in the middle. */
export function answerOf(asked: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', (response) => {
      asked.removeListener('error', reject);
      asked.on('error', () => {});
      const chunks: Buffer[] = [];
      const done = (broken: boolean): void => {
        const bytes = Buffer.concat(chunks);
        const isJson = /json/.test(response.headers['content-type'] ?? '') && bytes.length > 0;
        const json = (isJson ? JSON.parse(bytes.toString()) : undefined) as Body;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, broken, json });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(false));
      response.on('error', () => done(true));
    });
  });
}
