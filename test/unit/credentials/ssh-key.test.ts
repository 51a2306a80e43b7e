import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkSshKey } from '../../../src/credentials/index.js';
import {
  isExpiredSshKey,
  readSshKeyLine,
  readSshPrint,
  sshKeyPrint,
  sshPrintText,
} from '../../../src/directory/model/ssh-key.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { seed } from '../../support/seed.js';
import {
  ecdsa,
  ed25519,
  ed25519Blob,
  fingerprint,
  rsa,
  sshBlob,
  sshLine,
} from '../../support/ssh-keys.js';

const rules = defaultConfig.sshKeys;
const check = (line: string | Buffer, more = {}) =>
  checkSshKey(Buffer.from(line), { ...rules, ...more });
const reason = (line: string | Buffer, more = {}) => {
  const checked = check(line, more);
  return checked.ok ? 'accepted' : checked.reason;
};

const published = [
  // GitHub's host key, published in its documentation.
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
  'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
] as const;

describe('keys that are taken', () => {
  test('a published key has its published fingerprint', () => {
    const checked = check(`${published[0]} github.com`);
    expect(checked).toMatchObject({ ok: true, key: { comment: 'github.com', bits: 256 } });
    expect(checked.ok && sshPrintText(checked.key.print)).toBe(published[1]);
    expect(sshPrintText(readSshPrint(published[1])!)).toBe(published[1]);
  });

  test.each([
    [ed25519(), 256],
    [ecdsa('P-256'), 256],
    [ecdsa('P-384'), 384],
    [ecdsa('P-521'), 521],
    [rsa(2048), 2048],
    [rsa(3071), 3071],
    [rsa(4096), 4096],
  ])('%#: of %#', (line, bits) => {
    expect(check(line)).toMatchObject({ ok: true, key: { bits } });
  });

  test('keys in hardware, with the application at the end', () => {
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = sshBlob(type, Buffer.alloc(32, 7), 'ssh:');
    expect(check(sshLine(type, blob))).toMatchObject({ ok: true });
    expect(reason(sshLine(type, sshBlob(type, Buffer.alloc(32, 7))))).toMatch(/looks different/);
  });

  test('options, comments with spaces, and a line end behind', () => {
    const key = ed25519();
    const line = `from="10.0.0.0/8, \\"x y\\"",no-pty ${key} Ada's old laptop\n`;
    expect(check(line)).toMatchObject({
      ok: true,
      key: { options: 'from="10.0.0.0/8, \\"x y\\"",no-pty', comment: "Ada's old laptop" },
    });
  });
});

