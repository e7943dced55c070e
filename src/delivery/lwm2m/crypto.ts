// The cryptography of DTLS by node:crypto: the adapter of the port that src/lwm2m describes.

import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { AeadKey, AeadName, CryptoPort } from '../../lwm2m/index.ts';

const CIPHERS = {
  AES_128_CCM_8: { name: 'aes-128-ccm', tagBytes: 8 },
  AES_128_CCM: { name: 'aes-128-ccm', tagBytes: 16 },
  AES_128_GCM: { name: 'aes-128-gcm', tagBytes: 16 },
} as const;

/** `randomBytes` is the system's own source for secrets, handed in as all chance is. */
export function nodeCrypto(randomBytes: (count: number) => Uint8Array): CryptoPort {
  return {
    sha256: (data) => hash('sha256', data, 'buffer'),
    hmacSha256: (key) => {
      // A key object: with raw bytes each call would make one, at several times the cost of the call.
      const secret = createSecretKey(key);
      return (data) => createHmac('sha256', secret).update(data).digest();
    },
    aead,
    randomBytes,
    timingSafeEqual: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  };
}

function aead(name: AeadName, key: Uint8Array): AeadKey {
  const { name: cipher, tagBytes: authTagLength } = CIPHERS[name];
  const secret = createSecretKey(key);
  return {
    seal: (nonce, additional, plaintext, into, offset) => {
      // The types know GCM and CCM by literal names; both take these options.
      const sealing = createCipheriv(cipher as 'aes-128-ccm', secret, nonce, { authTagLength });
      sealing.setAAD(additional, { plaintextLength: plaintext.length });
      into.set(sealing.update(plaintext), offset);
      sealing.final();
      into.set(sealing.getAuthTag(), offset + plaintext.length);
    },
    open: (nonce, additional, sealed) => {
      const plaintextLength = sealed.length - authTagLength;
      if (plaintextLength < 0) return undefined;
      const opening = createDecipheriv(cipher as 'aes-128-ccm', secret, nonce, { authTagLength });
      opening.setAuthTag(sealed.subarray(plaintextLength));
      opening.setAAD(additional, { plaintextLength });
      try {
        const plaintext = opening.update(sealed.subarray(0, plaintextLength));
        opening.final();
        return plaintext;
      } catch {
        // The only thing that can fail here is the tag: CCM says so in update, GCM in final.
        return undefined;
      }
    },
  };
}
