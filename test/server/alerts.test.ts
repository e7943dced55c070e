/** The alerting rules use only metrics that a running server has, and each says what to do. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, type Server, startServer } from '../../src/server/index.ts';
import { metricNames, metricsIn, readAlerts } from './alerts.ts';

const FILE = fileURLToPath(new URL('../../deploy/alerts.yaml', import.meta.url));
const text = await readFile(FILE, 'utf8');
const alerts = readAlerts(text);

let data = '';
let server: Server | undefined;
let scrape = '';
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'campanile-metrics-'));
  const flags = { data, 'http-port': '0', 'coap-port': '0', 'coaps-port': '0', 'log-level': 'silent' };
  const result = readConfig(flags, {});
  if (!result.ok) throw new Error(result.sentences.join(' '));
  server = await startServer(result.config);
  scrape = await (await fetch(`http://${server.ready.http}/metrics`)).text();
});
afterAll(async () => {
  await server?.stop();
  await rm(data, { recursive: true, force: true });
});

describe.each(alerts.map((alert) => [alert.name, alert] as const))('%s', (_, { expr, labels, annotations }) => {
  test('asks for metrics that there are', () => {
    const asked = metricsIn(expr);
    expect(asked).not.toEqual([]);
    expect(asked.filter((name) => !metricNames(scrape).has(name))).toEqual([]);
  });

  test('says what has happened, what it means and what to do, and how bad it is', () => {
    expect(Object.keys(annotations)).toEqual(['summary', 'description', 'runbook']);
    for (const sentence of Object.values(annotations)) expect(sentence).toMatch(/^[A-Z{"'].{15,}\.$/);
    expect(['critical', 'warning']).toContain(labels['severity']);
  });
});

test('every alert has a name of its own', () => {
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  expect(alerts.length).toBeGreaterThan(10);
});

test('a metric that does not exist, and a file that is not understood, are found', () => {
  expect(metricsIn('sum by (le) (rate(made_up_bucket{a="b"}[5m])) > 0.5 and other == 0')).toEqual([
    'made_up_bucket',
    'other',
  ]);
  expect(metricNames('# TYPE a gauge\n# TYPE b histogram\n')).toEqual(new Set(['a', 'b_bucket', 'b_sum', 'b_count']));
  expect(() => readAlerts(text.replace('    rules:', '    rule:'))).toThrow('begin with');
  expect(() => readAlerts(text.replace('        expr:', '       expr:'))).toThrow('not understood');
});

test('what is asked for by the issue is in the figures of a server that has just started', () => {
  const zero = (name: string) => new RegExp(`^${name} 0$`, 'm');
  expect(scrape).toMatch(zero('campanile_violations_total'));
  expect(scrape).toMatch(zero('campanile_offers_total'));
  expect(scrape).toMatch(zero('campanile_arrivals_waiting'));
  expect(scrape).toMatch(zero('campanile_callback_lag_seconds'));
  expect(scrape).toMatch(zero('campanile_due_late_seconds\\{what="update"\\}'));
  expect(scrape).toMatch(/^campanile_disk_free_bytes\{what="images"\} \d{6,}/m);
  expect(scrape).toMatch(/^campanile_disk_used_bytes\{what="data"\} \d+/m);
  expect(scrape).toMatch(/^campanile_slots\{state="free"\} 0$/m);
  expect(scrape).not.toMatch(/^campanile_certificate_not_after_timestamp_seconds /m);
});

test('no series is labelled by what has no bound', () => {
  const labels = [...scrape.matchAll(/[{,](\w+)="/g)].map(([, label]) => label);
  expect(labels).not.toContain('imei');
  expect(labels).not.toContain('account');
});
