/** What every store keeps for the account services: accounts, credentials, devices, packages, repeated requests. */
import { describe, expect, test } from 'vitest';
import { BEARER_LIFE, SESSION_IDLE_MAX } from '../../src/accounts/index.ts';
import {
  ACCOUNT,
  account,
  CAMPAIGN,
  client,
  device,
  deviceKey,
  imei,
  later,
  NOW,
  OTHER_ACCOUNT,
  pack,
  put,
  user,
} from './given.ts';
import { type Open, withStore } from './open.ts';

export function accountsConformance(open: Open): void {
  accounts(open);
  credentials(open);
  users(open);
  imports(open);
  inventory(open);
  httpDevices(open);
  packages(open);
  repeats(open);
}

function accounts(open: Open): void {
  const story = withStore(open);
  describe('an account', () => {
    test(
      'is inserted once, with its client and user or not at all',
      story(async (store) => {
        expect(await store.insertAccount(account(), client('c1'), user('u1'))).toBe(true);
        expect(await store.insertAccount(account(), client('c2'), user('u2'))).toBe(false);
        expect(await store.insertAccount(account(OTHER_ACCOUNT), client('c3'), user('u1'))).toBe(false);
        expect(await store.client('c2')).toBeUndefined();
        expect(await store.account(OTHER_ACCOUNT)).toBeUndefined();
        expect(await store.account(ACCOUNT)).toEqual(account());
      }),
    );

    test(
      'is replaced under its revision',
      story(async (store) => {
        await store.insertAccount(account(), client('c1'), user('u1'));
        const settings = { ...account().settings, pollSeconds: 60 };
        expect(await store.replaceAccount({ ...account(), revision: 1, settings })).toBe(false);
        expect(await store.replaceAccount({ ...account(), settings })).toBe(true);
        expect(await store.account(ACCOUNT)).toEqual({ ...account(), revision: 1, settings });
        await store.insertAccount(account(OTHER_ACCOUNT), client('c2'), user('u2'));
        expect((await store.accounts({ max: 9 })).map(({ name }) => name)).toEqual([ACCOUNT, OTHER_ACCOUNT]);
        expect((await store.accounts({ max: 9, after: ACCOUNT })).map(({ name }) => name)).toEqual([OTHER_ACCOUNT]);
      }),
    );
  });
}

function credentials(open: Open): void {
  const story = withStore(open);
  const bearer = (tokenHash: string, clientId: string, expiresAt = later(BEARER_LIFE)) => ({
    tokenHash,
    clientId,
    account: ACCOUNT,
    expiresAt,
  });
  describe('credentials', () => {
    test(
      'a deleted client takes its tokens with it; one of another account is not deleted',
      story(async (store) => {
        await store.insertClient(client('c2'));
        await store.insertClient(client('c1'));
        await store.replaceClient(client('c1', { issue: 1 }));
        expect(await store.clients(ACCOUNT)).toEqual([client('c1', { issue: 1 }), client('c2')]);
        await store.putBearer(bearer('t1', 'c1'));
        await store.putBearer(bearer('t2', 'c2'));
        expect(await store.deleteClient(OTHER_ACCOUNT, 'c1')).toBe(false);
        expect(await store.bearer('t1')).toEqual(bearer('t1', 'c1'));
        expect(await store.deleteClient(ACCOUNT, 'c1')).toBe(true);
        expect([await store.client('c1'), await store.bearer('t1')]).toEqual([undefined, undefined]);
        expect(await store.bearer('t2')).toEqual(bearer('t2', 'c2'));
        await store.deleteBearer('t2');
        expect(await store.bearer('t2')).toBeUndefined();
      }),
    );

    test(
      'what has expired is forgotten, what is still good is kept',
      story(async (store) => {
        const session = (tokenHash: string, lastUsedAt = NOW) => ({
          tokenHash,
          username: 'u',
          account: ACCOUNT,
          lastUsedAt,
        });
        await store.putBearer(bearer('old', 'c', NOW));
        await store.putBearer(bearer('new', 'c', later(1)));
        await store.putSession(session('old', later(-SESSION_IDLE_MAX)));
        await store.putSession(session('used', later(-SESSION_IDLE_MAX)));
        await store.putSession(session('used', later(1 - SESSION_IDLE_MAX)));
        await store.forgetExpired(NOW);
        expect([await store.bearer('old'), await store.session('old')]).toEqual([undefined, undefined]);
        expect(await store.bearer('new')).toBeDefined();
        expect(await store.session('used')).toEqual(session('used', later(1 - SESSION_IDLE_MAX)));
        await store.deleteSession('used');
        expect(await store.session('used')).toBeUndefined();
      }),
    );
  });
}

