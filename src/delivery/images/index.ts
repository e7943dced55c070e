// The one door of the image store: bytes on disk, addressed by their SHA-256.
export { ImageChecks } from './check.ts';
export { type ImageOptions, ImageStore, openImages } from './images.ts';
export { IMAGE_LIMITS } from './limits.ts';
export { type Caps, Pace } from './pace.ts';
export type { Received, ReceiveResult } from './receive.ts';
export { Uploads, uploadIdOf } from './uploads.ts';
