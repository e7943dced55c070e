// Operator API: uploads that are resumed after a cut, and the package that a whole one becomes.
import { type AccountName, type Instant, rfc3339 } from '../campaigns/index.ts';
import { LIMITS, type UploadView } from '../contract/index.ts';
import { drained } from './body.ts';
import type { ApiContext, Handler } from './call.ts';
import { refuseSignature, storeImage } from './image-trust.ts';
import { accountOf } from './operator-accounts.ts';
import { addPackage, refuseFrom, viewOf } from './operator-packages.ts';
import type { UploadState } from './ports.ts';
import { invalid, Refusal, refuse, refuseBusy } from './refusal.ts';

const BUSY_SECONDS = 1;

const uploadView = ({ id, size, offset, sha256, expiresAt }: UploadState): UploadView => ({
  uploadId: id,
  size,
  offset,
  sha256,
  expiresAt: rfc3339(Math.round(expiresAt) as Instant),
});

const notFound = (account: AccountName, id: string): Refusal => refuse('UPLOAD_NOT_FOUND', { account, id });
const busy = (): Refusal => refuseBusy('other bytes of this upload', BUSY_SECONDS);

const createUpload: Handler<'createUpload'> = async ({ params, body }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const sha256 = body.sha256.toLowerCase();
  const state = await context.uploads.begin({ account: account.name, size: body.size, sha256 });
  return state === undefined
    ? refuse('UPLOAD_LIMIT', { account: account.name, limit: LIMITS.uploadsPerAccountMax })
    : uploadView(state);
};

const getUpload: Handler<'getUpload'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const state = await context.uploads.state(account.name, params.uploadId);
  return state === undefined ? notFound(account.name, params.uploadId) : uploadView(state);
};

const appendUpload: Handler<'appendUpload'> = async ({ params, query, request }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return drained(request.raw, account);
  const id = params.uploadId;
  let isWhole = true;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      // Leaving early must not destroy the request: its connection has yet to carry the answer.
      yield* request.raw.iterator({ destroyOnReturn: false });
    } catch (error) {
      isWhole = false;
      throw error;
    }
  }
  try {
    const result = await context.uploads.append(account.name, id, query.offset, watched());
    switch (result.is) {
      case 'appended':
        return uploadView(result.state);
      case 'unknown':
        return drained(request.raw, notFound(account.name, id));
      case 'busy':
        return drained(request.raw, busy());
      case 'too-long':
        return drained(request.raw, refuse('UPLOAD_TOO_LONG', { id, size: result.state.size }));
      case 'wrong-offset': {
        const { offset, size } = result.state;
        return drained(request.raw, refuse('UPLOAD_OFFSET_WRONG', { id, offset, size, given: query.offset }));
      }
    }
  } catch (error) {
    if (isWhole) throw error;
    return invalid('the body: given bytes that broke off, accepted: the rest, from the offset that GET tells.');
  }
};

const finishUpload: Handler<'finishUpload'> = async ({ params, body }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const id = params.uploadId;
  const wrong = refuseFrom(body);
  if (wrong !== undefined) return wrong;
  const state = await context.uploads.state(account.name, id);
  // One whose answer was lost has become a package; its id tells of which image.
  if (state === undefined)
    return (await packageOfUpload(account.name, body.name, id, context)) ?? notFound(account.name, id);
  const unsigned = await refuseSignature(account.name, { sha256: state.sha256, signature: body.signature }, context);
  if (unsigned !== undefined) return unsigned;
  const result = await context.uploads.finish(account.name, id);
  switch (result.is) {
    case 'unknown':
      return notFound(account.name, id);
    case 'busy':
      return busy();
    case 'incomplete':
      return refuse('UPLOAD_INCOMPLETE', { id, offset: result.state.offset, size: result.state.size });
    case 'wrong-hash':
      return refuse('UPLOAD_HASH_WRONG', { id, found: result.found, sha256: result.state.sha256 });
    case 'finished':
      await storeImage(result.image, context);
      return addPackage(account.name, { part: body, image: result.image }, context);
  }
};

async function packageOfUpload(account: AccountName, name: string, id: string, context: ApiContext) {
  const pack = await context.store.package(account, name);
  if (pack === undefined) return undefined;
  const { sha256, size } = pack.image;
  return context.uploads.idOf({ account, size, sha256 }) === id ? viewOf(pack, context) : undefined;
}

const deleteUpload: Handler<'deleteUpload'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const isDropped = await context.uploads.drop(account.name, params.uploadId);
  return isDropped ? undefined : notFound(account.name, params.uploadId);
};

export const UPLOAD_HANDLERS = { createUpload, getUpload, appendUpload, finishUpload, deleteUpload } as const;