function users(open: Open): void {
  const story = withStore(open);
  test(
    'a user is replaced by the same name',
    story(async (store) => {
      await store.putUser(user('u'));
      await store.putUser(user('u', { failures: 2 }));
      expect(await store.user('u')).toEqual(user('u', { failures: 2 }));
      expect(await store.user('\0')).toBeUndefined();
    }),
  );
}

function imports(open: Open): void {
  const story = withStore(open);
  const line = (number: number, pskIdentity: string, isNew = true) => ({
    device: device(number),
    isNew,
    secrets: { pskIdentity, pskKey: 'ab' },
  });
  describe('an import', () => {
    test(
      'stores each line by itself; a PSK identity belongs to one device of the server',
      story(async (store) => {
        const foreign = { ...line(3, 'psk-1'), device: device(3, { account: OTHER_ACCOUNT }) };
        const lines = [
          line(1, 'psk-1'),
          line(2, 'psk-1'),
          foreign,
          line(1, 'psk-9'),
          { device: device(4), isNew: false },
        ];
        expect(await store.writeDevices(lines)).toEqual(['saved', 'taken', 'taken', 'stale', 'stale']);
        expect(await store.device(deviceKey(2))).toBeUndefined();
        expect(await store.secrets(deviceKey(2))).toEqual({});
        expect(await store.lookUp('psk', 'psk-1')).toEqual(deviceKey(1));
        expect(await store.lookUp('psk', 'psk-9')).toBeUndefined();
        expect(await store.writeDevices([])).toEqual([]);
      }),
    );

    test(
      'keeps secrets that it does not name and clears those that are empty',
      story(async (store) => {
        await store.writeDevices([
          { device: device(1), isNew: true, secrets: { pskIdentity: 'p', pskKey: 'ab', ddiToken: 't' } },
        ]);
        const again = (revision: number, secrets: object) =>
          store.writeDevices([{ device: device(1, { revision }), isNew: false, secrets }]);
        expect(await again(0, { ddiToken: '' })).toEqual(['saved']);
        expect(await store.secrets(deviceKey(1))).toEqual({ pskIdentity: 'p', pskKey: 'ab' });
        expect(await again(1, { pskIdentity: 'q' })).toEqual(['saved']);
        expect([await store.lookUp('psk', 'p'), await store.lookUp('psk', 'q')]).toEqual([undefined, deviceKey(1)]);
        expect(await again(1, { ddiToken: 'late' })).toEqual(['stale']);
        expect(await again(2, { pskIdentity: '', pskKey: '' })).toEqual(['saved']);
        expect(await store.secrets(deviceKey(1))).toEqual({});
        expect(await store.lookUp('psk', 'q')).toBeUndefined();
        expect((await store.device(deviceKey(1)))?.revision).toBe(3);
      }),
    );
  });
}

