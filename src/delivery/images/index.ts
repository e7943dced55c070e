// The one door of the image store: bytes on disk, addressed by their SHA-256.
export { type ImageOptions, ImageStore, openImages } from './images.ts';
export type { Received, ReceiveResult } from './receive.ts';
