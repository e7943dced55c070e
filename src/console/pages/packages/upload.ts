// Sends an image: in pieces, so that a cut costs one piece, or in one go where the browser cannot hash it first.

import type { PackagePart, PackageView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { sizeText } from './size.ts';

export interface Progressed {
  readonly percent: number;
  readonly word: string;
}

/** Small pieces of a small image, so that it is seen to move; large ones of a large image, so that it is not slowed down. */
const PIECES = 20;
const PIECE_BYTES_MIN = 256 * 1024;
const PIECE_BYTES_MAX = 64 * 1024 * 1024;
/** The browser hashes only what it holds in memory. */
const HASHED_BYTES_MAX = 1024 * 1024 * 1024;

export async function upload(
  account: string,
  part: PackagePart,
  image: File,
  tell: (progress: Progressed) => void,
): Promise<PackageView> {
  const named: PackagePart = { fileName: image.name, ...part };
  // Browsers hash for pages that came over HTTPS, or from this machine.
  if (!window.isSecureContext || image.size > HASHED_BYTES_MAX || image.size === 0) {
    tell({ percent: 100, word: `Sending ${sizeText(image.size)} in one go` });
    return client.packages.upload(account, named, image);
  }
  tell({ percent: 0, word: 'Computing its SHA-256' });
  const sha256 = hex(await crypto.subtle.digest('SHA-256', await image.arrayBuffer()));
  const pieceBytes = Math.min(PIECE_BYTES_MAX, Math.max(PIECE_BYTES_MIN, Math.ceil(image.size / PIECES)));
  const progress = ({ offset }: { readonly offset: number }): void =>
    tell({ percent: (offset / image.size) * 100, word: `${sizeText(offset)} of ${sizeText(image.size)}` });
  progress({ offset: 0 });
  return client.uploads.package(account, named, { sha256, image }, { pieceBytes, progress });
}

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
