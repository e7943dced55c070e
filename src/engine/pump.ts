// The outbox pump: committed intents are judged once more at the moment they leave, and handed to their sender.

import { type Answered, checkInOfAnswer, logOfAnswer } from '../accounts/index.ts';
import type { DeviceIntent, DeviceReading } from '../campaigns/index.ts';
import {
  changesLabels,
  cleanedUp,
  type DeviceKey,
  decide,
  type Instant,
  isEmpty,
  judgeSend,
  type SendOutcome,
  type Snapshot,
  type UpdateInput,
  type Write,
  withReading,
} from '../campaigns/index.ts';
import { joinFitting } from './join.ts';
import type { ClaimedIntent, EngineParts } from './ports.ts';
import { momentOf, retrying, runDevice, runUpdate } from './run.ts';

const PUMP_BATCH = 100;

/** Sends what may be sent; returns how many rows were looked at. */
export async function pump(parts: EngineParts): Promise<number> {
  const claimed = await parts.store.claimIntents(parts.clock.now(), PUMP_BATCH, parts.node);
  for (const one of claimed) await hand(parts, one);
  return claimed.length;
}

async function hand(parts: EngineParts, claimed: ClaimedIntent): Promise<void> {
  const { id, intent } = claimed;
  switch (intent.kind) {
    case 'ask':
    case 'clean-up':
      return handDevice(parts, id, intent);
    default:
      return handUpdate(parts, claimed, intent);
  }
}

async function handDevice(
  parts: EngineParts,
  id: number,
  intent: Extract<DeviceIntent, { readonly kind: 'ask' | 'clean-up' }>,
): Promise<void> {
  const seen = await parts.store.loadDevice(intent.device, parts.node);
  const pointless =
    seen === undefined ||
    seen.device.registration === undefined ||
    (intent.kind === 'clean-up' && seen.device.residue?.campaign !== intent.campaign);
  if (pointless) return drop(parts, id);
  const snapshot: { readonly snapshot?: Snapshot } = seen.live === undefined ? {} : { snapshot: seen.live };
  parts.sender.send(
    intent.kind === 'ask'
      ? {
          kind: 'ask',
          id,
          device: seen.device,
          profile: seen.profile,
          ...snapshot,
          ...(seen.profile.readsNetwork === true ? { network: true } : {}),
        }
      : { kind: 'clean-up', id, device: seen.device, profile: seen.profile },
  );
}

/** Nobody is waiting for it any more. */
async function drop(parts: EngineParts, id: number): Promise<void> {
  await parts.store.commit(
    [{ writes: [{ op: 'settle', intent: id }], entries: [], intents: [], rule: 'update.no-change' }],
    parts.clock.now(),
  );
}

async function handUpdate(
  parts: EngineParts,
  { id, again }: ClaimedIntent,
  intent: Extract<DeviceIntent, { readonly kind: 'offer' | 'execute' }>,
): Promise<void> {
  const [snapshot] = await parts.store.loadUpdates([intent.update], parts.node);
  if (snapshot === undefined) return drop(parts, id);
  const permit = judgeSend(snapshot, intent, momentOf(parts));
  if (again && intent.kind === 'execute' && (permit.ok || permit.rule !== 'update.no-change')) {
    // Somebody had it and may have sent it: it is never sent blindly again (engine.md §5).
    return settle(parts, id, intent, { is: 'unknown' });
  }
  if (permit.ok)
    return parts.sender.send({ kind: intent.kind, id, device: snapshot.device, snapshot, until: permit.until, intent });
  if (permit.rule === 'update.no-change') return drop(parts, id);
  return settle(parts, id, intent, {
    is: 'withheld',
    ...(permit.nextEligibleAt === undefined ? {} : { until: permit.nextEligibleAt }),
  });
}

async function settle(
  parts: EngineParts,
  id: number,
  intent: Extract<DeviceIntent, { readonly kind: 'offer' | 'execute' }>,
  outcome: SendOutcome,
): Promise<void> {
  await runUpdate(parts, intent.update, { type: 'settled', intent: intent.kind, attempt: intent.attempt, outcome }, [
    { op: 'settle', intent: id },
  ]);
}

/** What became of an intent. A second settlement of one row stores nothing. */
export interface Settlement {
  readonly id: number;
  readonly intent: DeviceIntent;
  readonly outcome: SendOutcome;
  /**
   * The answer to an `ask`, and when the first question of it left: an answer that is older than our last step must not
   * be taken for the answer to that step.
   */
  readonly answer?: { readonly reading: DeviceReading; readonly askedAt: Instant };
}

