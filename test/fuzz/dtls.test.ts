/** A short run of the DTLS fuzzing; the long one is test/fuzz/dtls.ts. */
import { expect, test } from 'vitest';
import { Mutations } from './dtls-mutations.ts';

test('20,000 damaged datagrams make nothing throw and leave nothing beyond the limits', () => {
  const run = new Mutations(20_261_123);
  for (let count = 0; count < 20_000; count += 1) run.next();
  const { associations, handshakes, sessions } = run.server.counts;
  expect(associations).toBeLessThanOrEqual(200);
  expect(handshakes).toBeLessThanOrEqual(50);
  expect(sessions).toBeLessThanOrEqual(100);
  for (const type of ['psk-wanted', 'established', 'data', 'closed', 'moved', 'handshake-failed']) {
    expect(run.seen.get(type), type).toBeGreaterThan(10);
  }
  expect(run.server.counters.recordsForged).toBeGreaterThan(100);
  expect(run.server.counters.recordsMalformed).toBeGreaterThan(100);
  for (let wake = run.server.elapse(0).wakeAt; wake !== undefined; ) wake = run.server.elapse(wake).wakeAt;
  expect(run.server.counts).toMatchObject({ associations: 0, handshakes: 0 });
});