function inventory(open: Open): void {
  const story = withStore(open);
  describe('devices', () => {
    test(
      'are listed by IMEI, found by IMEI, by model, and across accounts',
      story(async (store) => {
        await put(store, {
          devices: [device(3), device(1), device(2, { model: 'M2' }), device(1, { account: OTHER_ACCOUNT })],
        });
        const imeis = async (rows: Promise<readonly { readonly imei: string }[]>) =>
          (await rows).map((row) => row.imei);
        expect(await imeis(store.devices(ACCOUNT, { max: 2 }))).toEqual([imei(1), imei(2)]);
        expect(await imeis(store.devices(ACCOUNT, { max: 2, after: imei(2) }))).toEqual([imei(3)]);
        expect(await imeis(store.devicesOf(ACCOUNT, 'Maker', 'M1', { max: 9 }))).toEqual([imei(1), imei(3)]);
        expect(await store.devicesByImei(ACCOUNT, [imei(2), imei(9)])).toEqual(
          new Map([[imei(2), device(2, { model: 'M2' })]]),
        );
        expect(await store.byImei(imei(1))).toEqual([deviceKey(1), { account: OTHER_ACCOUNT, imei: imei(1) }]);
      }),
    );

    test(
      'that are deleted leave nothing behind',
      story(async (store) => {
        await store.writeDevices([{ device: device(1), isNew: true, secrets: { pskIdentity: 'p', pskKey: 'ab' } }]);
        await store.putLastSeen([{ key: deviceKey(1), at: NOW }]);
        expect(await store.deleteDevice(device(1))).toBe(true);
        expect([
          await store.device(deviceKey(1)),
          await store.lookUp('psk', 'p'),
          await store.lastSeen(deviceKey(1)),
        ]).toEqual([undefined, undefined, undefined]);
        expect(await store.secrets(deviceKey(1))).toEqual({});
      }),
    );

    test(
      'were last seen at the latest contact, in whatever order contacts are told',
      story(async (store) => {
        await store.putLastSeen([
          { key: deviceKey(1), at: later(5) },
          { key: deviceKey(2), at: NOW },
        ]);
        await store.putLastSeen([
          { key: deviceKey(1), at: later(3) },
          { key: deviceKey(2), at: later(9) },
        ]);
        expect([await store.lastSeen(deviceKey(1)), await store.lastSeen(deviceKey(2))]).toEqual([later(5), later(9)]);
        expect(await store.lastSeen(deviceKey(3))).toBeUndefined();
      }),
    );
  });
}

function httpDevices(open: Open): void {
  const story = withStore(open);
  test(
    'an HTTP device is told with its token, its profile and the settings of its account, as they are at the moment',
    story(async (store) => {
      const key = deviceKey(1);
      const profiles = [{ make: 'Maker', ddiClient: 'split' }] as const;
      expect(await store.httpDevice(key)).toBeUndefined();
      await store.writeDevices([{ device: device(1), isNew: true }]);
      const bare = await store.httpDevice(key);
      expect(bare).toMatchObject({ device: device(1), profile: { ddiClient: 'streaming' } });
      expect(bare).not.toHaveProperty('ddiToken');
      await store.insertAccount(account(), client('c1'), user('u1'));
      await store.writeDevices([{ device: device(1), isNew: false, secrets: { ddiToken: 't' } }]);
      expect(await store.httpDevice(key)).toMatchObject({ ddiToken: 't', settings: account().settings });
      await store.replaceAccount({ ...account(), settings: { ...account().settings, pollSeconds: 77, profiles } });
      expect(await store.httpDevice(key)).toMatchObject({
        settings: { pollSeconds: 77 },
        profile: { ddiClient: 'split' },
      });
      expect(await store.httpDevice({ account: OTHER_ACCOUNT, imei: imei(1) })).toBeUndefined();
    }),
  );
}

