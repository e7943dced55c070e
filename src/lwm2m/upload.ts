// Sends a body in blocks and asks its owner for each of them: the client side of Block1 (RFC 7959 §2.5, §2.9).

import { type Block, blockBytes, decodeBlock, encodeBlock, SZX_MAX } from './block.ts';
import { CODE, isSuccessCode } from './codes.ts';
import { invariant } from './invariant.ts';
import { LIMITS } from './limits.ts';
import { type Request, type Response, request } from './message.ts';
import { OPTION, type Option, uintOf, uintOption } from './options.ts';

export interface Upload {
  readonly code: number;
  /** Path, Content-Format and whatever else goes with each block. */
  readonly options: readonly Option[];
  readonly length: number;
  readonly szx: number;
  readonly offset: number;
  readonly restarts: number;
}

export interface UploadPlan {
  readonly code: number;
  readonly options: readonly Option[];
  readonly length: number;
  readonly szx?: number;
  /** A block that the peer is known to have everything before of. */
  readonly offset?: number;
}

export type UploadStep =
  | { readonly type: 'next'; readonly upload: Upload }
  /** The peer has lost what it had: from the first byte again. Look first whether the device must be reset before. */
  | { readonly type: 'restart'; readonly upload: Upload }
  /** The answer to the whole; its code says whether it is good. */
  | { readonly type: 'finished'; readonly response: Response }
  | { readonly type: 'failed'; readonly reason: UploadFailure; readonly response: Response };

export type UploadFailure = 'too_large' | 'restarted_too_often' | 'wrong_block' | 'ended_early';

export function beginUpload({ code, options, length, szx = SZX_MAX, offset = 0 }: UploadPlan): Upload {
  invariant(offset % blockBytes(szx) === 0, 'an upload begins at the edge of a block');
  return { code, options, length, szx, offset, restarts: 0 };
}

/** The bytes that the next request carries. */
export function neededBlock({ offset, length, szx }: Upload): { readonly offset: number; readonly length: number } {
  return { offset, length: Math.min(blockBytes(szx), length - offset) };
}

export function uploadRequest(upload: Upload, bytes: Uint8Array): Request {
  const { code, options, length, szx, offset } = upload;
  const size = blockBytes(szx);
  invariant(bytes.length === neededBlock(upload).length, 'a block is as long as it was asked for');
  if (length <= size && offset === 0) return request(code, options, bytes);
  const block = encodeBlock({ number: offset / size, more: offset + bytes.length < length, szx });
  const withBlock = [...options, uintOption(OPTION.BLOCK1, block)];
  // RFC 7959 §4: the size is told with the first block, so that a device without the room says so at once.
  if (offset === 0) withBlock.push(uintOption(OPTION.SIZE1, length));
  return request(code, withBlock, bytes);
}

/** What the response to the request of this `upload` leads to. */
export function uploadAnswered(upload: Upload, response: Response): UploadStep {
  const { offset, length, szx } = upload;
  const value = uintOf(response.options, OPTION.BLOCK1);
  const block = value === undefined ? undefined : decodeBlock(value);
  if (response.code === CODE.TOO_LARGE) return tooLarge(upload, block, response);
  if (response.code === CODE.INCOMPLETE) return restart(upload, szx, response);
  const last = offset + neededBlock(upload).length >= length;
  const goesOn = response.code === CODE.CONTINUE || (isSuccessCode(response.code) && !last);
  if (!goesOn) return { type: 'finished', response };
  if (last) return { type: 'failed', reason: 'wrong_block', response };
  // A success in the middle that does not name the block is the end, for a peer that does not know what blocks are.
  if (block === undefined && response.code !== CODE.CONTINUE)
    return { type: 'failed', reason: 'ended_early', response };
  if (block !== undefined && block.number !== offset / blockBytes(szx)) {
    return { type: 'failed', reason: 'wrong_block', response };
  }
  // RFC 7959 §2.5, figure 8: the block sent was taken whole; only from the next one on does the smaller size count.
  const nextSzx = Math.min(szx, block?.szx ?? szx);
  return { type: 'next', upload: { ...upload, offset: offset + blockBytes(szx), szx: nextSzx } };
}

/** RFC 7959 §2.9.3: with a smaller size in it, 4.13 speaks of the block, not of the body. */
function tooLarge(upload: Upload, block: Block | undefined, response: Response): UploadStep {
  if (block === undefined || block.szx >= upload.szx) return { type: 'failed', reason: 'too_large', response };
  if (upload.offset === 0) return { type: 'next', upload: { ...upload, szx: block.szx } };
  return restart(upload, block.szx, response);
}

function restart(upload: Upload, szx: number, response: Response): UploadStep {
  if (upload.restarts >= LIMITS.uploadRestartsMax) return { type: 'failed', reason: 'restarted_too_often', response };
  return { type: 'restart', upload: { ...upload, szx, offset: 0, restarts: upload.restarts + 1 } };
}
