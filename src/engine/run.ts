// The one loop of the engine: load, decide, commit; a stale change is loaded and decided again.
import {
  type Change,
  type DeviceSnapshot,
  decide,
  isEmpty,
  keepAwake,
  type Moment,
  type Snapshot,
  type UpdateInput,
  type UpdateKey,
  type Write,
  withDevice,
} from '../campaigns/index.ts';
import type { EngineParts } from './ports.ts';

/** A change that is still stale after this many tries is given up and told to the log; its input comes again. */
const STALE_TRIES_MAX = 8;

export interface Outcome {
  readonly change: Change;
  readonly snapshot: Snapshot;
}

export const momentOf = (parts: EngineParts): Moment => ({
  now: parts.clock.now(),
  node: parts.node,
  token: parts.random.token(),
  ...(parts.tzdata === undefined ? {} : { tzdata: parts.tzdata }),
});

/** The snapshot as it is once the change is stored. */
function applied(snapshot: Snapshot, change: Change): Snapshot {
  let next = snapshot;
  for (const write of change.writes) {
    if (write.op === 'replace-update') next = { ...next, update: { ...write.row, revision: write.row.revision + 1 } };
    if (write.op === 'replace-device') next = { ...next, device: { ...write.row, revision: write.row.revision + 1 } };
  }
  return next;
}

/** Decides until it is stored. `more`: written in the same commit, whatever is decided. */
export async function retrying<Result>(
  parts: EngineParts,
  once: () => Promise<{ readonly change: Change; readonly result: Result }>,
  what: string,
  triesMax = STALE_TRIES_MAX,
): Promise<Result> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { change, result } = await once();
    const saved = isEmpty(change) ? ['saved'] : await parts.store.commit([change], parts.clock.now());
    if (saved[0] !== 'saved') continue;
    parts.ruled?.(change.rule);
    return result;
  }
  parts.log.event('stale', { what, tries: triesMax });
  throw new Error(`${what}: the rows changed ${triesMax} times while it was decided`);
}

/** One input of one update; undefined when there is no such update. */
export function runUpdate(
  parts: EngineParts,
  key: UpdateKey,
  input: UpdateInput,
  more: readonly Write[] = [],
): Promise<Outcome | undefined> {
  return retrying(
    parts,
    async () => {
      const [snapshot] = await parts.store.loadUpdates([key], parts.node);
      const decided = snapshot === undefined ? undefined : decide(snapshot, input, momentOf(parts));
      const writes = [...(decided?.writes ?? []), ...more];
      const change: Change = { ...(decided ?? { entries: [], intents: [], rule: 'update.no-change' }), writes };
      return {
        change,
        result:
          snapshot === undefined || decided === undefined
            ? undefined
            : { change: decided, snapshot: applied(snapshot, decided) },
      };
    },
    `update ${key.imei}`,
  );
}

/**
 * Something that concerns a device first: its inventory changes whatever its update says, and the update it takes part
 * in decides on the new inventory, in one commit.
 */
export function runDevice(
  parts: EngineParts,
  key: { readonly account: DeviceSnapshot['device']['account']; readonly imei: DeviceSnapshot['device']['imei'] },
  told: {
    readonly device?: (seen: DeviceSnapshot, now: Moment['now']) => DeviceSnapshot['device'];
    readonly input?: UpdateInput;
    readonly writes?: readonly Write[];
  },
): Promise<DeviceSnapshot | undefined> {
  return retrying(
    parts,
    async () => {
      const seen = await parts.store.loadDevice(key, parts.node);
      const more = told.writes ?? [];
      if (seen === undefined)
        return { change: { writes: more, entries: [], intents: [], rule: 'update.no-change' }, result: undefined };
      const moment = momentOf(parts);
      const device = told.device?.(seen, moment.now) ?? seen.device;
      const target = seen.live ?? seen.last;
      const snapshot = target === undefined ? undefined : { ...target, device };
      const decided: Change =
        snapshot === undefined || told.input === undefined
          ? { writes: [], entries: [], intents: [], rule: 'update.no-change' }
          : decide(snapshot, told.input, moment);
      const stored_ = device === seen.device ? decided : withDevice(decided, device);
      const whole = seen.live === undefined ? stored_ : keepAwake(stored_, seen.live.update);
      const after = snapshot === undefined ? undefined : applied(snapshot, whole);
      const row = whole.writes.flatMap((write) => (write.op === 'replace-device' ? [write.row] : []))[0];
      const stored = row === undefined ? device : { ...row, revision: row.revision + 1 };
      const still = after !== undefined && stored.liveCampaign === after.update.campaign;
      const result: DeviceSnapshot = {
        device: stored,
        profile: seen.profile,
        ...(still ? { live: after } : {}),
        ...(after === undefined ? {} : { last: after }),
      };
      return { change: { ...whole, writes: [...whole.writes, ...more] }, result };
    },
    `device ${key.imei}`,
  );
}
