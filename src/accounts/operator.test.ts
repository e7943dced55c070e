// What a role allows, what nobody does to itself, and when links and sessions are good.
import { describe, expect, test } from 'vitest';
import type { Instant } from '../campaigns/index.ts';
import {
  changedOperator,
  linkIsGood,
  OPERATOR_LIMITS,
  OPERATOR_ROLES,
  type Operator,
  operatorSessionEnds,
  operatorSessionIsGood,
  operatorSessionNeedsTouch,
  refusedSelf,
  roleAllows,
} from './operator.ts';

const NOW = 1_772_000_000_000 as Instant;
const plus = (wait: number): Instant => (NOW + wait) as Instant;
const ada: Operator = { name: 'ada', revision: 0, role: 'operator', keyHash: 'k', createdAt: NOW };

test('a role may do what those before it may, and no more', () => {
  const allowed = OPERATOR_ROLES.map((role) => OPERATOR_ROLES.filter((needed) => roleAllows(role, needed)));
  expect(allowed).toEqual([['viewer'], ['viewer', 'operator'], ['viewer', 'operator', 'admin']]);
});

describe('an operator', () => {
  test('neither raises its own role, nor disables or deletes itself; another one may do all that to it', () => {
    const bob = { ...ada, name: 'bob' };
    expect(refusedSelf(ada, ada, { role: 'admin' })).toBe('raise its own role');
    expect(refusedSelf(ada, ada, { disabled: true })).toBe('disable itself');
    expect(refusedSelf(ada, ada, 'delete')).toBe('delete itself');
    expect(refusedSelf(ada, ada, { role: 'viewer', disabled: false })).toBeUndefined();
    for (const change of [{ role: 'admin' }, { disabled: true }, 'delete'] as const)
      expect(refusedSelf(bob, ada, change)).toBeUndefined();
  });

  test('is disabled once and enabled again; what a change does not name stays', () => {
    const disabled = changedOperator(ada, { disabled: true }, NOW);
    expect(disabled).toEqual({ ...ada, disabledAt: NOW });
    expect(changedOperator(disabled, { disabled: true, role: 'viewer' }, plus(5))).toEqual({
      ...ada,
      role: 'viewer',
      disabledAt: NOW,
    });
    expect(changedOperator(disabled, {}, plus(5))).toEqual(disabled);
    expect(changedOperator(disabled, { disabled: false }, plus(5))).toEqual(ada);
  });
});

describe('a link and a session', () => {
  const link = { tokenHash: 't', operator: 'ada', keyHash: 'k', expiresAt: plus(1) };
  const session = { tokenHash: 't', operator: 'ada', keyHash: 'k', lastUsedAt: NOW };
  const good = (who: Operator) => [linkIsGood(link, who, NOW), operatorSessionIsGood(session, who, NOW)];

  test('are good for the operator whose they are while it has that key and is not disabled', () => {
    expect(good(ada)).toEqual([true, true]);
    expect(good({ ...ada, keyHash: 'rotated' })).toEqual([false, false]);
    expect(good({ ...ada, name: 'bob' })).toEqual([false, false]);
    expect(good({ ...ada, disabledAt: NOW })).toEqual([false, false]);
  });

  test('end: the link at its instant, the session after twelve hours without use', () => {
    expect(linkIsGood(link, ada, plus(1))).toBe(false);
    const end = plus(OPERATOR_LIMITS.sessionIdleMax);
    expect(operatorSessionEnds(session)).toBe(end);
    expect(operatorSessionIsGood(session, ada, (end - 1) as Instant)).toBe(true);
    expect(operatorSessionIsGood(session, ada, end)).toBe(false);
  });

  test('the last use is written again after five minutes', () => {
    expect(operatorSessionNeedsTouch(session, plus(OPERATOR_LIMITS.sessionTouch - 1))).toBe(false);
    expect(operatorSessionNeedsTouch(session, plus(OPERATOR_LIMITS.sessionTouch))).toBe(true);
  });
});
