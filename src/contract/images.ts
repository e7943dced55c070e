// Operator API: keys that sign images, uploads that can be resumed, and how fast a campaign may be downloaded.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, text, wholeNumber, withoutNulls } from './schema.ts';
import { AccountName, InstantText, numberText, pageOf } from './shared.ts';

const PUBLIC_KEY = accepts('an Ed25519 public key: PEM, or its 32 bytes in base64');

export const NewImageKey = named(
  'NewImageKey',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        name: text(LIMITS.nameLengthMax).describe('Whose key it is, for people.'),
        publicKey: z
          .string(PUBLIC_KEY)
          .min(1, PUBLIC_KEY)
          .max(LIMITS.imageKeyLengthMax, PUBLIC_KEY)
          .describe('An Ed25519 public key: PEM, or its 32 bytes in base64.'),
      },
      accepts('an object {"name": …, "publicKey": …}'),
    ),
  ),
);
export type NewImageKey = z.infer<typeof NewImageKey>;

export const ImageKeyView = named(
  'ImageKeyView',
  z.object({
    keyId: z.string().describe('The first 16 hexadecimal digits of the SHA-256 of the key’s 32 bytes.'),
    name: z.string(),
    publicKey: z.string().describe('Its 32 bytes in base64.'),
    createdAt: InstantText,
  }),
);
export type ImageKeyView = z.infer<typeof ImageKeyView>;
export const ImageKeyPage = pageOf('ImageKeyPage', ImageKeyView);

export const ImageKeyParams = z.object({ accountName: AccountName, keyId: text(LIMITS.imageKeyIdLengthMax) });

const SHA256 = accepts('a SHA-256 of 64 hexadecimal digits');

export const NewUpload = named(
  'NewUpload',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        size: wholeNumber(1, LIMITS.imageBytesMax).describe('Bytes of the whole image.'),
        sha256: z
          .string(SHA256)
          .regex(/^[0-9a-fA-F]{64}$/, SHA256)
          .describe('What the whole image must hash to. An unfinished upload of the same image is answered again.'),
      },
      accepts('an object {"size": …, "sha256": …}'),
    ),
  ),
);
export type NewUpload = z.infer<typeof NewUpload>;

export const UploadView = named(
  'UploadView',
  z.object({
    uploadId: z.string(),
    size: z.int(),
    offset: z.int().describe('Bytes that are on disk for good; the next ones begin here.'),
    sha256: z.string(),
    expiresAt: InstantText.describe('Dropped at this time, unless more bytes come before.'),
  }),
);
export type UploadView = z.infer<typeof UploadView>;

export const UploadParams = z.object({ accountName: AccountName, uploadId: text(LIMITS.uploadIdLengthMax) });

export const AppendQuery = z.object({
  offset: numberText(0, LIMITS.imageBytesMax).describe('Where the bytes of this body begin: the offset of the upload.'),
});

/** The body of an append is not parsed: it is the bytes. */
export const ImageBytes = named('ImageBytes', z.string().meta({ contentMediaType: 'application/octet-stream' }));

const RATE_MIN = LIMITS.downloadBytesPerSecondMin;

/** How fast devices may download, all together; one name in account settings and at campaigns. */
const DownloadRate = wholeNumber(RATE_MIN, LIMITS.downloadBytesPerSecondMax);

const RATE_OR_NONE = accepts(`0, or a whole number from ${RATE_MIN} to ${LIMITS.downloadBytesPerSecondMax}`);

/** 0 takes a cap away. */
export const DownloadRateOrNone = z
  .int(RATE_OR_NONE)
  .min(0, RATE_OR_NONE)
  .max(LIMITS.downloadBytesPerSecondMax, RATE_OR_NONE)
  .refine((rate) => rate === 0 || rate >= RATE_MIN, RATE_OR_NONE);

const bandwidth = {
  downloadBytesPerSecondMax: DownloadRate.describe(
    'Bytes per second that the devices of the campaign may download over HTTP, all together. Absent: without cap.',
  ).exactOptional(),
};

export const Bandwidth = named(
  'Bandwidth',
  z.preprocess(withoutNulls, z.object(bandwidth, accepts('an object {"downloadBytesPerSecondMax": …}'))),
);
export type Bandwidth = z.infer<typeof Bandwidth>;

export const BandwidthView = named('BandwidthView', z.object(bandwidth));
export type BandwidthView = z.infer<typeof BandwidthView>;