export async function settled(parts: EngineParts, settlement: Settlement): Promise<void> {
  note(parts, settlement);
  const { id, intent, outcome, answer } = settlement;
  const done: Write = { op: 'settle', intent: id };
  switch (intent.kind) {
    case 'clean-up':
      return settledCleanUp(parts, intent.device, done, outcome);
    case 'ask':
      await settledAsk(parts, intent.device, done, outcome, answer);
      return;
    default:
      return settle(parts, id, intent, outcome);
  }
}

function note({ journal, clock }: EngineParts, { intent, outcome, answer }: Settlement): void {
  if (journal === undefined) return;
  const { account, imei } = 'update' in intent ? intent.update : intent.device;
  const reading = answer === undefined ? {} : { reading: answer.reading };
  const answered: Answered = { key: { account, imei }, what: intent.kind, outcome, ...reading };
  journal.logged(logOfAnswer(answered, clock.now()));
  const checkIn = checkInOfAnswer(answered, clock.now());
  if (checkIn !== undefined) journal.checkedIn(checkIn);
}

async function settledAsk(
  parts: EngineParts,
  device: DeviceKey,
  done: Write,
  outcome: SendOutcome,
  answer: Settlement['answer'],
): Promise<void> {
  if (answer === undefined) {
    await runDevice(parts, device, { input: { type: 'settled', intent: 'ask', outcome }, writes: [done] });
    return;
  }
  const { reading, askedAt } = answer;
  await learnLabels(parts, device, reading);
  const input: UpdateInput = {
    type: 'reading',
    askedAt,
    ...(reading.object5 === undefined ? {} : { object5: reading.object5 }),
  };
  const seen = await runDevice(parts, device, {
    device: (before, now) => withReading(before.device, reading, now),
    input,
    writes: [done],
  });
  if (seen !== undefined) await joinFitting(parts, device.account, [seen.device]);
}

/** Before anything is decided: what is offered is counted under the labels that the device has now (engine.md §4). */
async function learnLabels(parts: EngineParts, key: DeviceKey, reading: DeviceReading): Promise<void> {
  const { labels } = reading;
  if (labels === undefined) return;
  await runDevice(parts, key, {
    device: ({ device }) =>
      changesLabels(device, reading) ? { ...device, labels: { ...device.labels, ...labels } } : device,
  });
}

/** Once it is clean, the device may be offered something else at once. */
async function settledCleanUp(parts: EngineParts, key: DeviceKey, done: Write, outcome: SendOutcome): Promise<void> {
  if (outcome.is !== 'delivered' && outcome.is !== 'refused') {
    await runDevice(parts, key, { writes: [done] });
    return;
  }
  await cleanUp(parts, key, outcome.is === 'refused' ? outcome.detail : 'reset', [done]);
}

export async function cleanUp(
  parts: EngineParts,
  key: DeviceKey,
  detail: string,
  more: readonly Write[],
): Promise<void> {
  await retrying(
    parts,
    async () => {
      const seen = await parts.store.loadDevice(key, parts.node);
      if (seen === undefined)
        return { change: { writes: more, entries: [], intents: [], rule: 'update.no-change' }, result: undefined };
      const moment = momentOf(parts);
      const cleaned = cleanedUp(seen.device, moment.now, detail);
      const { residue: _gone, ...device } = seen.device;
      const next = seen.live === undefined ? undefined : decide({ ...seen.live, device }, { type: 'contact' }, moment);
      const both = next === undefined || isEmpty(next) ? cleaned : merged(cleaned, next);
      return { change: { ...both, writes: [...both.writes, ...more] }, result: undefined };
    },
    `clean-up of ${key.imei}`,
  );
}

/** The second change was decided on the outcome of the first: its device row counts. */
function merged(first: ReturnType<typeof cleanedUp>, second: ReturnType<typeof decide>): ReturnType<typeof decide> {
  const replaced = second.writes.some((write) => write.op === 'replace-device');
  const writes = [
    ...(replaced ? first.writes.filter((write) => write.op !== 'replace-device') : first.writes),
    ...second.writes,
  ];
  return { writes, entries: [...first.entries, ...second.entries], intents: second.intents, rule: second.rule };
}
