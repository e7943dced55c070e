// Whatever a device hears, in whatever order: its mind neither throws nor forgets what must hold.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DdiInput } from './ddi-messages.ts';
import { type DdiMind, newDdiMind, reportOfDdi } from './ddi-mind.ts';
import { stepDdi } from './ddi-step.ts';
import { HTTP_TRAITS, LWM2M_TRAITS } from './kinds.ts';
import type { Lwm2mInput } from './lwm2m-messages.ts';
import { type Lwm2mMind, newLwm2mMind, reportOfLwm2m } from './lwm2m-mind.ts';
import { stepLwm2m } from './lwm2m-step.ts';
import { hashOf, imageOf, STORY_PARTS, specOf } from './story.ts';
import type { Step } from './turn.ts';

const NEW = imageOf('2.0', 3_000);
const PACE = { rebootAtBytes: 1_000, listenMs: 5_000, installMs: 1_000, bootMs: 1_000 };
const RUNS = 300;

const small = fc.integer({ min: 0, max: 4 });
const path = fc.constantFrom('/3/0', '/3/0/3', '/5/0', '/5/0/3', '/5/0/5', '/5/0/2', '/5/0/10', '/9');
/** Mostly blocks that fit, some that do not. */
const piece = fc.tuple(fc.constantFrom(0, 1_000, 2_000), fc.boolean()).map(([offset, whole]) => {
  const bytes = NEW.subarray(offset, whole ? undefined : offset + 1_000);
  return { offset, bytes, last: offset + bytes.length === NEW.length };
});

const lwm2mInput: fc.Arbitrary<Lwm2mInput> = fc.oneof(
  fc.constantFrom<Lwm2mInput>(
    { type: 'boot' },
    { type: 'wake' },
    { type: 'registered' },
    { type: 'register-failed' },
    { type: 'updated' },
    { type: 'update-failed' },
  ),
  fc
    .oneof(
      fc.record({ op: fc.constantFrom('read' as const, 'observe' as const, 'stop-observing' as const), path }),
      fc.record({ op: fc.constant('execute' as const), path }),
      fc.record({ op: fc.constant('reset' as const), by: fc.constantFrom('nul' as const, 'empty-uri' as const) }),
      fc.record({
        op: fc.constant('write-uri' as const),
        uri: fc.constantFrom('coap://server/f/1', 'coap://server/f/2', '?'),
      }),
      piece.map((block) => ({ op: 'write-package' as const, ...block })),
    )
    .map((request) => ({ type: 'request' as const, id: 1, request })),
  fc.tuple(small, piece).map(([fetch, block]) => ({ type: 'bytes' as const, fetch, ...block })),
  small.map((fetch) => ({ type: 'fetch-refused' as const, fetch, retryAfterMs: undefined })),
  fc.record({
    type: fc.constant('fetch-failed' as const),
    fetch: small,
    why: fc.constantFrom('lost' as const, 'gone' as const, 'changed' as const, 'address' as const),
  }),
);

function deploymentOf(id: number, skip: boolean): DdiInput {
  const told = skip ? 'skip' : 'forced';
  const hashes = { sha1: '', md5: '', sha256: hashOf(NEW) };
  const artifacts = [{ filename: 'a', hashes, size: NEW.length, _links: { download: { href: 'https://server/a' } } }];
  const chunks = [{ part: 'bApp', version: '2.0', name: 'a', artifacts }];
  return { type: 'deployment', id, deployment: { id: '7', deployment: { download: told, update: told, chunks } } };
}

function pollOf(id: number, shown: 'configData' | 'deploymentBase' | 'cancelAction'): DdiInput {
  const poll = { config: { polling: { sleep: '00:01:00' } }, _links: { [shown]: { href: 'https://server/base' } } };
  return { type: 'polled', id, poll };
}

const id = fc.integer({ min: 0, max: 20 });
const ddiInput: fc.Arbitrary<DdiInput> = fc.oneof(
  fc.constantFrom<DdiInput>({ type: 'boot' }, { type: 'wake' }),
  fc.tuple(id, fc.constantFrom('configData', 'deploymentBase', 'cancelAction')).map((one) => pollOf(...one)),
  fc.tuple(id, fc.boolean()).map((one) => deploymentOf(...one)),
  id.map((one) => ({ type: 'cancel' as const, id: one, cancel: { id: '7', cancelAction: { stopId: '7' } } })),
  id.map((one) => ({ type: 'accepted' as const, id: one })),
  fc.tuple(id, piece).map(([one, block]) => ({ type: 'bytes' as const, id: one, ...block })),
  fc.record({ type: fc.constant('refused' as const), id, status: fc.constantFrom(404, 410, 429, 503) }),
  id.map((one) => ({ type: 'lost' as const, id: one })),
);

