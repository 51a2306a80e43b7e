/** What the LDIF reader accepts: the shapes of RFC 2849 and the liberties that files take. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  type LdifContent,
  type LdifModify,
  LdifReader,
  type LdifRecord,
  readLdif,
} from '../../../src/directory/text/index.js';

function parse(text: string): LdifRecord[] {
  return [...readLdif([Buffer.from(text)])];
}

/** Attributes as plain strings. */
function plain(record: LdifRecord | undefined): [string, string[]][] {
  if (record?.kind !== 'content' && record?.kind !== 'add') throw new Error('no attributes');
  return record.attributes.map((a) => [a.description, a.values.map((v) => v.toString())]);
}

/** RFC 2849 example 6, with the photo's URL (which is refused) left out. */
const changes = `version: 1
# Add a new entry
dn: cn=Fiona Jensen, ou=Marketing, dc=airius, dc=com
changetype: add
objectclass: top
objectclass: person
cn: Fiona Jensen
sn: Jensen
telephonenumber: +1 408 555 1212

# Delete an existing entry
dn: cn=Robert Jensen, ou=Marketing, dc=airius, dc=com
changetype: delete

dn: cn=Paul Jensen, ou=Product Development, dc=airius, dc=com
changetype: modrdn
newrdn: cn=Paula Jensen
deleteoldrdn: 1

dn: ou=PD Accountants, ou=Product Development, dc=airius, dc=com
changetype: moddn
newrdn: ou=Product Development Accountants
deleteoldrdn: 0
newsuperior: ou=Accounting, dc=airius, dc=com

dn: cn=Paula Jensen, ou=Product Development, dc=airius, dc=com
changetype: modify
add: postaladdress
postaladdress: 123 Anystreet $ Sunnyvale, CA $ 94086
-
delete: description
-
replace: telephonenumber
telephonenumber: +1 408 555 1234
telephonenumber: +1 408 555 5678
-
delete: facsimiletelephonenumber
facsimiletelephonenumber: +1 408 555 9876
-

# Example 7: with a control
dn: ou=Product Development, dc=airius, dc=com
control: 1.2.840.113556.1.4.805 true
changetype: delete
`;

