// Looking for devices in SQL: an index is walked for candidates, then those are kept that fit in every other way.
import { type RawBuilder, sql } from 'kysely';
import type { DeviceSearch, DeviceSight, DevicesFound } from '../accounts/index.ts';
import type { AccountName, Device, Imei, Instant, StateName } from '../campaigns/index.ts';
import { keyText, parsed, placeOf } from './columns.ts';
import { makeMark, silenceDayOf } from './marks.ts';
import { marksWanted, type Place, placeIn, placeText, type Walk, walkOf } from './search.ts';
import { keyTable, type Sql } from './sql.ts';

/** Candidates that are looked at for one page: some 20 µs each, so that nobody who waits for this server notices it. */
const SEARCH_ROWS_MAX = 1_000;

export async function findDevices(
  store: Sql,
  account: AccountName,
  wanted: DeviceSearch,
  { after, max }: { readonly after?: string; readonly max: number },
): Promise<DevicesFound> {
  const walk = walkOf(wanted);
  const rest = restOf(account, walk, wanted);
  const isExact = rest.length === 0;
  // Where the walk alone decides, it goes no further than the page.
  const most = isExact ? max + 1 : Math.max(SEARCH_ROWS_MAX, max + 1);
  const { rows } = await candidates(account, walk, placeIn(after), most).execute(store.read);
  const places = rows.map(({ key, imei }) => ({ key: String(key), imei }));
  const devices = await thoseThatFit(store, account, places, rest);
  const page = places.flatMap(({ imei }) => devices.get(imei) ?? []).slice(0, max);
  const lastShown = keyText(page.at(-1)?.imei ?? '');
  const last = devices.size > max ? places.find(({ imei }) => imei === lastShown) : undefined;
  const end = last ?? (rows.length === most ? rows.at(-1) : undefined);
  return end === undefined ? { devices: page } : { devices: page, next: placeText({ ...end, key: String(end.key) }) };
}

type Candidates = RawBuilder<{
  readonly key: string | number;
  readonly imei: string;
}>;

/** Beyond every character that an IMEI has. */
const END = '\u{7f}';

/** One lower bound and not two: a database may walk from the lower one of two. */
const behind = (after: string, begins: string): RawBuilder<unknown> =>
  after >= begins ? sql`imei > ${after}` : sql`imei >= ${begins}`;

function candidates(account: AccountName, walk: Walk, after: Place, max: number): Candidates {
  const limit = sql`limit ${max}`;
  switch (walk.by) {
    case 'imei':
      return sql`
        select '' as key, imei from devices
        where account = ${account} and ${behind(after.imei, walk.begins)} and imei < ${walk.begins + END}
        order by imei ${limit}`;
    case 'tail':
      return sql`
        select mark as key, imei from device_marks
        where account = ${account} and mark >= ${walk.mark} and mark < ${walk.mark + END}
          and (mark, imei) > (${after.key}, ${after.imei})
        order by mark, imei ${limit}`;
    case 'campaign':
      return sql`
        select '' as key, imei from updates
        where account = ${account} and campaign = ${walk.campaign} and imei > ${after.imei}
          ${walk.state === undefined ? sql`` : sql`and state = ${walk.state}`}
        order by imei ${limit}`;
    case 'mark':
      return sql`
        select '' as key, imei from device_marks
        where account = ${account} and mark = ${walk.mark} and imei > ${after.imei}
        order by imei ${limit}`;
    case 'silence':
      return sql`
        select day as key, imei from last_seen
        where account = ${account} and day < ${silenceDayOf(walk.until)}
          and (day, imei) > (${after.key === '' ? -1 : Number(after.key)}, ${after.imei})
        order by day, imei ${limit}`;
    case 'model':
      return sql`
        select '' as key, imei from devices
        where account = ${account} and make = ${walk.make} and model = ${walk.model} and imei > ${after.imei}
        order by imei ${limit}`;
    case 'transport':
      return sql`
        select '' as key, imei from devices
        where account = ${account} and transport = ${walk.transport} and imei > ${after.imei}
        order by imei ${limit}`;
  }
}

