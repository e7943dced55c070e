// Which devices of a list take part in a campaign, which are rejected and why (contract.md §3.2, engine.md §1).
import type { Campaign } from './campaign.ts';
import type { Change, Entry, Write } from './change.ts';
import { type Device, isAwake } from './device.ts';
import { type CampaignId, hasCheckDigit, type Imei, parseImei } from './ids.ts';
import { isExhausted, type LicencePool, type Licensing } from './licence.ts';
import { LIMITS } from './limits.ts';
import { judgeVersion, type PackageFacts } from './package.ts';
import type { RejectReason } from './reasons.ts';
import { JOINED_HASH, orderOf, placeOf, type RolloutPolicy, stratumNameOf } from './rollout.ts';
import type { Rule } from './rules.ts';
import type { Instant } from './time.ts';
import type { Update, UpdateState } from './update.ts';
import type { Zone } from './windows.ts';

export interface Rejection {
  readonly reason: RejectReason;
  readonly rule: Rule;
  readonly detail: string;
}

type ClaimFacts = Pick<Campaign, 'id' | 'package' | 'transport'>;

/** What is known to be wrong about the device; undefined: nothing is. Unknown is not wrong. */
export function admitAgain(device: Device, campaign: ClaimFacts): Rejection | undefined {
  const { package: pack } = campaign;
  if (device.transport !== campaign.transport) {
    return {
      reason: 'wrong-transport',
      rule: 'admission.transport',
      detail: `It is reached over ${device.transport}, the campaign uses ${campaign.transport}.`,
    };
  }
  if (device.make !== undefined && device.make !== pack.make) {
    return {
      reason: 'wrong-make',
      rule: 'admission.make',
      detail: `Its make is "${device.make}", the package is for "${pack.make}".`,
    };
  }
  if (device.model !== undefined && device.model !== pack.model) {
    return {
      reason: 'wrong-model',
      rule: 'admission.model',
      detail: `Its model is "${device.model}", the package is for "${pack.model}".`,
    };
  }
  return judgeRunning(device, pack);
}

function judgeRunning(device: Device, pack: PackageFacts): Rejection | undefined {
  const verdict = judgeVersion(device, pack);
  if (verdict.is === 'to') {
    return {
      reason: 'already-current',
      rule: 'admission.already-current',
      detail: `It already runs "${verdict.reading.value}".`,
    };
  }
  if (verdict.is === 'other') {
    const from =
      pack.from === '*' ? '*' : (pack.reports?.from ?? pack.from).map((version) => `"${version}"`).join(' or ');
    return {
      reason: 'wrong-from-version',
      rule: 'admission.from-version',
      detail: `It runs "${verdict.reading.value}", the package starts from ${from}.`,
    };
  }
  return undefined;
}

/** One line of a device list, with what the store knows of it. */
export interface Candidate {
  readonly imei: string;
  readonly device?: Device;
  /** It is on this campaign's list already. */
  readonly present: boolean;
  /** The row that this campaign has for it, once admission has looked at it. */
  readonly update?: Update;
}

export function judgeCandidate(
  candidate: Candidate,
  campaign: ClaimFacts & Pick<Campaign, 'checkDigits'>,
): Rejection | undefined {
  const imei = parseImei(candidate.imei);
  if (imei === undefined) {
    return {
      reason: 'imei-malformed',
      rule: 'admission.imei-malformed',
      detail: `"${candidate.imei}" is not 15 digits.`,
    };
  }
  if (campaign.checkDigits && !hasCheckDigit(imei)) {
    return {
      reason: 'imei-check-digit',
      rule: 'admission.imei-check-digit',
      detail: `The last digit of ${imei} is not its check digit.`,
    };
  }
  const { device } = candidate;
  if (device === undefined) {
    return { reason: 'device-unknown', rule: 'admission.device-unknown', detail: `The account has no device ${imei}.` };
  }
  if (device.liveCampaign !== undefined && device.liveCampaign !== campaign.id) {
    return {
      reason: 'busy',
      rule: 'admission.busy',
      detail: `It is in campaign ${device.liveCampaign} until that ends.`,
    };
  }
  return admitAgain(device, campaign);
}

export interface Admitted {
  readonly imei: string;
  readonly rejection?: Rejection;
}

export interface AdmissionResult {
  readonly writes: readonly Write[];
  readonly entries: readonly Entry[];
  readonly results: readonly Admitted[];
  readonly zones: readonly Zone[];
  readonly strata: readonly string[];
}

