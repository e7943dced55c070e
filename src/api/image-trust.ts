// What is known of the image of a package: who signed it, what the last look at its bytes found, and whether it may be scheduled.
import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { type Account, type ImageKey, type Package, refuseImage, signerOf, type Verify } from '../accounts/index.ts';
import { type AccountName, rfc3339 } from '../campaigns/index.ts';
import type { PackageView } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import type { ReceivedImage } from './ports.ts';
import { type Refusal, refuse } from './refusal.ts';

const KEY_BYTES = 32;
/** RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** RFC 8032, over the 32 bytes of the SHA-256: an image of any length is signed without being held in memory. */
const verify: Verify = (publicKey, signature, sha256) =>
  verifySignature(null, Buffer.from(sha256, 'hex'), keyObject(Buffer.from(publicKey, 'base64')), bytesOf(signature));

const keyObject = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });

/** Base64 or base64url. */
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

export type ReadKey =
  | { readonly ok: true; readonly id: string; readonly publicKey: string }
  | { readonly ok: false; readonly why: string };

/** PEM, or the 32 bytes in base64. */
export function readPublicKey(text: string): ReadKey {
  const raw = text.includes('-----') ? fromPem(text) : fromBase64(text.trim());
  if (typeof raw === 'string') return { ok: false, why: raw };
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 16);
  return { ok: true, id, publicKey: raw.toString('base64') };
}

function fromPem(text: string): Buffer | string {
  // Told before it is parsed: a public key could be derived from a private one, which should never have been sent.
  if (text.includes('PRIVATE KEY')) return 'given a private key (whoever sees it can sign, replace it)';
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType !== 'ed25519') return `given a key of type ${key.asymmetricKeyType ?? 'unknown'}`;
    return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  } catch {
    return 'given a PEM that cannot be read';
  }
}

function fromBase64(text: string): Buffer | string {
  const raw = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? bytesOf(text) : Buffer.alloc(0);
  return raw.length === KEY_BYTES ? raw : `given ${raw.length} bytes in base64`;
}

export const keysOf = async (account: AccountName, { store }: ApiContext): Promise<readonly ImageKey[]> =>
  (await store.accountList(account, 'imageKeys')).keys;

/** A signature that fits no key is a mistake, also where none is required. */
export async function refuseSignature(
  account: AccountName,
  { sha256, signature }: { readonly sha256: string; readonly signature: string | undefined },
  context: ApiContext,
): Promise<Refusal | undefined> {
  if (signature === undefined) return undefined;
  const keys = await keysOf(account, context);
  const fits = keys.some(({ publicKey }) => verify(publicKey, signature, sha256));
  return fits ? undefined : refuse('IMAGE_SIGNATURE_WRONG', { account, sha256 });
}

/** Asked when a campaign is scheduled: neither an unsigned image nor a damaged one may go to devices. */
export async function refuseToSchedule(
  account: Account,
  pack: Package,
  context: ApiContext,
): Promise<Refusal | undefined> {
  const requireSigned = account.settings.requireSignedImages === true;
  const image = await context.store.image(pack.image.sha256);
  const keys = requireSigned ? await keysOf(account.name, context) : [];
  const refused = refuseImage(pack, { image, keys, requireSigned }, verify);
  if (refused === undefined) return undefined;
  const { name } = pack;
  return refused.is === 'damaged'
    ? refuse('IMAGE_DAMAGED', { name, at: rfc3339(refused.at), found: refused.found })
    : refuse('IMAGE_NOT_SIGNED', { account: account.name, name, why: refused.why });
}

/** The image's row, once its bytes are on disk: whatever was wrong with them before is mended. */
export async function storeImage(image: ReceivedImage, { store, clock }: ApiContext): Promise<void> {
  const { sha256, sha1, md5, size } = image;
  const now = clock.now();
  await store.insertImage({ sha256, sha1, md5, size, createdAt: now });
  const stored = await store.image(sha256);
  if (stored?.check?.found !== undefined) await store.noteImageCheck(sha256, { at: now });
}

/** The part of a package's view that tells of its image. */
export async function imageView(
  pack: Package,
  keys: readonly ImageKey[],
  { store }: ApiContext,
): Promise<Pick<PackageView, 'image' | 'signedBy'>> {
  const check = (await store.image(pack.image.sha256))?.check;
  const signer = signerOf(pack, keys, verify);
  return {
    ...(signer === undefined ? {} : { signedBy: signer.id }),
    image:
      check === undefined
        ? { state: 'unchecked' }
        : {
            state: check.found === undefined ? 'good' : 'damaged',
            checkedAt: rfc3339(check.at),
            ...(check.found === undefined ? {} : { found: check.found }),
          },
  };
}
