// What a simulation is made from, read page by page: devices with their contacts, updates, earlier installations.
import { ACCOUNT_SCOPE, type Account, profileOf } from '../accounts/index.ts';
import type { PageRequest } from '../accounts/ports.ts';
import {
  type AccountAllowance,
  admitDry,
  assumedContacts,
  type Campaign,
  type Candidate,
  type Chance,
  contactsOf,
  type Device,
  type Duration,
  fullArrivals,
  type Imei,
  InstallTimes,
  instant,
  isFinal,
  LabelSets,
  parseImei,
  type RefusedDevices,
  refusedTogether,
  SIMULATION_LIMITS,
  type SimulatedDevice,
  type SimulationFacts,
  seconds,
  seededChance,
  slimDevice,
  type Update,
} from '../campaigns/index.ts';
import type { ApiContext } from './call.ts';
import { everyPage } from './page.ts';

const ROWS = 500;
/** Earlier campaigns, and lines of each ledger, from which is learnt how long installations take. */
const CAMPAIGNS_LEARNT = 3;
const LINES_LEARNT = 2_000;

/** Draws so many of a stream, each with the same chance, by Vitter's algorithm R. */
class Drawn<Item> {
  readonly items: Item[] = [];
  readonly #chance: Chance;
  count = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  add(item: Item): void {
    this.count += 1;
    if (this.items.length < SIMULATION_LIMITS.devicesMax) {
      this.items.push(item);
      return;
    }
    const place = Math.floor(this.#chance() * this.count);
    if (place < this.items.length) this.items[place] = item;
  }
}

export interface Subject {
  readonly account: Account;
  readonly campaign: Campaign;
  readonly failurePercent: number;
  readonly seed: number;
}

export interface Gathered {
  readonly facts: SimulationFacts;
  readonly refused: readonly RefusedDevices[];
}

/** IMEIs of a list, or of every device that the package is for and the filter lets through. */
export async function drawDevices(
  { account, campaign, seed }: Subject,
  which: { readonly imeis?: readonly string[]; readonly labels?: Readonly<Record<string, string>> },
  { store }: ApiContext,
): Promise<Drawn<string>> {
  const drawn = new Drawn<string>(seededChance(seed));
  if (which.imeis !== undefined) {
    for (const imei of new Set(which.imeis)) drawn.add(imei);
    return drawn;
  }
  const { make, model } = campaign.package;
  const wanted = Object.entries(which.labels ?? {});
  const pages = everyPage(
    ROWS,
    (page) => store.devicesOf(account.name, make, model, page),
    ({ imei }) => imei,
  );
  for await (const page of pages)
    for (const { imei, labels, transport } of page)
      if (transport === campaign.transport && wanted.every(([key, value]) => labels[key] === value)) drawn.add(imei);
  return drawn;
}

/** Updates of a campaign that are not final, and what of its list admission has not looked at. */
export async function drawUpdates({ campaign, seed }: Subject, { store }: ApiContext) {
  const key = { account: campaign.account, campaign: campaign.id };
  const drawn = new Drawn<Update | string>(seededChance(seed));
  const read = (page: PageRequest) => store.updates(key, page);
  for await (const page of everyPage(ROWS, read, ({ imei }) => imei))
    for (const update of page) if (!isFinal(update.state)) drawn.add(update);
  if (campaign.intakePending)
    for (const { imeis } of await store.loadIntakeAll(key)) for (const imei of imeis) drawn.add(imei);
  return drawn;
}

export async function gather(subject: Subject, drawn: Drawn<Update | string>, context: ApiContext): Promise<Gathered> {
  const { campaign, account } = subject;
  const now = context.clock.now();
  const key = { account: campaign.account, campaign: campaign.id };
  const labels = new LabelSets();
  const install = await installTimes(subject, context);
  const devices: SimulatedDevice[] = [];
  const refused: RefusedDevices[] = [];
  for (let at = 0; at < drawn.items.length; at += ROWS) {
    const page = drawn.items.slice(at, at + ROWS);
    const read = await pageOf(page, key, campaign, context);
    refused.push(...read.refused);
    const contacts = await context.store.contactsOf(
      account.name,
      read.devices.map(({ device }) => device.imei),
    );
    const pollEvery = seconds(account.settings.pollSeconds);
    for (const { device, update } of read.devices)
      devices.push({
        device: slimDevice(device, campaign.package, labels),
        profile: profileOf(account.settings, device),
        contacts: rhythmOf(device, contacts.get(device.imei), pollEvery),
        ...(install === undefined ? {} : { install }),
        ...(update === undefined ? {} : { update }),
      });
    await context.pause();
  }
  const factor = drawn.count / Math.max(1, drawn.items.length);
  const steward = await context.store.loadSteward(key, now);
  const nodes = await context.store.nodes(now);
  const { allowance = allowanceOf(account), kept } = steward ?? {};
  return {
    refused: refusedTogether(refused).map((one) => ({ ...one, devices: Math.round(one.devices * factor) })),
    facts: {
      now,
      campaign,
      devices,
      nodes: Math.max(1, nodes.length),
      failureChance: subject.failurePercent / 100,
      chanceOf: (play) => seededChance(subject.seed + play * 7_919),
      labelCaps: account.settings.arrivalCaps?.labels ?? {},
      kept,
      allowance,
      ...(factor === 1 ? {} : { sampledOf: Math.round(devices.length * factor) }),
    },
  };
}

/** Of an account that has begun nothing of late. */
function allowanceOf({ name, settings }: Account): AccountAllowance | undefined {
  const perMinute = settings.arrivalCaps?.perMinute;
  if (perMinute === undefined) return undefined;
  const { level, at } = fullArrivals(perMinute, instant(0));
  return { row: { account: name, scope: ACCOUNT_SCOPE, revision: 0, level, at }, perMinute };
}

function rhythmOf(device: Device, seen: Parameters<typeof contactsOf>[1] | undefined, pollEvery: Duration) {
  return seen === undefined ? assumedContacts(device.transport, pollEvery) : contactsOf(device, seen, pollEvery);
}

interface Page {
  readonly devices: readonly { readonly device: Device; readonly update?: Update }[];
  readonly refused: readonly RefusedDevices[];
}

async function pageOf(
  page: readonly (Update | string)[],
  key: { readonly account: Campaign['account']; readonly campaign: Campaign['id'] },
  campaign: Campaign,
  { store, clock }: ApiContext,
): Promise<Page> {
  const updates = page.filter((one) => typeof one !== 'string');
  const fresh = page.filter((one) => typeof one === 'string');
  const known = await store.devicesByImei(
    key.account,
    updates.map(({ imei }) => imei),
  );
  const running = updates.flatMap((update) => {
    const device = known.get(update.imei);
    return device === undefined ? [] : [{ device, update }];
  });
  if (fresh.length === 0) return { devices: running, refused: [] };
  const candidates = await candidatesOf(fresh, key.account, store);
  const licensing = await store.loadLicensing(key.account, fresh);
  const { accepted, refused } = admitDry(candidates, campaign, clock.now(), licensing);
  const joining = accepted.flatMap(({ device }) => (device === undefined ? [] : [{ device }]));
  return { devices: [...running, ...joining], refused };
}

async function candidatesOf(
  imeis: readonly string[],
  account: Campaign['account'],
  store: ApiContext['store'],
): Promise<readonly Candidate[]> {
  const parsed = imeis.map(parseImei).filter((imei): imei is Imei => imei !== undefined);
  const devices = await store.devicesByImei(account, parsed);
  return imeis.map((imei) => {
    const device = devices.get(imei as Imei);
    return { imei, present: false, ...(device === undefined ? {} : { device }) };
  });
}

/** From the ledgers of the latest campaigns for the same model. */
async function installTimes({ account, campaign }: Subject, { store }: ApiContext) {
  const { make, model } = campaign.package;
  const times = new InstallTimes();
  const like: Campaign[] = [];
  const read = (page: PageRequest) =>
    store.campaignsWhere(account.name, page, { phases: ['scheduled', 'ended', 'aborted'] });
  for await (const page of everyPage(ROWS, read, ({ id }) => id))
    for (const one of page) if (one.package.make === make && one.package.model === model) like.push(one);
  const latest = like.toSorted((one, other) => other.createdAt - one.createdAt).slice(0, CAMPAIGNS_LEARNT);
  for (const { id } of latest) {
    const lines = await store.ledger({ account: account.name, campaign: id }, 1, LINES_LEARNT);
    for (const { text } of lines) times.add(text);
  }
  return times.usual;
}
