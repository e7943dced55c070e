// The operator's operations on image keys, resumable uploads and bandwidth, as data.

import {
  AppendQuery,
  Bandwidth,
  BandwidthView,
  ImageBytes,
  ImageKeyPage,
  ImageKeyParams,
  ImageKeyView,
  NewImageKey,
  NewUpload,
  UploadParams,
  UploadView,
} from './images.ts';
import { PackagePart, PackageView } from './inventory.ts';
import type { Operation } from './operation.ts';
import { OperatorAccountParams, OperatorCampaignParams } from './operator.ts';
import { FOR_ADMINS, FOR_OPERATORS, FOR_VIEWERS } from './roles.ts';
import { PageQuery } from './shared.ts';

const ACCOUNT = '/operator/v1/accounts/{accountName}';

const keyOperations = {
  listImageKeys: {
    ...FOR_VIEWERS,
    operationId: 'listImageKeys',
    tag: 'Image keys',
    summary: 'List the public keys by which images of an account are signed.',
    method: 'GET',
    path: `${ACCOUNT}/image-keys`,
    params: OperatorAccountParams,
    query: PageQuery,
    success: { status: 200, schema: ImageKeyPage },
  },
  addImageKey: {
    ...FOR_ADMINS,
    operationId: 'addImageKey',
    tag: 'Image keys',
    summary: 'Add an Ed25519 public key by which images are signed.',
    method: 'POST',
    path: `${ACCOUNT}/image-keys`,
    params: OperatorAccountParams,
    body: { media: 'json', schema: NewImageKey, bytesMax: 'bodyBytesMax' },
    success: { status: 201, schema: ImageKeyView },
  },
  deleteImageKey: {
    ...FOR_ADMINS,
    operationId: 'deleteImageKey',
    tag: 'Image keys',
    summary: 'Delete a public key; what only it has signed counts as unsigned from now on.',
    method: 'DELETE',
    path: `${ACCOUNT}/image-keys/{keyId}`,
    params: ImageKeyParams,
    success: { status: 204 },
  },
} as const satisfies Record<string, Operation>;

const UPLOAD = '/operator/v1/accounts/{accountName}/uploads/{uploadId}';

const uploadOperations = {
  createUpload: {
    ...FOR_OPERATORS,
    operationId: 'createUpload',
    tag: 'Uploads',
    summary: 'Begin an upload that can be resumed, or find the unfinished one of the same image.',
    method: 'POST',
    path: `${ACCOUNT}/uploads`,
    params: OperatorAccountParams,
    body: { media: 'json', schema: NewUpload, bytesMax: 'bodyBytesMax' },
    success: { status: 201, schema: UploadView },
  },
  getUpload: {
    ...FOR_VIEWERS,
    operationId: 'getUpload',
    tag: 'Uploads',
    summary: 'Tell how far an upload has come.',
    method: 'GET',
    path: UPLOAD,
    params: UploadParams,
    success: { status: 200, schema: UploadView },
  },
  appendUpload: {
    ...FOR_OPERATORS,
    operationId: 'appendUpload',
    tag: 'Uploads',
    summary: 'Append bytes at the offset of the upload; what arrived before a cut is kept.',
    method: 'PATCH',
    path: UPLOAD,
    params: UploadParams,
    query: AppendQuery,
    body: { media: 'bytes', schema: ImageBytes, bytesMax: 'imageBytesMax' },
    success: { status: 200, schema: UploadView },
  },
  finishUpload: {
    ...FOR_OPERATORS,
    operationId: 'finishUpload',
    tag: 'Uploads',
    summary: 'Check the hash of a whole upload and make it the image of a package.',
    method: 'POST',
    path: `${UPLOAD}/package`,
    params: UploadParams,
    body: { media: 'json', schema: PackagePart, bytesMax: 'bodyBytesMax' },
    success: { status: 201, schema: PackageView },
  },
  deleteUpload: {
    ...FOR_OPERATORS,
    operationId: 'deleteUpload',
    tag: 'Uploads',
    summary: 'Drop an unfinished upload.',
    method: 'DELETE',
    path: UPLOAD,
    params: UploadParams,
    success: { status: 204 },
  },
} as const satisfies Record<string, Operation>;

const BANDWIDTH = '/operator/v1/accounts/{accountName}/campaigns/{campaignId}/bandwidth';

const bandwidthOperations = {
  getBandwidth: {
    ...FOR_VIEWERS,
    operationId: 'getBandwidth',
    tag: 'Campaigns',
    summary: 'Tell how fast the devices of a campaign may download over HTTP.',
    method: 'GET',
    path: BANDWIDTH,
    params: OperatorCampaignParams,
    success: { status: 200, schema: BandwidthView },
  },
  setBandwidth: {
    ...FOR_OPERATORS,
    operationId: 'setBandwidth',
    tag: 'Campaigns',
    summary: 'Set how fast the devices of a campaign may download over HTTP; it counts within five seconds.',
    method: 'PUT',
    path: BANDWIDTH,
    params: OperatorCampaignParams,
    body: { media: 'json', schema: Bandwidth, bytesMax: 'bodyBytesMax' },
    success: { status: 200, schema: BandwidthView },
  },
} as const satisfies Record<string, Operation>;

export const IMAGE_OPERATIONS = {
  ...keyOperations,
  ...uploadOperations,
  ...bandwidthOperations,
} as const satisfies Record<string, Operation>;
