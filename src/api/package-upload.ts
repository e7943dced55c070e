// Reads a package upload: part `package` first, then part `image`, whose bytes are hashed as they arrive.
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { explainIssues, LIMITS, type Limits, PackagePart } from '../contract/index.ts';
import { drained, parseJson } from './body.ts';
import type { ImageIntake, ReceivedImage } from './ports.ts';
import { invalid, Refusal, refuse } from './refusal.ts';

export interface Upload {
  readonly part: PackagePart;
  readonly image: ReceivedImage;
  readonly fileName?: string;
}

const PARTS_MAX = 16;

/** Where images go, and how large they may be. */
export interface Intake {
  readonly images: ImageIntake;
  readonly limits: Limits;
}

/** `check` is asked before the first byte of the image is kept. */
export async function readUpload(
  request: FastifyRequest,
  intake: Intake,
  check: (part: PackagePart) => Refusal | undefined,
): Promise<Upload | Refusal> {
  if (!request.isMultipart()) return drained(request.raw, refuse('IMAGE_MISSING', { part: '"package"' }));
  return readForm(request, intake, (parts, source) => readParts(parts, { images: intake.images, check, source }));
}

/** Reads a multipart form; what breaks off or is malformed is refused, and so is whatever `read` refuses. */
export async function readForm<Result>(
  request: FastifyRequest,
  { limits }: Intake,
  read: (parts: AsyncIterable<Multipart>, source: Source) => Promise<Result | Refusal>,
): Promise<Result | Refusal> {
  const source = new Source();
  try {
    const parts = request.parts({
      limits: { fileSize: limits.imageBytesMax, fieldSize: LIMITS.packagePartBytesMax, parts: PARTS_MAX },
    });
    const result = await read(parts, source);
    return result instanceof Refusal ? drained(request.raw, result) : result;
  } catch (error) {
    // What the intake itself throws is no fault of the caller.
    if (source.isWhole && !isOfMultipart(error)) throw error;
    return drained(request.raw, broken(error, limits));
  }
}

interface Reader {
  readonly images: ImageIntake;
  readonly check: (part: PackagePart) => Refusal | undefined;
  readonly source: Source;
}

async function readParts(parts: AsyncIterable<Multipart>, reader: Reader): Promise<Upload | Refusal> {
  let part: PackagePart | undefined;
  let image: ReceivedImage | undefined;
  let fileName: string | undefined;
  for await (const one of parts) {
    if (one.fieldname === 'package') {
      if (part !== undefined) return invalid('part "package": given twice, accepted: once.');
      const parsed = await readPackagePart(one);
      const refused = parsed instanceof Refusal ? parsed : reader.check(parsed);
      if (refused !== undefined) return refused;
      if (!(parsed instanceof Refusal)) part = parsed;
    } else if (one.fieldname === 'image') {
      if (part === undefined) return refuse('IMAGE_MISSING', { part: '"package", which must come first' });
      if (image !== undefined) return invalid('part "image": given twice, accepted: once.');
      const kept = await readImage(one, reader);
      if (kept instanceof Refusal) return kept;
      image = kept;
      fileName = one.type === 'file' ? one.filename : undefined;
    } else if (one.type === 'file') one.file.resume();
  }
  if (part === undefined) return refuse('IMAGE_MISSING', { part: '"package"' });
  if (image === undefined) return refuse('IMAGE_MISSING', { part: '"image"' });
  return { part, image, ...(fileName === undefined ? {} : { fileName }) };
}

async function readPackagePart(one: Multipart): Promise<PackagePart | Refusal> {
  const json = one.type === 'file' ? await readPackageFile(one) : readPackageField(one.value, one.valueTruncated);
  if (json instanceof Refusal) return json;
  const parsed = PackagePart.safeParse(json.value);
  return parsed.success ? parsed.data : invalid(`part "package": ${explainIssues(parsed.error, json.value)}`);
}

const tooLarge = (): Refusal =>
  invalid(`part "package": given more than ${LIMITS.packagePartBytesMax} bytes, accepted: at most that many.`);

/** A part that calls itself JSON comes parsed. */
function readPackageField(value: unknown, isCut: boolean): { readonly value: unknown } | Refusal {
  if (isCut) return tooLarge();
  return typeof value === 'string' ? parseJson(value) : { value };
}

async function readPackageFile(one: MultipartFile): Promise<{ readonly value: unknown } | Refusal> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of one.file.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LIMITS.packagePartBytesMax) {
      one.file.resume();
      return tooLarge();
    }
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'));
}

/** The bytes of a part, kept; a part without a file name is a text field. */
export async function readImage(
  one: Multipart,
  { images, source }: Pick<Reader, 'images' | 'source'>,
): Promise<ReceivedImage | Refusal> {
  const name = one.fieldname;
  const bytes: AsyncIterable<Uint8Array> | undefined = one.type === 'file' ? one.file : undefined;
  if (bytes === undefined) return invalid(`part "${name}": given a text, accepted: a file (a part with a filename).`);
  const chunks = source.watch(bytes);
  const first = await chunks.next();
  if (first.done === true) return invalid(`part "${name}": given 0 bytes, accepted: at least 1.`);
  return images.receive(chainOf(first.value, chunks));
}

async function* chainOf(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Remembers whether the caller's bytes broke off, to tell that apart from a disk that fails. */
export class Source {
  isWhole = true;

  async *watch(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) if (chunk.length > 0) yield chunk;
    } catch (error) {
      this.isWhole = false;
      throw error;
    }
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

// Faults of the parser below the plugin carry no code, only their text.
const isOfMultipart = (error: unknown): boolean =>
  codeOf(error).startsWith('FST_') ||
  (error instanceof Error && /multipart|part terminated|form|boundary/i.test(error.message));

function broken(error: unknown, { imageBytesMax }: Limits): Refusal {
  if (codeOf(error) === 'FST_REQ_FILE_TOO_LARGE') return refuse('BODY_TOO_LARGE', { limit: imageBytesMax });
  if (codeOf(error) === 'FST_INVALID_JSON_FIELD_ERROR') {
    return invalid('part "package": given a text that is not JSON, accepted: a JSON object.');
  }
  return invalid('the body: given a multipart form that broke off or is malformed, accepted: a whole one.');
}
