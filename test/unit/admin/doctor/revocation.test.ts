/** What doctor says of a list of revoked certificates. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { revocationFinding } from '../../../../src/admin/doctor/index.js';
import { systemClock } from '../../../../src/runtime/clock.js';
import { authority as makeAuthority } from '../../../support/client-certificates.js';

const DAY_MS = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'tenure-revocation-'));
const file = join(dir, 'crl.pem');
afterAll(() => rmSync(dir, { recursive: true }));
const authority = makeAuthority('test');
const nowMs = systemClock.nowMs();

function of(list: string | Buffer, atMs = nowMs) {
  writeFileSync(file, list);
  const { subject, level, text, advice } = revocationFinding(file, atMs);
  expect([subject, text.startsWith(file)]).toEqual(['revocation list', true]);
  return [level, text.slice(file.length + 1), advice?.split(';')[0]] as const;
}

test('until it ends it is good, shortly before worth a look, then nobody gets in', () => {
  const list = authority.revoke(['1f'], 7 * DAY_MS);
  const end = new Date(nowMs + 7 * DAY_MS).toISOString().slice(0, 10);
  const [level, text] = of(list);
  expect([level, text.slice(0, 'holds until '.length + 10)]).toEqual([
    'fine',
    `holds until ${end}`,
  ]);
  expect(of(list, nowMs + 6 * DAY_MS)[0]).toBe('look');
  expect(of(list, nowMs + 8 * DAY_MS)).toEqual([
    'wrong',
    expect.stringMatching(/^ended at .* UTC: no certificate opens anything$/),
    'fetch a new one from the authority',
  ]);
});

test('in DER, too', () => {
  const pem = authority.revoke([]);
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
  expect(of(der)[0]).toBe('fine');
});

test.each([
  ['words', 'no list at all'],
  ['a certificate', authority.pem],
  ['nothing', ''],
])('what is %s is named', (_what, content) => {
  expect(of(content).slice(0, 2)).toEqual([
    'wrong',
    'is no list of revoked certificates in PEM form',
  ]);
});

test('one that is not there is named', () => {
  rmSync(file, { force: true });
  expect(revocationFinding(file, nowMs)).toMatchObject({
    level: 'wrong',
    text: `${file} does not exist`,
  });
});
