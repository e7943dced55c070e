/** How every store keeps those who run the server: operators, links that sign in once, sessions. */
import { describe, expect, test } from 'vitest';
import { OPERATOR_LIMITS, type Operator, type OperatorSession, type SignInLink } from '../../src/accounts/index.ts';
import { later, NOW } from './given.ts';
import { type Open, withStore } from './open.ts';

export function operatorsConformance(open: Open): void {
  operators(open);
  links(open);
  sessions(open);
}

const operator = (name: string, more: Partial<Operator> = {}): Operator => ({
  name,
  revision: 0,
  role: 'viewer',
  keyHash: `hash of ${name}`,
  createdAt: NOW,
  ...more,
});
const link = (tokenHash: string, more: Partial<SignInLink> = {}): SignInLink => ({
  tokenHash,
  operator: 'ada',
  keyHash: 'hash of ada',
  expiresAt: later(1),
  ...more,
});
const session = (tokenHash: string, more: Partial<OperatorSession> = {}): OperatorSession => ({
  tokenHash,
  operator: 'ada',
  keyHash: 'hash of ada',
  lastUsedAt: NOW,
  ...more,
});

function operators(open: Open): void {
  const story = withStore(open);
  describe('an operator', () => {
    test(
      'is inserted once, and found by its name and its key',
      story(async (store) => {
        expect(await store.insertOperator(operator('ada'))).toBe(true);
        expect(await store.insertOperator(operator('ada', { role: 'admin', keyHash: 'other' }))).toBe(false);
        expect(await store.operator('ada')).toEqual(operator('ada'));
        expect(await store.operatorByKey('hash of ada')).toEqual(operator('ada'));
        expect([await store.operator('bob'), await store.operatorByKey('other')]).toEqual([undefined, undefined]);
      }),
    );

    test(
      'is replaced under its revision, and found by its new key only',
      story(async (store) => {
        await store.insertOperator(operator('ada'));
        const next = operator('ada', { role: 'admin', keyHash: 'next', disabledAt: NOW });
        expect(await store.replaceOperator({ ...next, revision: 1 })).toBe(false);
        expect(await store.replaceOperator(next)).toBe(true);
        expect(await store.replaceOperator(operator('ada'))).toBe(false);
        expect(await store.replaceOperator(operator('bob'))).toBe(false);
        expect(await store.operatorByKey('next')).toEqual({ ...next, revision: 1 });
        expect(await store.operatorByKey('hash of ada')).toBeUndefined();
      }),
    );

    test(
      'is listed in the order of the names, a page at a time',
      story(async (store) => {
        for (const name of ['b', 'a-1', 'a.1', 'a_1', 'a1']) await store.insertOperator(operator(name));
        const names = async (page: { readonly after?: string; readonly max: number }) =>
          (await store.operators(page)).map(({ name }) => name);
        expect(await names({ max: 9 })).toEqual(['a-1', 'a.1', 'a1', 'a_1', 'b']);
        expect(await names({ max: 2, after: 'a.1' })).toEqual(['a1', 'a_1']);
      }),
    );

    test(
      'that is deleted takes its links and sessions with it; those of others stay',
      story(async (store) => {
        await store.insertOperator(operator('ada'));
        await store.putSignInLink(link('l'));
        await store.insertOperatorSession(session('s'));
        await store.insertOperatorSession(session('other', { operator: 'root' }));
        expect(await store.deleteOperator('root')).toBe(false);
        expect(await store.operatorSession('other')).toBeDefined();
        expect(await store.deleteOperator('ada')).toBe(true);
        expect(await store.deleteOperator('ada')).toBe(false);
        expect([await store.operator('ada'), await store.operatorSession('s')]).toEqual([undefined, undefined]);
        expect(await store.takeSignInLink('l')).toBeUndefined();
        expect(await store.operatorSession('other')).toBeDefined();
        expect(await store.lastSignIn('ada')).toBe(NOW);
      }),
    );
  });
}

function links(open: Open): void {
  const story = withStore(open);
  test(
    'a sign-in link is given out once, whoever asks at the same moment',
    story(async (store) => {
      await store.putSignInLink(link('l'));
      await store.putSignInLink(link('other'));
      const taken = await Promise.all([1, 2, 3].map(() => store.takeSignInLink('l')));
      expect(taken.filter((one) => one !== undefined)).toEqual([link('l')]);
      expect(await store.takeSignInLink('other')).toEqual(link('other'));
      expect(await store.takeSignInLink('none')).toBeUndefined();
    }),
  );
}

function sessions(open: Open): void {
  const story = withStore(open);
  describe('a session of an operator', () => {
    test(
      'is touched while it lasts; one that has ended does not come back',
      story(async (store) => {
        await store.insertOperatorSession(session('s'));
        const used = session('s', { lastUsedAt: later(5) });
        expect(await store.replaceOperatorSession(used)).toBe(true);
        expect(await store.operatorSession('s')).toEqual(used);
        await store.deleteOperatorSession('s');
        expect(await store.replaceOperatorSession(used)).toBe(false);
        expect(await store.operatorSession('s')).toBeUndefined();
      }),
    );

    test(
      'leaves behind when it began',
      story(async (store) => {
        expect([await store.lastSignIn(), await store.lastSignIn('ada')]).toEqual([undefined, undefined]);
        await store.insertOperatorSession(session('s1', { lastUsedAt: later(2) }));
        await store.insertOperatorSession(session('s2', { operator: 'bob', lastUsedAt: later(1) }));
        expect([await store.lastSignIn(), await store.lastSignIn('bob')]).toEqual([later(2), later(1)]);
        await store.insertOperatorSession(session('s3', { operator: 'bob', lastUsedAt: later(3) }));
        expect([await store.lastSignIn(), await store.lastSignIn('bob')]).toEqual([later(3), later(3)]);
      }),
    );

    test(
      'is forgotten when its time is over, as a link is',
      story(async (store) => {
        const idle = OPERATOR_LIMITS.sessionIdleMax;
        await store.insertOperatorSession(session('old', { lastUsedAt: later(-idle) }));
        await store.insertOperatorSession(session('new', { lastUsedAt: later(1 - idle) }));
        await store.insertOperatorSession(session('used', { lastUsedAt: later(-idle) }));
        await store.replaceOperatorSession(session('used', { lastUsedAt: NOW }));
        await store.putSignInLink(link('old', { expiresAt: NOW }));
        await store.putSignInLink(link('new'));
        await store.forgetExpired(NOW);
        const found = await Promise.all(['old', 'new', 'used'].map((hash) => store.operatorSession(hash)));
        expect(found.map((one) => one !== undefined)).toEqual([false, true, true]);
        expect([await store.takeSignInLink('old'), await store.takeSignInLink('new')]).toEqual([
          undefined,
          link('new'),
        ]);
      }),
    );
  });
}
