// Passwords and their hashes.
import { expect, test } from 'vitest';
import { SCRYPT_COST, sameSecret, scryptPasswords } from './secrets.ts';

const salt = () => new Uint8Array(16).fill(7);
const cheap = scryptPasswords(salt, { N: 2, r: 1, p: 1 });

test('a password is verified by its hash, which does not contain it', async () => {
  const hash = await cheap.hashPassword('correct horse');
  expect(hash).toMatch(/^scrypt\$2\$1\$1\$/);
  expect(hash).not.toContain('horse');
  expect(await cheap.verifyPassword('correct horse', hash)).toBe(true);
  expect(await cheap.verifyPassword('wrong horse', hash)).toBe(false);
});

test('a hash tells how it was made, so the cost may rise later', async () => {
  const dear = scryptPasswords(salt, { ...SCRYPT_COST, N: 1024 });
  expect(await dear.verifyPassword('x', await cheap.hashPassword('x'))).toBe(true);
});

test('what is no hash verifies nothing', async () => {
  for (const text of ['', 'scrypt', 'scrypt$2$1$1$$', 'plain$x'])
    expect(await cheap.verifyPassword('', text)).toBe(false);
});

test('secrets of any length are compared', () => {
  expect(sameSecret('a', 'a')).toBe(true);
  expect(sameSecret('a', 'ab')).toBe(false);
});
