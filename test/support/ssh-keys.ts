/** Public keys in OpenSSH's form, real ones and such as only look like it. */
import { createHash, generateKeyPairSync } from 'node:crypto';

/** A string of RFC 4251 §5. */
export function sshString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function sshBlob(...fields: readonly (Buffer | string)[]): Buffer {
  return Buffer.concat(fields.map(sshString));
}

export function sshLine(type: string, blob: Buffer, comment = ''): string {
  return `${type} ${blob.toString('base64')}${comment === '' ? '' : ` ${comment}`}`;
}

/** A key that nobody else has. */
export function ed25519(comment = ''): string {
  return sshLine('ssh-ed25519', ed25519Blob(), comment);
}

export function ed25519Blob(): Buffer {
  const { publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return sshBlob('ssh-ed25519', Buffer.from(x!, 'base64url'));
}

export function ecdsa(curve: 'P-256' | 'P-384' | 'P-521'): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const name = `nistp${curve.slice(2)}`;
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x!, 'base64url'),
    Buffer.from(y!, 'base64url'),
  ]);
  const type = `ecdsa-sha2-${name}`;
  return sshLine(type, sshBlob(type, name, point));
}

/** Numbers of so many bits; primes are not looked for. */
export function rsa(bits: number, exponent: Buffer = Buffer.from([1, 0, 1])): string {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0x5b);
  modulus[0] = 1 << ((bits - 1) % 8);
  const sign = modulus[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), modulus]) : modulus;
  return sshLine('ssh-rsa', sshBlob('ssh-rsa', exponent, sign));
}

/** As ssh-keygen -l shows it. */
export function fingerprint(line: string): string {
  const encoded = /(?:^|\s)(?:ssh|ecdsa|sk)\S+ (\S+)/.exec(line)![1]!;
  const digest = createHash('sha256').update(Buffer.from(encoded, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=$/, '')}`;
}
