// The key by which this server signs the heads of ledgers; it lies outside the database (engine.md §8).
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant, LedgerKey, Signer } from '../campaigns/index.ts';
import type { ServerConfig } from './config.ts';
import { isExposed, readOrMake } from './keys.ts';
import { StartRefused } from './refused.ts';

export interface ServerLedgerKey extends Signer {
  readonly publicKey: string;
  /** Where it is kept. */
  readonly file: string;
  readonly isExposed: boolean;
}

const FILE = 'ledger-key.pem';
const ID_LENGTH = 16;

type Wanted = Pick<ServerConfig, 'data' | 'ledgerKey'>;

/** Made at the first start; a file that the operator names has to be there. */
export async function openLedgerKey({ data, ledgerKey }: Wanted): Promise<ServerLedgerKey> {
  const file = ledgerKey ?? join(data, FILE);
  const pem = ledgerKey === undefined ? await readOrMake(file, newPem) : await readNamed(file);
  const key = privateKeyIn(pem, file);
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    file,
    isExposed: await isExposed(file),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

/** As others find it: they verify by it what it signed, also when it has been replaced. */
export const publishedKey = ({ keyId, publicKey }: ServerLedgerKey, since: Instant): LedgerKey => ({
  keyId,
  publicKey,
  since,
});

export const keyIdOf = (publicKey: string): string =>
  createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex').slice(0, ID_LENGTH);

const newPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();

const MAKE_ONE = 'make one with "openssl genpkey -algorithm ed25519 -out FILE"';

async function readNamed(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartRefused(`--ledger-key: ${file} cannot be read; ${MAKE_ONE}.`, { cause: error });
  }
}

function privateKeyIn(pem: string, file: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new StartRefused(`${file} holds no private key that can be read; ${MAKE_ONE}.`, { cause: error });
  }
  throw new StartRefused(`${file} holds a key of another kind, accepted: Ed25519; ${MAKE_ONE}.`);
}