describe('keys that are refused, and why', () => {
  const blob = ed25519Blob();
  test.each([
    ['', 'it is not of the form TYPE BASE64'],
    ['hello', 'it is not of the form TYPE BASE64'],
    ['hello world', 'it does not name a type'],
    ['ssh-ed25519', 'what stands behind its type is not base64'],
    ['ssh-ed25519 !!!!', 'what stands behind its type is not base64'],
    ['ssh-ed25519 AAA', 'what stands behind its type is not base64'],
    ['ssh-ed25519 AAAB/w=a', 'what stands behind its type is not base64'],
    ['ssh-ed25519 AAF=', 'its base64 has bits behind the end'],
    ['ssh-ed25519 AAAA', 'what is inside is cut short or has bytes behind its end'],
    [sshLine('ssh-ed25519', blob.subarray(0, 40)), 'what is inside is cut short'],
    [sshLine('ssh-ed25519', Buffer.concat([blob, Buffer.of(0)])), 'what is inside is cut short'],
    [sshLine('ssh-ed25519', sshBlob('ssh-ed25519', Buffer.alloc(31))), 'looks different'],
    [
      sshLine('ecdsa-sha2-nistp256', blob),
      'it says ecdsa-sha2-nistp256, but inside is ssh-ed25519',
    ],
    [sshLine('ssh-ed25519', sshBlob('\0\0', 'x')), 'but inside is something else'],
    [
      sshLine(
        'ecdsa-sha2-nistp256',
        sshBlob('ecdsa-sha2-nistp256', 'nistp384', Buffer.alloc(65, 4)),
      ),
      'looks different',
    ],
    [
      sshLine(
        'ecdsa-sha2-nistp256',
        sshBlob('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(65, 2)),
      ),
      'looks different',
    ],
    [rsa(1024), 'RSA with 1024 bits is too short; 2048 at least'],
    [rsa(2047), 'RSA with 2047 bits is too short; 2048 at least'],
    [rsa(2048, Buffer.of(1)), 'its RSA numbers cannot be those of a key'],
    [rsa(2048, Buffer.of(4)), 'its RSA numbers cannot be those of a key'],
    [rsa(2048, Buffer.of(0x81)), 'looks different'],
    ['ssh-dss AAAAB3NzaC1kc3M=', 'keys of the type ssh-dss are not allowed; allowed: ssh-ed25519'],
    ['ssh-ed25519-cert-v01@openssh.com AAAA', 'is a certificate, not a key'],
    [`${ed25519()}\n${ed25519()}`, 'it has several lines; each key is a value of its own'],
    [
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n',
      'it is a private key, which is for nobody else',
    ],
    ['---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n', 'it is in the form of RFC 4716'],
    [`expiry-time="soon" ${ed25519()}`, 'its expiry-time is not YYYYMMDD'],
    [`expiry-time=20300101 ${ed25519()}`, 'its expiry-time is not YYYYMMDD'],
    [`expiry-time="20300230" ${ed25519()}`, 'its expiry-time is not YYYYMMDD'],
    [Buffer.from([0x73, 0x73, 0x68, 0xff]), 'it is not text'],
    [`${ed25519()}\0`, 'it is not text'],
    [Buffer.alloc(10_000_000, 'a'), 'it has 10000000 bytes, more than 16384'],
  ])('%#', (line, why) => {
    expect(reason(line)).toContain(why);
  });

  test('what the organisation does not allow', () => {
    expect(reason(rsa(4096), { types: ['ssh-ed25519'] })).toBe(
      'keys of the type ssh-rsa are not allowed; allowed: ssh-ed25519',
    );
    expect(reason(rsa(2048), { rsaBitsMin: 3072 })).toMatch(/3072 at least/);
  });
});

describe('expiry', () => {
  const at = (text: string) => Date.parse(text) / 1000;
  const expires = (written: string) => {
    const read = readSshKeyLine(Buffer.from(`expiry-time="${written}",no-pty ${ed25519()}`));
    return read.ok ? read.line.expiresAt : read.reason;
  };

  test.each([
    ['20300102', '2030-01-02T00:00:00Z'],
    ['20300102Z', '2030-01-02T00:00:00Z'],
    ['203001021530', '2030-01-02T15:30:00Z'],
    ['20300102153059Z', '2030-01-02T15:30:59Z'],
  ])('%s', (written, time) => {
    expect(expires(written)).toBe(at(time));
  });

  test('of several the earliest; over to the second', () => {
    const key = ed25519();
    const line = Buffer.from(`expiry-time="20300102",expiry-time="20290101" ${key}`);
    expect(isExpiredSshKey(line, at('2028-12-31T23:59:59Z'))).toBe(false);
    expect(isExpiredSshKey(line, at('2029-01-01T00:00:00Z'))).toBe(true);
    expect(isExpiredSshKey(Buffer.from(`${key} expiry-time="20200101"`), at('2030-01-01'))).toBe(
      false,
    );
  });
});

test('random changes of a key are refused or are another key, and nothing is thrown', () => {
  const line = Buffer.from(`expiry-time="20300102" ${ed25519('a b')}`);
  fc.assert(
    fc.property(fc.nat(line.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(line);
      changed[at] = byte;
      const checked = checkSshKey(changed, rules);
      if (checked.ok) expect(sshKeyPrint(checked.key.blob)).toEqual(checked.key.print);
      else expect(checked.reason).not.toBe('');
    }),
    { seed: seed(), numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = sshLine('ssh-rsa', Buffer.from(bytes));
      expect(checkSshKey(Buffer.from(text), rules).ok).toBe(false);
    }),
    { seed: seed(), numRuns: 2_000 },
  );
});

test('the helper of these tests agrees on fingerprints', () => {
  const line = ed25519('x');
  const checked = check(line);
  expect(checked.ok && sshPrintText(checked.key.print)).toBe(fingerprint(line));
});
