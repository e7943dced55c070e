// What a simulated LwM2M device says, in the engine's words.
import type { DeviceReading, FirmwareObject, Permit, SendOutcome } from '../../src/campaigns/index.ts';
import type { Content, Lwm2mAction } from '../../src/simulator/index.ts';

export type Respond = Extract<Lwm2mAction, { readonly type: 'respond' }>;

const STATES = ['idle', 'downloading', 'downloaded', 'updating'] as const;
const RESULTS = [
  'initial',
  'success',
  'not-enough-storage',
  'out-of-memory',
  'connection-lost',
  'integrity-failed',
  'unsupported-package',
  'invalid-uri',
  'install-failed',
  'unsupported-protocol',
  'cancelled',
  'deferred',
] as const;

export const retryAfter = (refusal: Permit & { readonly ok: false }, now: number): number =>
  Math.min(Math.max(1_000, (refusal.nextEligibleAt ?? now + 60_000) - now), 3_600_000);

export function outcomeOf(answer: Respond | 'none' | 'withheld'): SendOutcome {
  if (answer === 'none') return { is: 'no-answer' };
  if (answer === 'withheld') return { is: 'withheld' };
  return answer.code.startsWith('2.') ? { is: 'delivered' } : { is: 'refused', detail: answer.code };
}

const resourcesOf = (content: Content | undefined): Readonly<Record<number, unknown>> =>
  content?.of === 'instance' ? content.resources : {};

export function deviceReading(content: Content | undefined): DeviceReading {
  const { 0: make, 1: model, 3: firmware } = resourcesOf(content) as Readonly<Record<number, string>>;
  return {
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
  };
}

export function objectOf(content: Content | undefined): FirmwareObject {
  const resources = resourcesOf(content);
  const delivery = resources[9] as number | undefined;
  const packageVersion = resources[7] as string | undefined;
  return {
    state: STATES[resources[3] as number]!,
    result: RESULTS[resources[5] as number]!,
    canPull: delivery !== 1,
    canPush: delivery !== 0,
    ...(packageVersion === undefined ? {} : { packageVersion }),
  };
}
