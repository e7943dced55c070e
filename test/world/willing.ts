// Liveness: a server that does nothing is safe and useless. Whoever can be updated is, once all is calm and there is time.
import { FAILURE_REASONS, isOver, type Update } from '../../src/campaigns/index.ts';
import { stepOfTheBook } from './grants.ts';
import { CAMPAIGN } from './operator.ts';
import { FROM, type WorldDevice } from './scenario.ts';
import type { World } from './world.ts';

const HOUR = 3_600_000;
/** A day with all its windows, and some more for what is tried again. */
const TIME_ENOUGH = 32 * HOUR;

/** Devices with one of these need not end well. */
const UNWILLING: readonly string[] = [
  'fails-flash-always',
  'lies',
  'dies-in-install',
  'skips',
  'rejects-cancel',
  'no-restart',
  'gives-up-when-cut',
  'ignores-maintenance-window',
];

/** These need more than one attempt, or more time than others. */
const SLOW: readonly string[] = ['fails-flash-once', 'reboots-in-download', 'push-only', 'silent-about-delivery'];

function isWilling(world: World, device: WorldDevice): boolean {
  const { attemptsMax, retryWait, slotsMax } = world.scenario;
  const few = attemptsMax !== undefined || retryWait !== undefined || slotsMax !== undefined;
  if (device.mute === true || device.from !== FROM || (device.known ?? FROM) !== FROM) return false;
  if (device.natSeconds !== undefined && device.traits.includes('queue-mode')) return false;
  return !device.traits.some((trait) => UNWILLING.includes(trait) || (few && SLOW.includes(trait)));
}

/** Devices that may keep a slot for days: with no more slots than these, all others wait behind them. */
const HOLDS: readonly string[] = ['dies-in-install', 'no-restart', 'lies'];

function slotsRunOut({ scenario }: World): boolean {
  const { slotsMax, rollout, devices, orders } = scenario;
  const paces = orders.flatMap(({ act }) => (act.is === 'pace' ? [act.pace.slots ?? Number.POSITIVE_INFINITY] : []));
  const canary = rollout?.canary === undefined ? [] : [1];
  const slots = Math.min(...paces, ...canary, slotsMax ?? 1_000, rollout?.maxUnresolved ?? 1_000);
  const holders = devices.filter(({ traits, away }) => away !== undefined || traits.some((one) => HOLDS.includes(one)));
  return holders.length >= slots;
}

/** From when on nothing stands in the way of the device any more; undefined: something does until the end. */
function freeFrom(world: World, device: WorldDevice, update: Update): number | undefined {
  const { scenario, checks, operator } = world;
  const campaign = checks.campaign(CAMPAIGN);
  const { rollout, hold, phase } = campaign;
  if (hold !== undefined || phase.name !== 'ended') return undefined;
  if (rollout !== undefined && (stepOfTheBook(campaign, update) ?? 0) > rollout.at) return undefined;
  const calm = scenario.start + Math.max(scenario.chaosHours, device.away?.until ?? 0) * HOUR;
  const { startDate, downloadAfterDate = startDate, installAfterDate = startDate } = campaign.timetable;
  return Math.max(
    calm,
    Date.parse(downloadAfterDate),
    Date.parse(installAfterDate),
    operator.lastAt,
    rollout?.openedAt ?? 0,
  );
}

export function willingAreUpdated(world: World): void {
  const { scenario, checks } = world;
  if (scenario.hopeless) return;
  const campaign = checks.campaign(CAMPAIGN);
  if (!isOver(campaign.phase) || slotsRunOut(world)) return;
  const end = Date.parse(campaign.timetable.endDate) + 24 * HOUR;
  for (const device of scenario.devices) {
    const update = checks.updates.get(`${CAMPAIGN}/${device.imei}`);
    if (update === undefined || update.state.name === 'succeeded' || !isWilling(world, device)) continue;
    if (update.state.name === 'rejected' && update.state.reason === 'busy') continue;
    const from = freeFrom(world, device, update);
    if (from === undefined || end - from < TIME_ENOUGH || isLostInChaos(world, update)) continue;
    const state = JSON.stringify(update.state);
    const history = JSON.stringify(update.history);
    checks.fail(
      `${device.imei} (${device.traits.join(', ')}) is willing and ${state} by ${update.rule}, after ${history}`,
    );
  }
}

/** A network that loses everything may use up all attempts; what fails by itself may not. */
function isLostInChaos({ scenario }: World, { state }: Update): boolean {
  if (state.name !== 'failed' || FAILURE_REASONS[state.reason].evidence) return false;
  return state.at < scenario.start + scenario.chaosHours * HOUR;
}
