// Makes the devices of a varied fleet: every kind that ends well, one after the other.

import type { DeviceSpec, Pace, Trait } from '../device/index.ts';

export interface SpecimenPlan {
  readonly lwm2m: number;
  readonly http: number;
  /** So many of the LwM2M devices speak DTLS; default none. */
  readonly secure?: number;
  readonly make: string;
  /** One model per transport, so that each has packages of its own. */
  readonly lwm2mModel: string;
  readonly httpModel: string;
  readonly from: string;
  readonly pace?: Partial<Pace>;
}

const LWM2M_KINDS: readonly (readonly Trait[])[] = [
  ['pull-only', 'new-port'],
  ['lwm2m-1.0', 'silent-about-delivery'],
  ['push-only', 'new-port'],
  ['queue-mode', 'pull-only'],
  ['reboots-in-download', 'resumes'],
  ['no-restart'],
  ['lwm2m-1.0', 'push-only'],
  ['queue-mode', 'new-port'],
  ['fetches-http', 'resumes', 'reboots-in-download'],
];

/** All of them install as they download: what the server takes a client for until it is told otherwise. */
const HTTP_KINDS: readonly (readonly Trait[])[] = [
  [],
  ['reboots-then-closes'],
  ['reboots-in-download'],
  ['reboots-then-closes', 'reboots-in-download'],
];

// Type allocation codes of two invented models; together with six digits each leaves room for a million devices.
const LWM2M_TYPE = '35600001';
const HTTP_TYPE = '35600002';

export function specimens(plan: SpecimenPlan): readonly DeviceSpec[] {
  const { make, from, pace } = plan;
  const shared = { make, from, ...(pace === undefined ? {} : { pace }) };
  const lwm2m = Array.from({ length: plan.lwm2m }, (_, index): DeviceSpec => {
    const kind = lwm2mKind(index);
    const traits = isSecure(index, plan) ? [...kind, 'coaps' as const] : kind;
    return { ...shared, imei: imeiOf(LWM2M_TYPE, index), model: plan.lwm2mModel, transport: 'LWM2M', traits };
  });
  const http = Array.from({ length: plan.http }, (_, index): DeviceSpec => {
    const traits = HTTP_KINDS[index % HTTP_KINDS.length] ?? [];
    return { ...shared, imei: imeiOf(HTTP_TYPE, index), model: plan.httpModel, transport: 'HTTP', traits };
  });
  return [...lwm2m, ...http];
}

/** Each round begins one kind later, so that every kind is seen with DTLS and without. */
function lwm2mKind(index: number): readonly Trait[] {
  const round = Math.floor(index / LWM2M_KINDS.length);
  return LWM2M_KINDS[(index + round) % LWM2M_KINDS.length] ?? [];
}

/** As evenly among the others as their number allows. */
function isSecure(index: number, { lwm2m, secure = 0 }: SpecimenPlan): boolean {
  const before = (count: number): number => Math.floor((count * secure) / Math.max(1, lwm2m));
  return before(index + 1) > before(index);
}

/** Everything happens within seconds; a device in queue mode still sleeps between its Updates. */
export const QUICK_PACE: Partial<Pace> = {
  lifetimeSeconds: 20,
  listenMs: 4_000,
  installMs: 1_000,
  bootMs: 500,
  retryMs: 1_000,
  spreadMs: 1_500,
  pollMs: 2_000,
  pollMsMax: 2_000,
  ackTimeoutMs: 1_000,
  retransmitMax: 3,
};

/** Type allocation code, serial number, check digit (3GPP TS 23.003 §6.2.1). */
export function imeiOf(type: string, serial: number): string {
  const digits = `${type}${String(serial).padStart(6, '0')}`;
  return `${digits}${luhn(digits)}`;
}

/** ISO/IEC 7812-1 Annex B: from the right, every second digit is doubled. */
function luhn(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