function packages(open: Open): void {
  const story = withStore(open);
  test(
    'a package has a name of its own in its account; an image is kept once',
    story(async (store) => {
      expect(await store.insertPackage(pack('b'))).toBe(true);
      expect(await store.insertPackage(pack('b'))).toBe(false);
      expect(await store.insertPackage(pack('b', { account: OTHER_ACCOUNT }))).toBe(true);
      expect(await store.insertPackage(pack('a'))).toBe(true);
      expect((await store.packages(ACCOUNT, { max: 9 })).map(({ name }) => name)).toEqual(['a', 'b']);
      expect((await store.packages(ACCOUNT, { max: 9, after: 'a' })).map(({ name }) => name)).toEqual(['b']);
      expect(await store.package(ACCOUNT, 'b')).toEqual(pack('b'));
      const withdrawn = { at: NOW, by: 'ada', reason: 'too "new"' };
      expect(await store.replacePackage(pack('b'), { ...pack('b'), withdrawn })).toBe(true);
      expect(await store.replacePackage(pack('b'), pack('b'))).toBe(false);
      expect(await store.package(ACCOUNT, 'b')).toEqual({ ...pack('b'), withdrawn });
      expect(await store.package(OTHER_ACCOUNT, 'b')).toEqual(pack('b', { account: OTHER_ACCOUNT }));
      const again = (await store.package(ACCOUNT, 'b')) ?? pack('b');
      expect(await store.replacePackage(again, pack('b'))).toBe(true);
      const image = { sha256: 'f'.repeat(64), sha1: '1', md5: '2', size: 3, createdAt: NOW };
      await store.insertImage(image);
      await store.insertImage({ ...image, createdAt: later(1) });
      expect(await store.image(image.sha256)).toEqual(image);
      expect(await store.image('0')).toBeUndefined();
    }),
  );

  test(
    'the last look at the bytes of an image is kept with it; images come in the order of their hashes',
    story(async (store) => {
      const image = (letter: string) => ({
        sha256: letter.repeat(64),
        sha1: '1',
        md5: '2',
        size: 3,
        createdAt: NOW,
      });
      await store.insertImage(image('b'));
      await store.insertImage(image('a'));
      await store.noteImageCheck('b'.repeat(64), { at: NOW, found: 'missing' });
      await store.noteImageCheck('c'.repeat(64), { at: NOW });
      const damaged = { ...image('b'), check: { at: NOW, found: 'missing' } };
      expect(await store.images({ max: 9 })).toEqual([image('a'), damaged]);
      expect(await store.images({ max: 9, after: 'a'.repeat(64) })).toEqual([damaged]);
      await store.noteImageCheck('b'.repeat(64), { at: later(1) });
      expect(await store.image('b'.repeat(64))).toEqual({ ...image('b'), check: { at: later(1) } });
    }),
  );
}

function repeats(open: Open): void {
  const story = withStore(open);
  test(
    'a repeated request finds its first answer until its time is over',
    story(async (store) => {
      expect(await store.repeated(ACCOUNT, 'key', NOW)).toBeUndefined();
      await store.remember(ACCOUNT, 'key', CAMPAIGN, later(10));
      expect(await store.repeated(ACCOUNT, 'key', later(9))).toBe(CAMPAIGN);
      expect(await store.repeated(OTHER_ACCOUNT, 'key', NOW)).toBeUndefined();
      expect(await store.repeated(ACCOUNT, 'key', later(10))).toBeUndefined();
    }),
  );

  test(
    'a key is reserved once until its time is over, and given back only by whoever knows its text',
    story(async (store) => {
      const reserve = (text: string, now: number) =>
        store.reserve(ACCOUNT, 'key', text, { now: later(now), until: later(now + 10) });
      const outcomes = await Promise.all(['first', 'second'].map((text) => reserve(text, 0)));
      expect(outcomes.toSorted()).toEqual([false, true]);
      const [winner, loser] = outcomes[0] === true ? ['first', 'second'] : ['second', 'first'];
      expect(await store.repeated(ACCOUNT, 'key', later(9))).toBe(winner);
      await store.forget(ACCOUNT, 'key', loser);
      expect(await reserve('third', 9)).toBe(false);
      expect(await reserve('third', 10)).toBe(true);
      await store.forget(ACCOUNT, 'key', 'third');
      expect(await store.repeated(ACCOUNT, 'key', later(11))).toBeUndefined();
      expect(await reserve('fourth', 11)).toBe(true);
    }),
  );
}
