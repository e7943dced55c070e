// Fetches an image by CoAP, in the clear or with DTLS, from a port of its own, as devices do, and tells the mind block by block.

import {
  beginDownload,
  blockBytes,
  type Download,
  downloadAnswered,
  downloadRequest,
  OPTION,
  type Option,
  pathOptions,
  type Response,
  SZX_MAX,
  type TransmissionParameters,
  textOption,
} from '../../lwm2m/index.ts';
import type { FetchFailure, Lwm2mInput, Random } from '../device/index.ts';
import type { Clock } from './clock.ts';
import { CoapChannel } from './coap-channel.ts';
import type { Address, Psk } from './link.ts';

const PORTS = { coap: 5_683, coaps: 5_684 } as const;

export interface FetchParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transmission: TransmissionParameters;
  readonly psk?: Psk | undefined;
  readonly hear: (input: Lwm2mInput) => void;
}

export interface FetchOrder {
  readonly fetch: number;
  readonly uri: string;
  readonly offset: number;
  /** What the bytes before `offset` belonged to. */
  readonly etag: string | undefined;
}

/** An image on its way, by whichever protocol. */
export interface Fetching {
  readonly etag: string | undefined;
  stop(): void;
}

export class CoapFetch implements Fetching {
  readonly #parts: FetchParts;
  readonly #fetch: number;
  #channel: CoapChannel | undefined;
  #download: Download | undefined;

  constructor(order: FetchOrder, parts: FetchParts) {
    this.#parts = parts;
    this.#fetch = order.fetch;
    const target = targetOf(order.uri);
    if (target === undefined || (target.isSecure && parts.psk === undefined)) {
      this.#fail('address');
      return;
    }
    const { clock, random, transmission } = parts;
    const psk = target.isSecure ? parts.psk : undefined;
    this.#channel = new CoapChannel({ clock, random, transmission, psk, address: target.address });
    // The mind bears with a few bytes twice, and a block must begin at its edge.
    const offset = order.offset - (order.offset % blockBytes(SZX_MAX));
    const etag = offset === 0 ? undefined : order.etag;
    this.#ask(beginDownload({ options: target.options, offset, etag, namesFirstBlock: false }));
  }

  get etag(): string | undefined {
    return this.#download?.etag;
  }

  stop(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  #ask(download: Download): void {
    this.#download = download;
    this.#channel?.request(downloadRequest(download), (answer) => this.#answered(download, answer));
  }

  #answered(download: Download, answer: Response | undefined): void {
    if (answer === undefined) {
      this.#fail('lost');
      return;
    }
    const step = downloadAnswered(download, answer);
    const { hear } = this.#parts;
    const fetch = this.#fetch;
    switch (step.type) {
      case 'block':
        this.#download = step.download;
        hear({ type: 'bytes', fetch, offset: step.offset, bytes: step.bytes, last: step.last });
        if (step.last) this.stop();
        else if (this.#channel !== undefined) this.#ask(step.download);
        break;
      case 'later':
        this.stop();
        hear({ type: 'fetch-refused', fetch, retryAfterMs: step.seconds * 1_000 });
        break;
      case 'changed':
        this.#fail('changed');
        break;
      case 'refused':
        this.#fail(step.response.code >> 5 === 4 ? 'gone' : 'lost');
        break;
      case 'failed':
        this.#fail('lost');
        break;
    }
  }

  #fail(why: FetchFailure): void {
    this.stop();
    this.#parts.hear({ type: 'fetch-failed', fetch: this.#fetch, why });
  }
}

interface Target {
  readonly address: Address;
  readonly isSecure: boolean;
  readonly options: readonly Option[];
}

function targetOf(uri: string): Target | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, hostname, port, pathname, searchParams } = new URL(uri);
  const isSecure = protocol === 'coaps:';
  if ((protocol !== 'coap:' && !isSecure) || hostname === '') return undefined;
  const queries = [...searchParams].map(([name, value]) => textOption(OPTION.URI_QUERY, `${name}=${value}`));
  const usual = isSecure ? PORTS.coaps : PORTS.coap;
  return {
    address: { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? usual : Number(port) },
    isSecure,
    options: [...pathOptions(pathname), ...queries],
  };
}