/** Rows, claims and entries for a batch of candidates; a line that is already there changes nothing. */
export function admit(
  candidates: readonly Candidate[],
  campaign: Campaign,
  now: Instant,
  { licensing, joins = false }: { readonly licensing?: Licensing | undefined; readonly joins?: boolean } = {},
): AdmissionResult {
  const writes: Write[] = [];
  const entries: Entry[] = [];
  const results: Admitted[] = [];
  const zones = new Set<Zone>(campaign.zones);
  const strata = new Strata(campaign);
  const licences = licensing === undefined ? undefined : new LicenceDesk(licensing, campaign, now);
  for (const candidate of candidates) {
    if (candidate.present) {
      results.push({ imei: candidate.imei });
      continue;
    }
    const rejection = judgeCandidate(candidate, campaign) ?? licences?.judge(candidate);
    results.push(rejection === undefined ? { imei: candidate.imei } : { imei: candidate.imei, rejection });
    const update = newUpdate(candidate, { campaign, stratum: strata.of(candidate.device), joins }, rejection, now);
    writes.push({ op: 'insert-update', row: update });
    entries.push(admissionEntry(update, campaign.id, rejection, now));
    if (rejection === undefined && candidate.device !== undefined) {
      writes.push({ op: 'claim-device', row: { ...candidate.device, liveCampaign: campaign.id } });
      // Also when hours are not the device's: new dates may make them so.
      if (zones.size < LIMITS.zonesMax) {
        zones.add(candidate.device.timeZone ?? campaign.timetable.fallbackZone);
      }
    }
  }
  return {
    writes: [...writes, ...(licences?.writes() ?? [])],
    entries,
    results,
    zones: [...zones],
    strata: strata.names,
  };
}

/** Looks whether an accepted device holds a licence, and gives it one where the campaign does that by itself. */
class LicenceDesk {
  readonly #licensing: Licensing;
  readonly #campaign: Campaign;
  readonly #now: Instant;
  readonly #given: Write[] = [];
  #pool: LicencePool;
  #asked = false;

  constructor(licensing: Licensing, campaign: Campaign, now: Instant) {
    this.#licensing = licensing;
    this.#campaign = campaign;
    this.#now = now;
    this.#pool = licensing.pool;
  }

  judge({ imei }: Candidate): Rejection | undefined {
    const { held, limit } = this.#licensing;
    this.#asked = true;
    if (held.has(imei)) return undefined;
    const mayAssign = this.#campaign.autoAssignLicense;
    if (mayAssign && !isExhausted(this.#pool, limit)) {
      const row = { account: this.#campaign.account, imei: imei as Imei, assignedAt: this.#now };
      this.#given.push({ op: 'insert-licence', row });
      this.#pool = { ...this.#pool, assigned: this.#pool.assigned + 1, updatedAt: this.#now };
      return undefined;
    }
    return {
      reason: 'no-licence',
      rule: 'admission.no-licence',
      detail: mayAssign
        ? `All ${limit} licences of the account are assigned.`
        : 'Assign it a licence, or schedule with autoAssignLicenseFlag.',
    };
  }

  /** The pool is written also when nothing was given: a licence that is taken back meanwhile makes one of both stale. */
  writes(): readonly Write[] {
    return this.#asked ? [...this.#given, { op: 'replace-pool', row: this.#pool }] : [];
  }
}

/** The strata of a campaign as its devices show them; beyond the limit a device belongs to the first, that of all others. */
class Strata {
  readonly #policy: RolloutPolicy | undefined;
  readonly names: string[];

  constructor({ rollout, strata }: Campaign) {
    this.#policy = rollout?.policy;
    this.names = strata.length === 0 ? [''] : [...strata];
  }

  of(device: Device | undefined): number {
    if (device === undefined) return 0;
    const name = stratumNameOf(this.#policy, device);
    const known = this.names.indexOf(name);
    if (known !== -1) return known;
    return this.names.length < LIMITS.strataMax ? this.names.push(name) - 1 : 0;
  }
}

interface Place {
  readonly campaign: Campaign;
  readonly stratum: number;
  /** It joins while the campaign runs. */
  readonly joins: boolean;
}

function newUpdate(
  candidate: Candidate,
  { campaign, stratum, joins }: Place,
  rejection: Rejection | undefined,
  now: Instant,
): Update {
  const unknown = candidate.device !== undefined && judgeVersion(candidate.device, campaign.package).is === 'unknown';
  const state: UpdateState =
    rejection === undefined
      ? { name: 'waiting', reason: unknown ? 'version-unknown' : 'not-started', readyAt: now }
      : { name: 'rejected', at: now, reason: rejection.reason, detail: rejection.detail };
  return {
    account: campaign.account,
    campaign: campaign.id,
    // A line that is not an IMEI is kept as it was given, so that the report can name it.
    imei: candidate.imei as Imei,
    revision: 0,
    stratum,
    hash: joins ? JOINED_HASH : orderOf(campaign.id, candidate.imei),
    awake: candidate.device !== undefined && isAwake(candidate.device),
    attempts: 0,
    state,
    rule: rejection?.rule ?? (unknown ? 'admission.version-unknown' : 'admission.accepted'),
    changedAt: now,
    history: [],
  };
}

function admissionEntry(update: Update, campaign: CampaignId, rejection: Rejection | undefined, now: Instant): Entry {
  return {
    account: update.account,
    campaign,
    imei: update.imei,
    at: now,
    kind: 'admission',
    rule: update.rule,
    ...placeOf(update),
    move: { from: 'none', to: update.state.name },
    ...(rejection === undefined ? {} : { facts: { reason: rejection.reason, detail: rejection.detail } }),
  };
}

/** Several batches' worth of writes as one change. */
export const admissionChange = (result: AdmissionResult, more: readonly Write[], rule: Rule): Change => ({
  writes: [...result.writes, ...more],
  entries: result.entries,
  intents: [],
  rule,
});