describe('content records', () => {
  test('RFC 2849 example 1: two entries, values of one attribute together', () => {
    const records = parse(`version: 1
dn: cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com
objectclass: top
objectclass: person
cn: Barbara Jensen
sn: Jensen
CN: Barbara J Jensen
description: A big sailing fan.

dn: cn=Bjorn Jensen, ou=Accounting, dc=airius, dc=com
objectclass: top
`);
    expect(records).toHaveLength(2);
    const [first, second] = records;
    expect(first).toMatchObject({
      kind: 'content',
      line: 2,
      dn: 'cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com',
    });
    expect(plain(first)).toEqual([
      ['objectclass', ['top', 'person']],
      ['cn', ['Barbara Jensen', 'Barbara J Jensen']],
      ['sn', ['Jensen']],
      ['description', ['A big sailing fan.']],
    ]);
    expect((first as LdifContent).attributes.map((a) => a.line)).toEqual([3, 5, 6, 8]);
    expect(second).toMatchObject({ line: 10 });
    expect(plain(second)).toEqual([['objectclass', ['top']]]);
  });

  test('RFC 2849 example 2: folded lines, in values and in names', () => {
    const [record] = parse(
      'dn:cn=Barbara Jensen, ou=Product Dev\n elopment, dc=airius, dc=com\nobject\n class:top\n' +
        'description:Babs is a big sailing fan, and travels extensively in sea\n' +
        ' rch of perfect sailing conditions.\ntitle:  Product\n  Manager\n',
    );
    expect(record?.dn).toBe('cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com');
    expect(plain(record)).toEqual([
      ['objectclass', ['top']],
      [
        'description',
        [
          'Babs is a big sailing fan, and travels extensively in search of perfect sailing ' +
            'conditions.',
        ],
      ],
      ['title', ['Product Manager']],
    ]);
    expect((record as LdifContent).attributes.map((a) => a.line)).toEqual([3, 5, 7]);
  });

  test('RFC 2849 examples 3 and 4: base64, UTF-8 names, language options', () => {
    const [record] = parse(`dn:: b3U95Za25qWt6YOoLG89QWlyaXVz
# dn:: ou=<JapaneseOU>,o=Airius
ou:: 5Za25qWt6YOo
ou;lang-ja:: 5Za25qWt6YOo
ou;lang-ja;phonetic:: 44GI44GE44GO44KH44GG44G2
ou;lang-en: Sales
description:: V2hhdCBhIGNhcmVmdWwgcmVhZGVyIHlvdSBhcmUhICBUaGlzIHZhbHVlIGlzIGJhc2UtNjQtZW5
 jb2RlZCBiZWNhdXNlIGl0IGhhcyBhIGNvbnRyb2wgY2hhcmFjdGVyIGluIGl0IChhIENSKS4NICBCeSB0aGUgd2F5L
 CB5b3Ugc2hvdWxkIHJlYWxseSBnZXQgb3V0IG1vcmUu
`);
    expect(record?.dn).toBe('ou=営業部,o=Airius');
    expect(plain(record)).toEqual([
      ['ou', ['営業部']],
      ['ou;lang-ja', ['営業部']],
      ['ou;lang-ja;phonetic', ['えいぎょうぶ']],
      ['ou;lang-en', ['Sales']],
      [
        'description',
        [
          'What a careful reader you are!  This value is base-64-encoded because it has a ' +
            'control character in it (a CR).\r  By the way, you should really get out more.',
        ],
      ],
    ]);
  });

  test('what files get wrong but everybody reads', () => {
    const want = [['cn', ['Zoë', '']]];
    const texts = [
      'dn: cn=Zoë\ncn: Zoë\ncn:\n',
      // A byte order mark, many empty lines, no line end at the end.
      '\uFEFFversion: 1\n\n\n\ndn: cn=Zoë\ncn: Zoë\ncn:',
      'version: 1\r\ndn: cn=Zoë\r\ncn: Zo\r\n ë\r\ncn: \r\n\r\n',
      '# a comment\n#\n folded\n\n# b\ndn: cn=Zoë\n# and\n  here\ncn:: Wm/Dqw==\ncn::\n\n\n#\n',
      'Version:1\n\nDN:     cn=Zoë\ncn:Zoë\ncn::   \n',
    ];
    for (const text of texts) {
      const records = parse(text);
      expect(records.map(plain)).toEqual([want]);
      expect(records[0]?.dn).toBe('cn=Zoë');
    }
  });

  test('nothing in it: no records', () => {
    for (const text of ['', '\n', '\n\n\n', 'version: 1', 'version: 1\n\n', '# x', '\uFEFF']) {
      expect(parse(text)).toEqual([]);
    }
  });

  test('values are bytes; colons and spaces inside and behind are kept', () => {
    const [record] = parse('dn: cn=x\nurl: http://x:1/\ncn: a b \njpegPhoto:: /9j/AA==\n');
    const { attributes } = record as LdifContent;
    expect(attributes[0]?.values[0]?.toString()).toBe('http://x:1/');
    expect(attributes[1]?.values[0]?.toString()).toBe('a b ');
    expect(attributes[2]?.values[0]).toEqual(Buffer.from([0xff, 0xd8, 0xff, 0x00]));
  });
});

