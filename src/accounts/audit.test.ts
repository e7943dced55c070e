// An audit entry tells what differs, and never a secret.
import { expect, test } from 'vitest';
import type { AccountName, Instant } from '../campaigns/index.ts';
import { type AuditOrder, auditEntry } from './audit.ts';

const NOW = 1_772_000_000_000 as Instant;
const order = (more: Partial<AuditOrder>): AuditOrder => ({
  actor: { kind: 'operator', name: 'ada' },
  account: '0123456789-00001' as AccountName,
  action: 'change account settings',
  target: '0123456789-00001',
  ...more,
});

test('of a change only what differs is kept', () => {
  const entry = auditEntry(order({ before: { a: 1, b: [1], c: 'x' }, after: { a: 1, b: [1, 2], d: true } }), NOW);
  expect(entry).toMatchObject({ at: NOW, before: { b: [1], c: 'x' }, after: { b: [1, 2], d: true } });
  expect(auditEntry(order({ after: { a: 1 } }), NOW)).toMatchObject({ after: { a: 1 } });
  expect(auditEntry(order({ after: { a: 1 } }), NOW)).not.toHaveProperty('before');
});

test('secrets are not in it, only that they changed', () => {
  const secrets = {
    pskKey: 'k1',
    psk: { identity: 'i', key: 'k' },
    clientSecret: 's',
    nested: [{ passwordHash: 'h' }],
  };
  const entry = auditEntry(order({ before: { pskKey: 'k0', ddiToken: '' }, after: { ...secrets, ddiToken: '' } }), NOW);
  expect(JSON.stringify(entry)).not.toMatch(/"k0"|"k1"|"k"|"s"|"h"|"i"/);
  expect(entry.before).toEqual({ pskKey: '(secret)' });
  expect(entry.after).toMatchObject({ pskKey: '(secret)', psk: '(secret)', nested: [{ passwordHash: '(secret)' }] });
});

test('long lists are told by their length, long texts are cut, deep things end', () => {
  const deep: Record<string, unknown> = {};
  deep['self'] = deep;
  const after = { list: Array.from({ length: 21 }, (_, at) => at), text: 'x'.repeat(900), deep };
  const entry = auditEntry(order({ after }), NOW);
  expect(entry.after?.['list']).toBe('21 items');
  expect(String(entry.after?.['text']).length).toBeLessThan(600);
  expect(JSON.stringify(entry.after?.['deep']).length).toBeLessThan(200);
});
