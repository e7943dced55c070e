// How a poll, an action and a cancellation look on the wire (hawkBit DDI).
import {
  type DdiAction,
  type DeviceKey,
  type DeviceSnapshot,
  ddiView,
  hashOf,
  type Instant,
  type PackageFacts,
} from '../../campaigns/index.ts';
import { type DdiCancel, type DdiDeployment, type DdiPoll, ddiSleep } from '../../contract/index.ts';
import { DDI_LIMITS } from './limits.ts';
import type { DdiParts, DdiStore } from './ports.ts';

export const baseOf = (parts: DdiParts, { account, imei }: DeviceKey): string =>
  `${parts.publicHttpUrl().replace(/\/+$/, '')}/${account}/controller/v1/${imei}`;

/** The poll's answer: links only to what may happen now. */
export function renderPoll(seen: DeviceSnapshot, base: string, pollSeconds: number, now: Instant): DdiPoll {
  const { action, confirm, cancel, wantsAttributes } = ddiView(seen, now);
  const { installed } = seen.device;
  const links: NonNullable<DdiPoll['_links']> = {
    ...(wantsAttributes ? { configData: { href: `${base}/configData` } } : {}),
    ...(action === undefined
      ? {}
      : { deploymentBase: { href: `${base}/deploymentBase/${action.attempt.actionId}?c=${changeOf(action)}` } }),
    ...(confirm === undefined
      ? {}
      : { confirmationBase: { href: `${base}/confirmationBase/${confirm.attempt.actionId}?c=${changeOf(confirm)}` } }),
    ...(cancel === undefined ? {} : { cancelAction: { href: `${base}/cancelAction/${cancel.actionId}` } }),
    ...(installed === undefined ? {} : { installedBase: { href: `${base}/installedBase/${installed.actionId}` } }),
  };
  const config = { polling: { sleep: ddiSleep(pollSeconds) } };
  return Object.keys(links).length === 0 ? { config } : { config, _links: links };
}

/** Clients read an action again only when its link has changed (devices.md). */
export const changeOf = ({ attempt, download, update, maintenance }: DdiAction): number =>
  hashOf([attempt.actionId, attempt.token, download, update, maintenance].join(' '));

export interface Shown {
  readonly actionId: number;
  readonly download: DdiAction['download'];
  readonly update: DdiAction['update'];
  readonly maintenance: DdiAction['maintenance'];
  readonly package: PackageFacts;
  /** Absent: the image is not to be fetched any more. */
  readonly token?: string;
  readonly finished?: boolean;
}

/** Undefined when the image's other hashes are not known. */
export async function renderDeployment(
  parts: DdiParts,
  key: DeviceKey,
  shown: Shown,
): Promise<DdiDeployment | undefined> {
  const { package: pack } = shown;
  const facts = await parts.store.image(pack.image.sha256);
  if (facts === undefined) return undefined;
  const filename = await fileNameOf(parts.store, key, pack);
  const { sha1, md5 } = facts;
  const artifact = {
    filename,
    hashes: { sha1, md5, sha256: pack.image.sha256 },
    size: pack.image.size,
    _links: shown.token === undefined ? {} : linksOf(parts.publicHttpUrl().replace(/\/+$/, ''), shown.token),
  };
  const part = pack.kind === 'firmware' ? 'os' : 'bApp';
  return {
    id: String(shown.actionId),
    deployment: {
      download: shown.download,
      update: shown.update,
      maintenanceWindow: shown.maintenance,
      chunks: [{ part, version: pack.to, name: pack.name, artifacts: [artifact] }],
    },
    ...(shown.finished === true ? { actionHistory: { status: 'FINISHED', messages: [] } } : {}),
  };
}

/** `download` is https by hawkBit's contract, `download-http` is not. Short, so that one artifact fits into 1 KB (engine.md §5). */
function linksOf(
  origin: string,
  token: string,
): DdiDeployment['deployment']['chunks'][number]['artifacts'][number]['_links'] {
  const image = { href: `${origin}/f/${token}` };
  const sums = { href: `${origin}/f/${token}.MD5SUM` };
  return origin.startsWith('https:')
    ? { download: image, md5sum: sums }
    : { 'download-http': image, 'md5sum-http': sums };
}

/** The name it was uploaded by, because clients choose what to do by its ending. */
export async function fileNameOf(
  store: DdiStore,
  { account }: Pick<DeviceKey, 'account'>,
  pack: PackageFacts,
): Promise<string> {
  const stored = await store.package(account, pack.name);
  const name = stored?.fileName ?? `${pack.name}-${pack.to}.bin`;
  return name.replace(/[^\w.+-]+/g, '_').slice(-DDI_LIMITS.fileNameLengthMax);
}

/** Id and stop id are the number of the action itself (devices.md). */
export const renderCancel = (actionId: number): DdiCancel => ({
  id: String(actionId),
  cancelAction: { stopId: String(actionId) },
});