/** Blind chance never gets as far as an install: every other input is the one that a good server would give now. */
type Drawn<Input> = Input | 'as it should be';
const mostlyWell = <Input>(input: fc.Arbitrary<Input>): fc.Arbitrary<Drawn<Input>> =>
  fc.oneof(fc.constant('as it should be' as const), input);

const REST = (offset: number) => ({ offset, bytes: NEW.subarray(offset), last: true });

function goodForLwm2m(mind: Lwm2mMind): Lwm2mInput {
  const { download } = mind;
  if (mind.power === 'on' && mind.registration === 'registering') return { type: 'registered' };
  if (mind.power !== 'on' || mind.state === 3 || !mind.listening) return { type: 'wake' };
  if (download?.fetch !== undefined) return { type: 'bytes', fetch: download.fetch, ...REST(download.received.bytes) };
  if (mind.state === 2) return { type: 'request', id: 1, request: { op: 'execute', path: '/5/0/2' } };
  if (mind.spec.traits.includes('push-only')) {
    return { type: 'request', id: 1, request: { op: 'write-package', ...REST(0) } };
  }
  return { type: 'request', id: 1, request: { op: 'write-uri', uri: 'coap://server/f/1' } };
}

function goodForDdi({ open, job }: DdiMind): DdiInput {
  if (open === undefined) return { type: 'wake' };
  switch (open.request.type) {
    case 'poll':
      return pollOf(open.id, 'deploymentBase');
    case 'read-deployment':
      return deploymentOf(open.id, false);
    case 'read-cancel':
      return { type: 'cancel', id: open.id, cancel: { id: '7', cancelAction: { stopId: '7' } } };
    case 'download':
      return { type: 'bytes', id: open.id, ...REST(job?.received.bytes ?? 0) };
    default:
      return { type: 'accepted', id: open.id };
  }
}

/** Takes each step twice: the second time must not differ, for a step leaves the mind it began with alone. */
function twice<Mind, Action>(step: () => Step<Mind, Action>): Step<Mind, Action> {
  const first = step();
  const second = step();
  expect(second.actions).toEqual(first.actions);
  expect(second.wakeAt).toBe(first.wakeAt);
  return first;
}

const later = fc.constantFrom(0, 10, 1_000, 20_000, 400_000);

describe('a mind', () => {
  test('of an LwM2M device survives whatever it hears', () => {
    const story = fc.array(fc.tuple(later, mostlyWell(lwm2mInput)), { maxLength: 60, size: 'max' });
    let installedEver = false;
    fc.assert(
      fc.property(fc.subarray([...LWM2M_TRAITS]), story, (traits, inputs) => {
        let mind = newLwm2mMind(specOf('LWM2M', traits, PACE), STORY_PARTS);
        let now = 0;
        for (const [wait, input] of [[0, { type: 'boot' }] as const, ...inputs]) {
          now += wait;
          const before = mind;
          const heard = input === 'as it should be' ? goodForLwm2m(before) : input;
          const step = twice(() => stepLwm2m(before, heard, now));
          mind = step.mind;
          expect((mind.state === 2 || mind.state === 3) === (mind.image !== undefined)).toBe(true);
        }
        const { installs, installsBegun, runningVersion } = reportOfLwm2m(mind);
        installedEver ||= installs > 0;
        expect(installs).toBeLessThanOrEqual(installsBegun);
        expect(runningVersion).toBe(installs > 0 ? '2.0' : '1.0');
      }),
      { numRuns: RUNS },
    );
    expect(installedEver).toBe(true);
  });

  test('of an HTTP device survives whatever it hears', () => {
    const story = fc.array(fc.tuple(later, mostlyWell(ddiInput)), { maxLength: 60, size: 'max' });
    let installedEver = false;
    fc.assert(
      fc.property(fc.subarray([...HTTP_TRAITS]), story, (traits, inputs) => {
        let mind = newDdiMind(specOf('HTTP', traits, PACE), STORY_PARTS);
        let now = 0;
        for (const [wait, input] of [[0, { type: 'boot' }] as const, ...inputs]) {
          now += wait;
          const before = mind;
          const heard = input === 'as it should be' ? goodForDdi(before) : input;
          const step = twice(() => stepDdi(before, heard, now));
          mind = step.mind;
          // It is alive as long as something will happen by itself.
          expect(step.wakeAt !== undefined).toBe(mind.power !== 'dead');
        }
        const { installs, installsBegun, runningVersion } = reportOfDdi(mind);
        installedEver ||= installs > 0;
        expect(installs).toBeLessThanOrEqual(installsBegun);
        expect(runningVersion).toBe(installs > 0 ? '2.0' : '1.0');
      }),
      { numRuns: RUNS },
    );
    expect(installedEver).toBe(true);
  });
});