/** What a candidate, whose device is `d`, has to be beside what the walk says. */
function restOf(account: AccountName, walk: Walk, wanted: DeviceSearch): readonly RawBuilder<unknown>[] {
  const { begins, ends, make, model, transport, campaign, state, silentSince } = wanted;
  const marks = marksWanted(wanted).filter((mark) => !isMark(walk, mark));
  const all: readonly (false | RawBuilder<unknown>)[] = [
    walk.by !== 'imei' && begins !== undefined && sql`substr(d.imei, 1, ${sql.lit(begins.length)}) = ${begins}`,
    walk.by !== 'tail' && ends !== undefined && sql`d.imei like ${`%${ends}`}`,
    walk.by !== 'model' && make !== undefined && !isMark(walk, makeMark(make)) && sql`d.make = ${make}`,
    walk.by !== 'model' && model !== undefined && sql`d.model = ${model}`,
    walk.by !== 'transport' && transport !== undefined && sql`d.transport = ${transport}`,
    campaign !== undefined && sql`d.live_campaign = ${campaign}`,
    state !== undefined && (walk.by !== 'campaign' || campaign === undefined) && inState(state),
    walk.by !== 'silence' && silentSince !== undefined && silentBefore(silentSince),
    ...marks.map((mark) => hasMark(account, mark)),
  ];
  return all.filter((one) => one !== false);
}

const isMark = (walk: Walk, mark: string): boolean => walk.by === 'mark' && walk.mark === mark;

const hasMark = (account: AccountName, mark: string): RawBuilder<unknown> => sql`exists (
  select 1 from device_marks m where m.account = ${account} and m.mark = ${mark} and m.imei = d.imei)`;

const silentBefore = (at: Instant): RawBuilder<unknown> => sql`exists (
  select 1 from last_seen s
  where s.account = d.account and s.bucket = d.bucket and s.imei = d.imei and s.day < ${silenceDayOf(at)})`;

const inState = (state: StateName): RawBuilder<unknown> => sql`exists (
  select 1 from updates u
  where u.account = d.account and u.bucket = d.bucket and u.imei = d.imei and u.campaign = d.live_campaign
    and u.state = ${state})`;

async function thoseThatFit(
  store: Sql,
  account: AccountName,
  places: readonly Place[],
  rest: readonly RawBuilder<unknown>[],
): Promise<ReadonlyMap<string, Device>> {
  const keys = deviceTable(
    store,
    places.map(({ imei }) => ({ account, imei: imei as Imei })),
  );
  const where = rest.length === 0 ? sql`` : sql`where ${sql.join(rest, sql` and `)}`;
  const { rows } = await sql<{ readonly imei: string; readonly body: string }>`
    select d.imei, d.body from ${keys} as k
    join devices d on d.account = k.account and d.bucket = k.bucket and d.imei = k.imei ${where}`.execute(store.read);
  return new Map(rows.map(({ imei, body }) => [imei, parsed<Device>(body)]));
}

const deviceTable = (store: Sql, devices: readonly { readonly account: AccountName; readonly imei: Imei }[]) =>
  keyTable(
    store.dialect,
    devices.map(placeOf).map(({ account, bucket, imei }) => [account, bucket, imei]),
    [
      ['account', 'text'],
      ['bucket', 'integer'],
      ['imei', 'text'],
    ],
  );

interface SightRow {
  readonly imei: string;
  readonly secrets: string | null;
  readonly at: number | null;
  readonly state: StateName | null;
}

export async function deviceSights(store: Sql, devices: readonly Device[]): Promise<readonly DeviceSight[]> {
  if (devices.length === 0) return [];
  const keys = deviceTable(store, devices);
  const { rows } = await sql<SightRow>`
    select k.imei, x.body as secrets, s.at, u.state
    from ${keys} as k
    join devices d on d.account = k.account and d.bucket = k.bucket and d.imei = k.imei
    left join device_secrets x on x.account = k.account and x.bucket = k.bucket and x.imei = k.imei
    left join last_seen s on s.account = k.account and s.bucket = k.bucket and s.imei = k.imei
    left join updates u on u.account = k.account and u.bucket = k.bucket and u.imei = k.imei
      and u.campaign = d.live_campaign`.execute(store.read);
  const sights = new Map(rows.map((row) => [row.imei, sightOf(row)]));
  return devices.map(({ imei }) => sights.get(keyText(imei)) ?? { secrets: {} });
}

const sightOf = ({ secrets, at, state }: SightRow): DeviceSight => ({
  secrets: secrets === null ? {} : parsed(secrets),
  ...(at === null ? {} : { lastSeen: Number(at) as Instant }),
  ...(state === null ? {} : { state }),
});
