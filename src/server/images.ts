// Opens what belongs to images: their store, resumable uploads, the check of what lies on disk, and how fast they may leave.
import { join } from 'node:path';
import { capOf } from '../accounts/index.ts';
import type { CampaignKey } from '../campaigns/index.ts';
import { type Caps, IMAGE_LIMITS, ImageChecks, openImages, Pace, Uploads } from '../delivery/images/index.ts';
import type { Store } from '../store/index.ts';
import { systemClock, systemTimers } from './clock.ts';
import type { Log } from './log.ts';

export interface ImagesBase {
  readonly store: Store;
  readonly folder: string;
  readonly imageBytesMax: number;
  /** Other nodes have the same folder; then this one has a place of its own for uploads in progress. */
  readonly sharedAs: string | undefined;
  readonly log: Log;
}

export async function openImageParts({ store, folder, imageBytesMax, sharedAs, log }: ImagesBase) {
  const incoming = sharedAs === undefined ? {} : { incoming: join(folder, `incoming-${sharedAs}`) };
  const images = await openImages({ folder, imageBytesMax, ...incoming });
  return {
    images,
    uploads: new Uploads(join(folder, 'uploads'), images),
    checks: new ImageChecks({ store, images, clock: systemClock, timers: systemTimers, log }),
    pace: new Pace({ clock: systemClock, capsOf: (key) => capsOf(store, key) }),
  };
}

export type ImageParts = Awaited<ReturnType<typeof openImageParts>>;

async function capsOf(store: Store, { account: name, campaign: id }: CampaignKey): Promise<Caps> {
  const [account, list, nodes] = await Promise.all([
    store.account(name),
    store.accountList(name, 'bandwidth'),
    store.nodes(systemClock.now()),
  ]);
  const whole = account?.settings.downloadBytesPerSecondMax;
  const part = capOf(list, id);
  return {
    nodes: nodes.length,
    ...(whole === undefined ? {} : { account: whole }),
    ...(part === undefined ? {} : { campaign: part }),
  };
}

export const imageChores = ({ checks, uploads }: ImageParts) => [
  { name: 'look at images on disk', every: IMAGE_LIMITS.checkWalkEvery, run: () => checks.walk() },
  {
    name: 'drop uploads that nobody went on with',
    every: IMAGE_LIMITS.checkWalkEvery,
    run: () => uploads.dropIdle(systemClock.now()),
  },
];
