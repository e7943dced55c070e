// Fetches a body in blocks, also from the middle: the client side of Block2 (RFC 7959 §2.4).

import { blockBytes, decodeBlock, encodeBlock, SZX_MAX } from './block.ts';
import { CODE } from './codes.ts';
import { invariant } from './invariant.ts';
import { type Request, type Response, request } from './message.ts';
import { findOption, OPTION, type Option, uintOf, uintOption } from './options.ts';

export interface Download {
  readonly options: readonly Option[];
  readonly offset: number;
  readonly szx: number;
  /** Many devices send their first GET without a Block2 option and take the size that the server offers. */
  readonly namesFirstBlock: boolean;
  /** What the earlier blocks belonged to; as hexadecimal text. */
  readonly etag: string | undefined;
  readonly totalLength: number | undefined;
}

export interface DownloadPlan {
  readonly options: readonly Option[];
  readonly szx?: number;
  readonly namesFirstBlock?: boolean;
  /** To go on after an interruption: how much is there already, and the ETag that it had. */
  readonly offset?: number;
  readonly etag?: string | undefined;
}

export type DownloadStep =
  | {
      readonly type: 'block';
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly last: boolean;
      readonly download: Download;
    }
  /** The body is another one than the one that was begun: throw away what is there. */
  | { readonly type: 'changed' }
  /** 5.03: come again after so many seconds (RFC 7252 §5.9.3.4, default of Max-Age 60). */
  | { readonly type: 'later'; readonly seconds: number }
  | { readonly type: 'refused'; readonly response: Response }
  | { readonly type: 'failed'; readonly reason: 'wrong_block' | 'wrong_length' };

const MAX_AGE_SECONDS = 60;

export function beginDownload(plan: DownloadPlan): Download {
  const { options, szx = SZX_MAX, namesFirstBlock = true, offset = 0, etag } = plan;
  invariant(offset % blockBytes(szx) === 0, 'a download goes on at the edge of a block');
  return { options, szx, offset, namesFirstBlock, etag, totalLength: undefined };
}

export function downloadRequest({ options, offset, szx, namesFirstBlock }: Download): Request {
  if (offset === 0 && !namesFirstBlock) return request(CODE.GET, options);
  const block = encodeBlock({ number: offset / blockBytes(szx), more: false, szx });
  return request(CODE.GET, [...options, uintOption(OPTION.BLOCK2, block)]);
}

export function downloadAnswered(download: Download, response: Response): DownloadStep {
  const { options, payload, code } = response;
  if (code === CODE.UNAVAILABLE) return { type: 'later', seconds: uintOf(options, OPTION.MAX_AGE) ?? MAX_AGE_SECONDS };
  if (code !== CODE.CONTENT) return { type: 'refused', response };
  const tag = findOption(options, OPTION.ETAG);
  const etag = tag === undefined ? undefined : hexOf(tag);
  if (download.etag !== undefined && etag !== download.etag) return { type: 'changed' };
  const value = uintOf(options, OPTION.BLOCK2);
  const block = value === undefined ? { number: 0, more: false, szx: download.szx } : decodeBlock(value);
  if (block === undefined || block.szx > download.szx) return { type: 'failed', reason: 'wrong_block' };
  const size = blockBytes(block.szx);
  const { offset } = download;
  if (block.number * size !== offset) return { type: 'failed', reason: 'wrong_block' };
  if (block.more && payload.length !== size) return { type: 'failed', reason: 'wrong_length' };
  const next: Download = {
    ...download,
    szx: block.szx,
    offset: offset + payload.length,
    etag: etag ?? download.etag,
    totalLength: uintOf(options, OPTION.SIZE2) ?? download.totalLength,
  };
  return { type: 'block', offset, bytes: payload, last: !block.more, download: next };
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
