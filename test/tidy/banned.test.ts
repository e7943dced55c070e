/** The banned calls, fed in every disguise that has an honest use, and beside look-alikes that are somebody's own. */
import { describe, expect, test } from 'vitest';
import { BANS, banRule, calledOnlyInAdapters } from './banned.ts';
import { refused } from './refused.ts';

const inCode = (...lines: readonly string[]) => refused(calledOnlyInAdapters, 'src/engine/a.ts', ...lines);

describe('is refused:', () => {
  test.each([
    ['Date.now', 'const now = Date.now();'],
    ['Date.now', 'const read = Date.now;'],
    ['Date.now', "const now = Date['now']();"],
    ['new Date()', 'const now = new Date();'],
    ['new Date()', 'const now = new Date;'],
    ['Date()', 'const now = Date();'],
    ['performance.now', 'const from = performance?.now();'],
    ['performance.now', "import { performance as p } from 'node:perf_hooks'; p.now();"],
    ['performance.now', "import * as hooks from 'node:perf_hooks'; hooks.performance.now();"],
    ['performance.now', '(performance as unknown as Clock).now();'],
    ['process.hrtime', 'process.hrtime.bigint();'],
    ['process.hrtime', "import process from 'node:process'; process.hrtime();"],
    ['process.hrtime', "import { hrtime } from 'node:process'; hrtime();"],
    ['Temporal.Now', 'Temporal.Now.instant();'],
    ['Temporal.Now', "import { Temporal } from 'temporal-polyfill'; Temporal.Now.instant();"],
    ['setTimeout', 'setTimeout(go, 10);'],
    ['setTimeout', "import { setTimeout as sleep } from 'node:timers/promises'; await sleep(10);"],
    ['setTimeout', 'const clock = { setTimeout };'],
    ['setInterval', 'const wake = { every: setInterval };'],
    ['setImmediate', 'await new Promise((resolve) => setImmediate(resolve));'],
    ['Math.random', 'const x = Math.random();'],
    ['crypto.random*', 'crypto.randomUUID();'],
    ['crypto.random*', "import { randomBytes } from 'node:crypto'; randomBytes(16);"],
    ['crypto.random*', "import * as c from 'node:crypto'; c.randomInt(3);"],
    ['crypto.getRandomValues', "import { webcrypto } from 'node:crypto'; crypto.getRandomValues(a);"],
    ['webcrypto.getRandomValues', "import { webcrypto } from 'node:crypto'; webcrypto.getRandomValues(a);"],
    ['globalThis', 'globalThis.fetch(url);'],
    ['console', "console.error('x');"],
    ['console', 'const text = `$' + '{console.log(1)}`;'],
    ['process.getBuiltinModule', "process.getBuiltinModule('fs');"],
  ])('%s in %s', (name, text) => {
    expect(inCode(text)).toEqual([expect.stringMatching(`^1 ${name.replace(/[.*()]/g, '\\$&')}: `)]);
  });
});

describe('passes:', () => {
  test.each([
    ['a comment', '/* Date.now() */ // setTimeout(go)'],
    ['a text', "const help = 'console.log(Math.random())';"],
    ['the text of a template', 'const help = `new Date()`;'],
    ['a pattern', 'const bad = /Date.now()/;'],
    ['a date with an argument', 'const at = new Date(ms).toISOString();'],
    ['the method of another', 'clock.now(); socket.setTimeout(5); random.random();'],
    ['a parameter', 'function seal(crypto: Crypto) { return crypto.randomBytes(12); }'],
    ['a destructured parameter', 'const wake = ({ setTimeout }: Timers) => setTimeout(go);'],
    ['a local variable', 'function a() { const console = terminal(); console.log(1); }'],
    ['an import of our own', "import { console } from './terminal.ts'; console.log(1);"],
    ['a key', 'const timers = { setTimeout: mine, console() {} };'],
    ['a type', 'interface A { now: typeof Date.now; at: Date } type B = Temporal.Now;'],
    ['harmless neighbours', 'enter(process.env, Math.min(1, 2), crypto.createHash(x));'],
  ])('%s', (_, text) => {
    expect(inCode(text)).toEqual([]);
  });

  test('a parameter of one function does not excuse another', () => {
    const text = ['function a(console: Terminal) { console.log(1); }', 'function b() { console.log(2); }'];
    expect(inCode(...text)).toEqual([expect.stringMatching(/^2 console: /)]);
  });
});

test('a call passes in its adapter, and there alone', () => {
  const rule = banRule([{ name: 'Date.now', instead: 'ask', allowedIn: ['src/server/clock.ts'] }]);
  expect(refused(rule, 'src/server/clock.ts', 'Date.now();')).toEqual([]);
  expect(refused(rule, 'src/server/clock2.ts', 'Date.now();')).toEqual(['1 Date.now: ask']);
});

test('every adapter is one file in src/', () => {
  for (const ban of BANS) for (const path of ban.allowedIn) expect(path).toMatch(/^src\/[a-z/-]+\.ts$/);
});
