// What of each row is kept in columns, beside the JSON of the whole row.
import { deflateSync, inflateSync } from 'node:zlib';
import {
  bucketOf,
  type Campaign,
  type Device,
  type DeviceIntent,
  type DeviceKey,
  type Entry,
  isAwake,
  isOver,
  type Update,
} from '../campaigns/index.ts';
import { deviceOfIntent, readyAtOf, tokenOf } from './derived.ts';
import { marksOf } from './marks.ts';
import type { Columns, DevicePlace } from './schema.ts';

/**
 * A text as a key column holds it. A line of a device list may be anything; PostgreSQL takes no NUL, and half a
 * surrogate pair has no bytes.
 */
export const keyText = (text: string): string => (/[\0\p{Surrogate}]/u.test(text) ? JSON.stringify(text) : text);

export const placeOf = ({ account, imei }: DeviceKey): DevicePlace => ({
  account,
  bucket: bucketOf(imei),
  imei: keyText(imei),
});

export const updateColumns = (row: Update): Columns<'updates'> => ({
  ...placeOf(row),
  campaign: row.campaign,
  revision: row.revision,
  state: row.state.name,
  stratum: row.stratum,
  awake: row.awake ? 1 : 0,
  attempts: row.attempts,
  hash: row.hash,
  ready_at: readyAtOf(row) ?? null,
  token: tokenOf(row) ?? null,
  next_action_at: row.nextActionAt ?? null,
  // Whoever claimed it has been heard; its next time counts from now on.
  claimed_until: null,
  body: JSON.stringify(row),
});

export const deviceColumns = (row: Device): Columns<'devices'> => ({
  ...placeOf(row),
  revision: row.revision,
  make: row.make ?? null,
  model: row.model ?? null,
  transport: row.transport,
  awake: isAwake(row) ? 1 : 0,
  node: row.registration?.node ?? null,
  endpoint: endpointOf(row),
  live_campaign: row.liveCampaign ?? null,
  marks: JSON.stringify(marksOf(row)),
  registered_until: row.registration?.expiresAt ?? null,
  body: JSON.stringify(row),
});

const endpointOf = ({ registration }: Device): string | null =>
  registration === undefined ? null : keyText(registration.endpoint);

export const campaignColumns = (row: Campaign): Omit<Columns<'campaigns'>, 'lease_node' | 'lease_until'> => ({
  account: row.account,
  id: row.id,
  revision: row.revision,
  phase: row.phase.name,
  generation: row.generation,
  adding: row.autoAddDevices && !isOver(row.phase) ? 1 : 0,
  next_action_at: row.nextActionAt ?? null,
  body: JSON.stringify(row),
});

export const entryColumns = (entry: Entry): Columns<'entries'> => ({
  account: entry.account,
  campaign: entry.campaign,
  imei: entry.imei === undefined ? null : keyText(entry.imei),
  body: JSON.stringify(entry),
  sequence: null,
  text: null,
  hash: null,
});

export function outboxColumns(intent: DeviceIntent): Columns<'outbox'> {
  const device = deviceOfIntent(intent);
  const { account, campaign } =
    intent.kind === 'ask'
      ? { account: intent.device.account, campaign: null }
      : intent.kind === 'clean-up'
        ? { account: intent.device.account, campaign: intent.campaign }
        : intent.update;
  return {
    kind: intent.kind,
    account,
    campaign,
    imei: keyText(device.imei),
    number: null,
    body: JSON.stringify(intent),
    claims: 0,
    claimed_by: null,
    claimed_until: null,
  };
}

export const packIntake = (imeis: readonly string[]): Uint8Array => deflateSync(JSON.stringify(imeis));
export const unpackIntake = (body: Uint8Array): readonly string[] => JSON.parse(inflateSync(body).toString('utf8'));

/** A stored row: JSON that this program wrote itself. */
export const parsed = <Row>(body: string): Row => JSON.parse(body);
