// Builds a signed .swu, the archive that SWUpdate installs: a cpio of a description, its CMS signature, and the files.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface CpioFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const ALIGN = 4;
const padding = (length: number): Buffer => Buffer.alloc((ALIGN - (length % ALIGN)) % ALIGN);

/** The "new ASCII format with checksum" of cpio: thirteen numbers of eight hexadecimal digits, a name, the bytes. */
function cpio(files: readonly CpioFile[]): Buffer {
  const all = [...files, { name: 'TRAILER!!!', bytes: Buffer.alloc(0) }];
  const parts = all.flatMap(({ name, bytes }, place) => {
    const sum = bytes.reduce((total, byte) => (total + byte) >>> 0, 0);
    const numbers = [place + 1, 0o100644, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length + 1, sum];
    const head = Buffer.from(`070702${numbers.map((one) => one.toString(16).padStart(8, '0')).join('')}${name}\0`);
    return [head, padding(head.length), bytes, padding(bytes.length)];
  });
  return Buffer.concat(parts);
}

/** A key and a certificate of its own, which SWUpdate is told to trust. */
export class Signer {
  readonly certificate: string;
  readonly #key: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#key = join(folder, 'signer.key');
    this.certificate = join(folder, 'signer.pem');
    const purpose = ['-addext', 'keyUsage=digitalSignature', '-addext', 'extendedKeyUsage=emailProtection'];
    const subject = ['-subj', '/CN=campanile test', '-days', '2'];
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', this.#key];
    openssl('req', '-x509', ...key, '-out', this.certificate, ...subject, ...purpose);
    chmodSync(this.certificate, 0o644);
  }

  sign(text: Buffer): Buffer {
    const [given, signed] = [join(this.#folder, 'given'), join(this.#folder, 'signed')];
    writeFileSync(given, text);
    const who = ['-signer', this.certificate, '-inkey', this.#key];
    openssl('cms', '-sign', '-in', given, '-out', signed, ...who, '-outform', 'DER', '-nosmimecap', '-binary');
    return readFileSync(signed);
  }
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

export interface SwuPlan {
  readonly version: string;
  /** What is installed. */
  readonly payload: Buffer;
  /** Where to: an absolute path. */
  readonly target: string;
  /** The description tells the hash of other bytes. */
  readonly isHashWrong?: boolean;
}

/** SWUpdate's libconfig description; the board is named on its command line. */
export function swu({ version, payload, target, isHashWrong = false }: SwuPlan, signer: Signer): Buffer {
  const sha256 = createHash('sha256')
    .update(isHashWrong ? Buffer.from('other bytes') : payload)
    .digest('hex');
  const description = Buffer.from(`software = {
  version = "${version}";
  hardware-compatibility: [ "1.0" ];
  files: ( { filename = "payload"; path = "${target}"; sha256 = "${sha256}"; } );
}
`);
  return cpio([
    { name: 'sw-description', bytes: description },
    { name: 'sw-description.sig', bytes: signer.sign(description) },
    { name: 'payload', bytes: payload },
  ]);
}
