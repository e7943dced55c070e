// Operator API: the keys by which images are signed, and how fast campaigns may be downloaded.
import { type BandwidthList, capOf, capped, type ImageKey, type ImageKeyList } from '../accounts/index.ts';
import { type AccountName, type CampaignId, isOver, rfc3339 } from '../campaigns/index.ts';
import { type BandwidthView, type ImageKeyView, LIMITS } from '../contract/index.ts';
import type { ApiContext, Handler } from './call.ts';
import { keysOf, readPublicKey } from './image-trust.ts';
import { accountOf } from './operator-accounts.ts';
import { readPage } from './page.ts';
import { Refusal, refuse, refuseBusy } from './refusal.ts';

const STALE_TRIES_MAX = 8;
const STALE_RETRY_SECONDS = 1;

/** Changes a list of an account; another change at the same time is no harm. */
async function change<List extends ImageKeyList | BandwidthList>(
  read: () => Promise<List>,
  next: (list: List) => List | Refusal | Promise<List | Refusal>,
  { store }: ApiContext,
): Promise<List | Refusal> {
  for (let tries = 0; tries < STALE_TRIES_MAX; tries += 1) {
    const changed = await next(await read());
    if (changed instanceof Refusal || (await store.replaceAccountList(changed))) return changed;
  }
  return refuseBusy('other changes of the same list', STALE_RETRY_SECONDS);
}

const keyView = ({ id, name, publicKey, createdAt }: ImageKey): ImageKeyView => ({
  keyId: id,
  name,
  publicKey,
  createdAt: rfc3339(createdAt),
});

const addImageKey: Handler<'addImageKey'> = async ({ params, body }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const read = readPublicKey(body.publicKey);
  if (!read.ok) return refuse('IMAGE_KEY_INVALID', { why: read.why });
  const key: ImageKey = {
    id: read.id,
    name: body.name,
    publicKey: read.publicKey,
    createdAt: context.clock.now(),
  };
  const limit = LIMITS.imageKeysPerAccountMax;
  const changed = await change(
    () => context.store.accountList(account.name, 'imageKeys'),
    (list) => {
      if (list.keys.some(({ id }) => id === key.id)) {
        return refuse('IMAGE_KEY_EXISTS', { account: account.name, keyId: key.id });
      }
      if (list.keys.length >= limit) return refuse('IMAGE_KEY_LIMIT', { account: account.name, limit });
      return { ...list, keys: [...list.keys, key] };
    },
    context,
  );
  return changed instanceof Refusal ? changed : keyView(key);
};

const listImageKeys: Handler<'listImageKeys'> = async ({ params, query }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const keys = [...(await keysOf(account.name, context))].sort((one, other) => (one.id < other.id ? -1 : 1));
  const { rows, next } = await readPage(
    query,
    async ({ after = '', max }) => keys.filter(({ id }) => id > after).slice(0, max),
    ({ id }) => id,
  );
  return { items: rows.map(keyView), ...next };
};

const deleteImageKey: Handler<'deleteImageKey'> = async ({ params }, context) => {
  const account = await accountOf(params.accountName, context);
  if (account instanceof Refusal) return account;
  const { keyId } = params;
  const changed = await change(
    () => context.store.accountList(account.name, 'imageKeys'),
    (list) =>
      list.keys.some(({ id }) => id === keyId)
        ? { ...list, keys: list.keys.filter(({ id }) => id !== keyId) }
        : refuse('IMAGE_KEY_NOT_FOUND', { account: account.name, keyId }),
    context,
  );
  return changed instanceof Refusal ? changed : undefined;
};

const bandwidthView = (bytesPerSecond: number | undefined): BandwidthView =>
  bytesPerSecond === undefined ? {} : { downloadBytesPerSecondMax: bytesPerSecond };

interface CampaignPath {
  readonly accountName: string;
  readonly campaignId: string;
}

async function campaignOf({ accountName, campaignId }: CampaignPath, context: ApiContext) {
  const account = await accountOf(accountName, context);
  if (account instanceof Refusal) return account;
  const key = { account: account.name, campaign: campaignId as CampaignId };
  return (await context.store.campaign(key)) ?? refuse('CAMPAIGN_UNKNOWN', { id: campaignId, account: account.name });
}

const getBandwidth: Handler<'getBandwidth'> = async ({ params }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  return bandwidthView(capOf(await context.store.accountList(campaign.account, 'bandwidth'), campaign.id));
};

const setBandwidth: Handler<'setBandwidth'> = async ({ params, body }, context) => {
  const campaign = await campaignOf(params, context);
  if (campaign instanceof Refusal) return campaign;
  const { account, id } = campaign;
  const rate = body.downloadBytesPerSecondMax;
  const limit = LIMITS.bandwidthCapsPerAccountMax;
  const changed = await change(
    () => context.store.accountList(account, 'bandwidth'),
    async (list) => {
      const next = capped(list, id, rate);
      if (next.caps.length <= limit) return next;
      const live = await withoutEnded(next, account, context);
      return live.caps.length <= limit ? live : refuse('BANDWIDTH_CAP_LIMIT', { account, limit });
    },
    context,
  );
  return changed instanceof Refusal ? changed : bandwidthView(rate);
};

/** Campaigns that are over need no cap any more. */
async function withoutEnded(list: BandwidthList, account: AccountName, { store }: ApiContext): Promise<BandwidthList> {
  const campaigns = await Promise.all(list.caps.map(({ campaign }) => store.campaign({ account, campaign })));
  return {
    ...list,
    caps: list.caps.filter((_, place) => {
      const campaign = campaigns[place];
      return campaign !== undefined && !isOver(campaign.phase);
    }),
  };
}

export const IMAGE_HANDLERS = { addImageKey, listImageKeys, deleteImageKey, getBandwidth, setBandwidth } as const;
