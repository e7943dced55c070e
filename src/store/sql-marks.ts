// The marks of devices as statements: written with a device, taken away before they change, and when it is gone.
import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Device, DeviceKey } from '../campaigns/index.ts';
import { placeOf } from './columns.ts';
import { marksOf, NEVER_SEEN, SILENCE_UNIT_MS } from './marks.ts';
import type { Statement, Target, Value } from './sql.ts';

/** The entries of a JSON list of texts. */
const listed = ({ dialect }: Pick<Target, 'dialect'>, json: RawBuilder<unknown>): RawBuilder<unknown> =>
  dialect === 'sqlite' ? sql`json_each(${json})` : sql`jsonb_array_elements_text((${json})::jsonb) as marked (value)`;

/** A statement whose text is built once: these are written with every device, and building them would cost more than running them. */
function ready(target: Target, name: keyof typeof TEXTS, parameters: readonly Value[]): Statement {
  const key = `${target.dialect} ${name}`;
  const built = BUILT.get(key) ?? TEXTS[name](target).compile(target.write);
  BUILT.set(key, built);
  return { query: { ...built, parameters } };
}

const BUILT = new Map<string, CompiledQuery>();

/** Every parameter is a null here; they are given in the order in which they stand. */
const TEXTS = {
  mark: (target: Target) => sql`
    insert into device_marks (account, mark, imei)
    select ${null}, value, ${null} from ${listed(target, sql`${null}`)} where true on conflict do nothing`,
  markNeverSeen: () => sql`
    insert into device_marks (account, mark, imei)
    select ${null}, ${null}, ${null}
    where not exists (select 1 from last_seen where account = ${null} and bucket = ${null} and imei = ${null})
    on conflict do nothing`,
  unmark: (target: Target) => sql`
    delete from device_marks
    where account = ${null} and imei = ${null} and mark in (
      select value from devices d, ${listed(target, sql`d.marks`)}
      where d.account = ${null} and d.bucket = ${null} and d.imei = ${null})`,
  unmarkNeverSeen: () => sql`delete from device_marks where account = ${null} and mark = ${null} and imei = ${null}`,
} as const;

export function markDevice(target: Target, device: Device): Statement {
  const { account, imei } = placeOf(device);
  return ready(target, 'mark', [account, imei, JSON.stringify(marksOf(device))]);
}

/** A device that was heard before it was stored is not marked. */
export function markNeverSeen(target: Target, device: DeviceKey): Statement {
  const { account, bucket, imei } = placeOf(device);
  return ready(target, 'markNeverSeen', [account, NEVER_SEEN, imei, account, bucket, imei]);
}

/** As long as its row still says which marks it has. */
export function unmarkDevice(target: Target, device: DeviceKey): Statement {
  const { account, bucket, imei } = placeOf(device);
  return ready(target, 'unmark', [account, imei, account, bucket, imei]);
}

export function unmarkNeverSeen(target: Target, device: DeviceKey): Statement {
  const { account, imei } = placeOf(device);
  return ready(target, 'unmarkNeverSeen', [account, NEVER_SEEN, imei]);
}

/** After contacts of the devices in `seen` (account, bucket, imei, at) were written. */
export function noteSeen({ write }: Target, seen: RawBuilder<unknown>): readonly Statement[] {
  const days = sql`
    update last_seen set day = last_seen.at / ${sql.lit(SILENCE_UNIT_MS)} from ${seen} as k
    where last_seen.account = k.account and last_seen.bucket = k.bucket and last_seen.imei = k.imei
      and last_seen.day <> last_seen.at / ${sql.lit(SILENCE_UNIT_MS)}`;
  const marks = sql`
    delete from device_marks where mark = ${NEVER_SEEN}
      and (account, imei) in (select k.account, k.imei from ${seen} as k)`;
  return [days, marks].map((query) => ({ query: query.compile(write) }));
}
