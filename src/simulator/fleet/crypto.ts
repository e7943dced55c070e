// The cryptography of DTLS for simulated devices, by node:crypto. Their chance is repeatable: they keep no secrets.

import { createCipheriv, createDecipheriv, createHmac, hash } from 'node:crypto';
import type { AeadName, CryptoPort } from '../../lwm2m/index.ts';
import type { Random } from '../device/index.ts';

const TAG_BYTES: Readonly<Record<AeadName, number>> = { AES_128_CCM_8: 8, AES_128_CCM: 16, AES_128_GCM: 16 };

export function deviceCrypto(random: Random): CryptoPort {
  return {
    sha256: (data) => hash('sha256', data, 'buffer'),
    hmacSha256: (key) => (data) => createHmac('sha256', key).update(data).digest(),
    aead: (name, key) => {
      const authTagLength = TAG_BYTES[name];
      // The types know the two modes by different names; both take these options.
      const mode = (name === 'AES_128_GCM' ? 'aes-128-gcm' : 'aes-128-ccm') as 'aes-128-ccm';
      return {
        seal: (nonce, additional, plaintext, into, offset) => {
          const cipher = createCipheriv(mode, key, nonce, { authTagLength });
          cipher.setAAD(additional, { plaintextLength: plaintext.length });
          into.set(cipher.update(plaintext), offset);
          cipher.final();
          into.set(cipher.getAuthTag(), offset + plaintext.length);
        },
        open: (nonce, additional, sealed) => {
          const plaintextLength = sealed.length - authTagLength;
          if (plaintextLength < 0) return undefined;
          const decipher = createDecipheriv(mode, key, nonce, { authTagLength });
          decipher.setAuthTag(sealed.subarray(plaintextLength));
          decipher.setAAD(additional, { plaintextLength });
          try {
            const plaintext = decipher.update(sealed.subarray(0, plaintextLength));
            decipher.final();
            return plaintext;
          } catch {
            return undefined;
          }
        },
      };
    },
    randomBytes: (count) => Uint8Array.from({ length: count }, () => random.uint32() & 0xff),
    timingSafeEqual: (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]),
  };
}
