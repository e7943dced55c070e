// What an operator may set, and the sentence for what cannot be.
import { describe, expect, test } from 'vitest';
import { type Environment, type Flags, isLoopback, readConfig, type ServerConfig } from './config.ts';

function config(flags: Flags, env: Environment = {}): ServerConfig {
  const result = readConfig(flags, env);
  if (!result.ok) throw new Error(result.sentences.join('\n'));
  return result.config;
}

function refusals(flags: Flags, env: Environment = {}): readonly string[] {
  const result = readConfig(flags, env);
  return result.ok ? [] : result.sentences;
}

describe('without any setting', () => {
  test('the server is bound to this machine only, on its usual ports', () => {
    expect(config({})).toMatchObject({ host: '127.0.0.1', httpPort: 8080, coapPort: 5683, coapsPort: 5684 });
  });

  test('keeps its data below the working directory, in SQLite', () => {
    const { data, images, databaseUrl } = config({});
    expect(data).toMatch(/campanile-data$/);
    expect(images).toBe(`${data}/images`);
    expect(databaseUrl).toBeUndefined();
  });
});

describe('a flag and its variable', () => {
  test('say the same', () => {
    expect(config({}, { CAMPANILE_HTTP_PORT: '0' }).httpPort).toBe(0);
    expect(config({}, { CAMPANILE_ALLOW_NOSEC: 'true' }).allowNosec).toBe(true);
  });

  test('the flag counts more', () => {
    expect(config({ 'http-port': '81' }, { CAMPANILE_HTTP_PORT: '82' }).httpPort).toBe(81);
  });

  test('an empty variable is none', () => {
    expect(config({}, { CAMPANILE_HTTP_PORT: '', DATABASE_URL: '', CAMPANILE_SECRET: '' }).httpPort).toBe(8080);
  });
});

describe('public addresses', () => {
  const publicly = { host: '0.0.0.0' };

  test('are required unless bound to loopback', () => {
    expect(refusals(publicly)).toEqual([
      expect.stringContaining('--public-http-url'),
      expect.stringContaining('--public-coap '),
      expect.stringContaining('--public-coaps '),
    ]);
    expect(refusals({ host: '::1' })).toEqual([]);
  });

  test('lose the slash at their end', () => {
    const flags = {
      ...publicly,
      'public-http-url': 'https://fota.example.com/',
      'public-coap': 'coap://fota.example.com',
      'public-coaps': 'coaps://fota.example.com/',
    };
    expect(config(flags)).toMatchObject({
      publicHttpUrl: 'https://fota.example.com',
      publicCoap: 'coap://fota.example.com',
      publicCoaps: 'coaps://fota.example.com',
    });
  });

  test.each(['fota.example.com', 'ftp://fota.example.com', 'https://user@fota.example.com', 'https://a/?b'])(
    'cannot be %s',
    (url) => {
      expect(refusals({ 'public-http-url': url })).toEqual([expect.stringContaining(`given "${url}"`)]);
    },
  );
});

describe('the times of CoAP', () => {
  test('are those of RFC 7252 unless a slow network needs others', () => {
    const usual = { ackTimeoutMs: 2_000, ackRandomFactor: 1.5, retransmitMax: 4, nstart: 1 };
    expect(config({}).transmission).toMatchObject(usual);
    const flags = { 'coap-ack-timeout': '8000', 'coap-max-retransmit': '6', 'coap-ack-random-factor': '1.25' };
    const wanted = { ackTimeoutMs: 8_000, ackRandomFactor: 1.25, retransmitMax: 6, nstart: 1 };
    expect(config(flags).transmission).toMatchObject(wanted);
  });

  test.each([{ 'coap-ack-timeout': '10' }, { 'coap-nstart': '0' }, { 'coap-max-retransmit': 'often' }])(
    'cannot be %j',
    (flags) => expect(refusals(flags)).toHaveLength(1),
  );
});

describe('values that cannot be', () => {
  test.each(['-1', '65536', 'http', '1.5', ''])('port %j', (port) => {
    expect(refusals({ 'coap-port': port })).toHaveLength(1);
  });

  test('a certificate without its key', () => {
    expect(refusals({ 'tls-cert': 'cert.pem' })).toEqual([expect.stringContaining('belong together')]);
  });

  test.each(['10.0.0.0/33', 'anywhere', '10.0.0.0/8/8', '10.0.0.1,'])('trusted network %s', (networks) => {
    expect(refusals({ 'trust-proxy': networks })).toHaveLength(1);
  });

  test('a short operator key, which is not repeated', () => {
    const [sentence] = refusals({}, { CAMPANILE_OPERATOR_KEY: 'short-key' });
    expect(sentence).toMatch(/^CAMPANILE_OPERATOR_KEY: /);
    expect(sentence).not.toContain('short-key');
  });

  test('a database address, which is not repeated', () => {
    const [sentence] = refusals({}, { DATABASE_URL: 'mysql://user:password@db' });
    expect(sentence).toMatch(/^DATABASE_URL: /);
    expect(sentence).not.toContain('password');
  });

  test('every one of them is told at once', () => {
    expect(refusals({ 'http-port': 'x', 'coap-port': 'y', 'log-level': 'loud' })).toHaveLength(3);
  });
});

test('trusted networks are a list', () => {
  expect(config({ 'trust-proxy': '10.0.0.0/8, ::1' }).trustProxy).toEqual(['10.0.0.0/8', '::1']);
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['fota.example.com', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('a limit', () => {
  test('is set by flags, by variables, or not at all', () => {
    const { limits } = config(
      { limit: ['pageSizeMax=500', 'deviceQueryMax=7'] },
      {
        CAMPANILE_LIMIT_PAGE_SIZE_MAX: '400',
        CAMPANILE_LIMIT_BODY_BYTES_MAX: '65536',
        CAMPANILE_LIMIT_HORIZON_DAYS_MAX: '',
      },
    );
    expect(limits).toMatchObject({ pageSizeMax: 500, deviceQueryMax: 7, bodyBytesMax: 65_536, horizonDaysMax: 366 });
  });

  test.each([
    ['everythingMax=1', 'limit everythingMax: there is none; accepted: scheduleBodyBytesMax, '],
    ['nameLengthMax=1', 'limit nameLengthMax: it is fixed; accepted: scheduleBodyBytesMax, '],
    ['pageSizeMax=0', 'limit pageSizeMax: given "0", accepted: a whole number from 1 to 10000.'],
    ['pageSizeMax=1e3', 'limit pageSizeMax: given "1e3", accepted: a whole number from 1 to 10000.'],
    ['pageSizeMax=50', 'limit pageSizeDefault: given 100, accepted: at most 50, which is pageSizeMax.'],
    ['toString=1', 'limit toString: there is none'],
    ['pageSizeMax', '--limit: given "pageSizeMax", accepted: a name and a value like pageSizeMax=500.'],
  ])('that cannot be %s is told so', (setting, sentence) => {
    expect(refusals({ limit: [setting] })).toEqual([expect.stringContaining(sentence)]);
  });

  test('of a variable that nobody knows is told by the name of the variable', () => {
    expect(refusals({}, { CAMPANILE_LIMIT_PAGES: '1' })).toEqual([
      expect.stringContaining('limit CAMPANILE_LIMIT_PAGES: there is none'),
    ]);
  });
});
