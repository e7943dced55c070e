// The multipart body of an upload: of a package, first the part `package`, then the part `image`; of a file, its fields first.

import type { Given } from './http.ts';
import type { PackagePart } from './wire.gen.ts';

export type Image = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array>;

export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | ReadableStream<Uint8Array>;
}

export function uploadBody(part: Given<PackagePart>, image: Image): UploadBody {
  const json = JSON.stringify(part);
  if (image instanceof ReadableStream) return streamedBody(json, image);
  const form = new FormData();
  form.append('package', json);
  form.append('image', image instanceof Blob ? image : new Blob([image as ArrayBuffer]), 'image');
  // The platform writes the content type itself, with its boundary.
  return { headers: {}, body: form };
}

export interface NamedFile {
  /** The server makes the name of the file from this one. */
  readonly name: string;
  readonly bytes: Exclude<Image, ReadableStream>;
}

/** The fields come before the bytes, so that a server can judge them first. */
export function fileForm(fields: Readonly<Record<string, string>>, { name, bytes }: NamedFile): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('fileupload', bytes instanceof Blob ? bytes : new Blob([bytes as ArrayBuffer]), name);
  return form;
}

/** RFC 7578 by hand, because a FormData cannot hold a stream. */
function streamedBody(json: string, image: ReadableStream<Uint8Array>): UploadBody {
  // The platform's own boundary of an empty form is random, which keeps it out of the image.
  const contentType = new Response(new FormData()).headers.get('content-type') ?? '';
  const boundary = contentType.split('boundary=')[1] ?? '';
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\ncontent-disposition: form-data; name="package"\r\n\r\n${json}\r\n` +
      `--${boundary}\r\ncontent-disposition: form-data; name="image"; filename="image"\r\n` +
      'content-type: application/octet-stream\r\n\r\n',
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  return { headers: { 'content-type': contentType }, body: framed(head, image, tail) };
}

function framed(head: Uint8Array, image: ReadableStream<Uint8Array>, tail: Uint8Array): ReadableStream<Uint8Array> {
  const reader = image.getReader();
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (!done) {
        controller.enqueue(value);
        return;
      }
      controller.enqueue(tail);
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