describe('change records', () => {
  const records = parse(changes);

  test('RFC 2849 example 6: add, delete, rename, move', () => {
    expect(records.map((r) => [r.kind, r.line])).toEqual([
      ['add', 3],
      ['delete', 12],
      ['modrdn', 15],
      ['modrdn', 20],
      ['modify', 26],
      ['delete', 42],
    ]);
    expect(plain(records[0])[0]).toEqual(['objectclass', ['top', 'person']]);
    expect(records[2]).toMatchObject({
      newRdn: 'cn=Paula Jensen',
      deleteOldRdn: true,
      newSuperior: undefined,
    });
    expect(records[3]).toMatchObject({
      newRdn: 'ou=Product Development Accountants',
      deleteOldRdn: false,
      newSuperior: 'ou=Accounting, dc=airius, dc=com',
    });
  });

  test('RFC 2849 example 6: modify keeps its steps', () => {
    const { changes: steps } = records[4] as LdifModify;
    expect(steps.map((s) => [s.op, s.description, s.line, s.values.map(String)])).toEqual([
      ['add', 'postaladdress', 28, ['123 Anystreet $ Sunnyvale, CA $ 94086']],
      ['delete', 'description', 31, []],
      ['replace', 'telephonenumber', 33, ['+1 408 555 1234', '+1 408 555 5678']],
      ['delete', 'facsimiletelephonenumber', 37, ['+1 408 555 9876']],
    ]);
  });

  test('RFC 4525 increment; replace by nothing; the last separator may be missing', () => {
    const [record] = parse(
      'dn: cn=x\nchangetype: Modify \nincrement: uidNumber\nUIDNUMBER: 5\n- \nreplace: cn\n',
    );
    const { changes: steps } = record as LdifModify;
    expect(steps.map((s) => [s.op, s.description, s.values.map(String)])).toEqual([
      ['increment', 'uidNumber', ['5']],
      ['replace', 'cn', []],
    ]);
  });

  test('RFC 2849 example 7 and the other forms of a control', () => {
    expect(records[5]).toMatchObject({
      controls: [{ oid: '1.2.840.113556.1.4.805', critical: true, value: undefined }],
    });
    const [record] = parse(
      'dn: cn=x\ncontrol: 1.1\ncontrol:1.2 FALSE\ncontrol: 1.3: a:b\n' +
        'control: 1.4  true:: /w==\nchangetype: delete\n',
    );
    expect(record).toMatchObject({
      controls: [
        { oid: '1.1', critical: false, value: undefined },
        { oid: '1.2', critical: false, value: undefined },
        { oid: '1.3', critical: false, value: Buffer.from('a:b') },
        { oid: '1.4', critical: true, value: Buffer.from([0xff]) },
      ],
    });
  });
});

describe('chunks', () => {
  test('a split at any offset gives the same records', () => {
    for (const text of [changes, changes.replaceAll('\n', '\r\n')]) {
      const bytes = Buffer.from(text);
      const whole = parse(text);
      expect(whole).toHaveLength(6);
      const wrong: number[] = [];
      for (let at = 0; at <= bytes.length; at++) {
        const read = [...readLdif([bytes.subarray(0, at), bytes.subarray(at)])];
        if (!isDeepStrictEqual(read, whole)) wrong.push(at);
      }
      expect(wrong).toEqual([]);
    }
  });

  test('byte by byte, and a record comes as soon as its empty line is there', () => {
    const reader = new LdifReader();
    const got: (string | undefined)[] = [];
    for (const byte of Buffer.from('dn: cn=a\ncn: a\n\ndn: cn=b\ncn: b')) {
      reader.push(Buffer.from([byte]));
      got.push(reader.next()?.dn);
    }
    expect(got.indexOf('cn=a')).toBe(15);
    expect(got.filter((dn) => dn !== undefined)).toEqual(['cn=a']);
    reader.end();
    expect(reader.next()?.dn).toBe('cn=b');
    expect(reader.next()).toBeUndefined();
    expect(() => reader.push(Buffer.alloc(1))).toThrow('after its end');
  });

  test('a chunk may be used again, and records do not share memory', () => {
    const reader = new LdifReader();
    const chunk = Buffer.from('dn: cn=a\ncn: a\n\ndn: cn=b\ncn: b\n\n');
    reader.push(chunk);
    chunk.fill(0);
    const [a, b] = [reader.next() as LdifContent, reader.next() as LdifContent];
    const [first, second] = [a.attributes[0]?.values[0], b.attributes[0]?.values[0]];
    expect([String(first), String(second)]).toEqual(['a', 'b']);
    expect(first?.buffer).not.toBe(second?.buffer);
    expect(first?.buffer.byteLength).toBe(16);
  });

  test('records far larger than the first buffer, and names beyond any schema', () => {
    const value = Buffer.alloc(300_000, 0xab);
    const lines: string[] = [];
    for (let i = 0; i < 20_000; i++) lines.push(`x${i}: ${i}`);
    const bytes = Buffer.from(
      `dn: cn=a\nphoto:: ${value.toString('base64')}\n\ndn: cn=b\n${lines.join('\n')}\n\n` +
        'dn: cn=c\nX1: a\nx1: b\n',
    );
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 4096) chunks.push(bytes.subarray(at, at + 4096));
    const [a, b, c] = [...readLdif(chunks)] as LdifContent[];
    expect(a?.attributes[0]?.values[0]?.equals(value)).toBe(true);
    expect(b?.attributes).toHaveLength(20_000);
    expect(b?.attributes[19_999]?.values.map(String)).toEqual(['19999']);
    expect(plain(c)).toEqual([['X1', ['a', 'b']]]);
  });
});
