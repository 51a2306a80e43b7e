/** The canonical LDIF writer: which values are plain, where lines fold, how changes look. */
import { expect, test } from '@jest/globals';
import {
  canonicalAttributes,
  formatEntry,
  formatRecord,
  ldifHeader,
  readLdif,
} from '../../../src/directory/text/index.js';

function oneValue(value: string | Buffer): string {
  const values = [Buffer.from(value as string)];
  const lines = formatEntry('cn=x', [{ description: 'cn', values }]).split('\n');
  expect([lines[0], lines.slice(2)]).toEqual(['dn: cn=x', ['', '']]);
  return lines[1] ?? '';
}

test('an entry, byte for byte', () => {
  const entry = formatEntry('cn=Zoë,dc=example', [
    { description: 'objectClass', values: [Buffer.from('top'), Buffer.from('person')] },
    { description: 'cn', values: [Buffer.from('Zoë')] },
    { description: 'sn;lang-de', values: [Buffer.from('a:b<c d')] },
  ]);
  expect(ldifHeader + entry).toBe(`version: 1

dn:: Y249Wm/DqyxkYz1leGFtcGxl
objectClass: top
objectClass: person
cn:: Wm/Dqw==
sn;lang-de: a:b<c d

`);
});

test('RFC 2849 SAFE-STRING decides between text and base64', () => {
  expect(oneValue('')).toBe('cn:');
  for (const safe of ['a', 'a b', 'a:', 'a<', '#a', '-', 'a  b', '~']) {
    expect(oneValue(safe)).toBe(`cn: ${safe}`);
  }
  const unsafe = [
    ' a',
    ':a',
    '<a',
    'a ',
    ' ',
    'a\n',
    '\r',
    'a\0b',
    'é',
    'a\u001b[2J',
    'a\tb',
    '\x7f',
  ];
  for (const value of unsafe) {
    expect(oneValue(value)).toBe(`cn:: ${Buffer.from(value).toString('base64')}`);
  }
});

test('lines are 76 columns wide and no wider, continuations included', () => {
  for (let length = 60; length < 320; length++) {
    const value = 'abcdefghij'.repeat(40).slice(0, length);
    const text = formatEntry('cn=x', [{ description: 'cn', values: [Buffer.from(value)] }]);
    const lines = text.trimEnd().split('\n').slice(1);
    for (const line of lines.slice(0, -1)) expect(line).toHaveLength(76);
    const last = lines[lines.length - 1] ?? '';
    expect(last.length).toBeLessThanOrEqual(76);
    expect(last.trim()).not.toBe('');
    expect(lines.map((line, i) => (i === 0 ? line : line.slice(1))).join('')).toBe(`cn: ${value}`);
  }
});

test('change records read and written again are the same text', () => {
  const text = `version: 1

dn: cn=a
control: 1.2.840.113556.1.4.805 true
control: 1.3.6.1 false:: /w==
changetype: delete

dn: cn=a
changetype: add
objectClass: top
cn: a

dn: cn=a
changetype: modify
add: cn
cn: b
-
delete: sn
-
increment: uidNumber
uidNumber: 1
-

dn: cn=a
changetype: modrdn
newrdn:: Y249Wm/Dqw==
deleteoldrdn: 1

dn: cn=a
changetype: modrdn
newrdn: cn=b
deleteoldrdn: 0
newsuperior:

`;
  const records = [...readLdif([Buffer.from(text)])];
  expect(ldifHeader + records.map(formatRecord).join('')).toBe(text);
});

test('the canonical order: objectClass, names, values by bytes; the input is not touched', () => {
  const values = ['b', 'B', 'a', 'ab', ''].map((v) => Buffer.from(v));
  const input = [
    { description: 'sn', values: [Buffer.from('x')] },
    { description: 'CN', values },
    { description: 'c;lang-en', values: [] },
    { description: 'OBJECTCLASS', values: [Buffer.from('top'), Buffer.from('person')] },
  ];
  expect(canonicalAttributes(input).map((a) => [a.description, a.values.map(String)])).toEqual([
    ['OBJECTCLASS', ['person', 'top']],
    ['c;lang-en', []],
    ['CN', ['', 'B', 'a', 'ab', 'b']],
    ['sn', ['x']],
  ]);
  expect(values.map(String)).toEqual(['b', 'B', 'a', 'ab', '']);
});
