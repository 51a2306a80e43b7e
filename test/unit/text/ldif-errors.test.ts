/** What the LDIF reader refuses: the line it names, and words that help. */
import { describe, expect, test } from '@jest/globals';
import { LdifError, LdifReader, readLdif } from '../../../src/directory/text/index.js';

function fault(text: string | Buffer, ldifLineBytesMax = 1000): LdifError {
  try {
    for (const _ of readLdif([Buffer.from(text)], { ldifLineBytesMax }));
  } catch (error) {
    if (error instanceof LdifError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(String(text))}`);
}

const entry = 'dn: cn=a\ncn: a\n\n';
const change = 'dn: cn=a\nchangetype: delete\n\n';

describe('each fault has its physical line and its advice', () => {
  const faults: [what: string, text: string | Buffer, line: number, message: RegExp][] = [
    ['another version', '# x\nversion: 2\ndn: cn=a\n', 2, /version "2".*only version 1/],
    ['no dn', `version: 1\n${entry}cn: a\ncn: b\n`, 5, /must start with "dn:", not "cn:"/],
    ['ldapsearch output', `${entry}search: 2\nresult: 0 Success\n`, 4, /ldapsearch.*-LLL/],
    ['no empty line', 'dn: cn=a\ncn: a\ndn: cn=b\ncn: b\n', 3, /second "dn:".*empty line/],
    [
      'no empty line after modify',
      'dn: cn=a\nchangetype: modify\nreplace: cn\n-\ndn: cn=b',
      5,
      /second "dn:"/,
    ],
    [
      'no empty line in values',
      'dn: cn=a\nchangetype: modify\nreplace: cn\ndn: cn=b',
      4,
      /second "dn:"/,
    ],
    ['no attributes', `${entry}dn: cn=b\n\n`, 4, /no attributes/],
    ['an add without attributes', 'dn: cn=b\nchangetype: add\n', 2, /no attributes/],
    ['nothing to continue', ' dn: cn=a\n', 1, /starts with a space/],
    ['nothing to continue later', `${entry} cn: a\n`, 4, /starts with a space/],
    ['no colon', 'dn: cn=a\n# x\n y\ncn\n', 4, /no colon/],
    ['a colon only after the line', 'dn: cn=a\ncn\ncn: a\n', 2, /no colon/],
    ['no name', 'dn: cn=a\n: x\n', 2, /no attribute name/],
    ['a bad name', 'dn: cn=a\nfirst name: x\n', 2, /only letters, digits/],
    ['a tab as continuation', 'dn: cn=a\ncn: a\n\tb: c\n', 3, /start the line with one space/],
    ['bad base64', 'dn: cn=a\ncn: b\n c\nsn:: YQ=\n', 4, /not valid base64/],
    ['plain text as base64', 'dn: cn=a\ncn:: hello world\n', 2, /not valid base64.*one colon/],
    ['base64 with waste', 'dn: cn=a\ncn:: YR==\n', 2, /not valid base64/],
    ['base64 in a folded dn', 'dn: cn=a\ncn: b\n\ndn:: Y2\n 49YQ=\ncn: a\n', 4, /not valid base64/],
    ['a URL', 'dn: cn=a\njpegphoto:< file:///etc/passwd\n', 2, /URL.*not read.*base64/],
    ['a dn from a URL', 'dn:< file:///x\ncn: a\n', 1, /URL/],
    ['a dn that is not UTF-8', Buffer.from('dn: cn=\xff\ncn: a\n', 'latin1'), 1, /not UTF-8/],
    ['old line ends', 'dn: cn=a\rcn: a\r', 1, /carriage return.*LF or CR LF/],
    ['a long line', `dn: cn=a\ncn: ${'x'.repeat(996)}\n xx`, 2, /longer than 1000 bytes/],
    ['a long comment', `#${'x\n '.repeat(1000)}\n`, 1, /longer than 1000 bytes/],
    ['entries, then changes', entry + change, 4, /change record.*file of their own/],
    ['changes, then entries', change + entry, 4, /no changetype.*"changetype: add"/],
    ['a late changetype', 'dn: cn=a\ncn: a\nchangetype: add\n', 3, /line after "dn:"/],
    ['an unknown changetype', 'dn: cn=a\nchangetype: replace\n', 2, /no changetype "replace"/],
    ['delete with attributes', 'dn: cn=a\nchangetype: delete\ncn: a\n', 3, /empty line/],
    ['a control alone', 'dn: cn=a\ncontrol: 1.2\n', 2, /followed by a "changetype:"/],
    ['a control on an entry', 'dn: cn=a\ncontrol: 1.2\ncn: a\n', 3, /followed by a "changetype:"/],
    [
      'a control without an OID',
      'dn: cn=a\ncontrol: paging true\nchangetype: delete\n',
      2,
      /control is written/,
    ],
    [
      'a control with odd words',
      'dn: cn=a\ncontrol: 1.2 maybe\nchangetype: delete\n',
      2,
      /control is written/,
    ],
    [
      'a control with more words',
      'dn: cn=a\ncontrol: 1.2 true x\nchangetype: delete\n',
      2,
      /control is written/,
    ],
    ['a control of nothing', 'dn: cn=a\ncontrol::\nchangetype: delete\n', 2, /control is written/],
    ['an unknown step', 'dn: cn=a\nchangetype: modify\ncn: a\n', 3, /expected "add:".*not "cn"/],
    ['a step too many', 'dn: cn=a\nchangetype: modify\n-\n', 3, /expected "add:".*not "-"/],
    ['a step of nothing', 'dn: cn=a\nchangetype: modify\nreplace:\n', 3, /name of one attribute/],
    ['a step of two', 'dn: cn=a\nchangetype: modify\nreplace: cn sn\n', 3, /name of one attribute/],
    [
      'no separator',
      'dn: cn=a\nchangetype: modify\nreplace: cn\ncn: a\nadd: sn\nsn: b\n',
      5,
      /only "-"/,
    ],
    [
      'an add of nothing',
      'dn: cn=a\nchangetype: modify\nadd: cn\n-\nadd: sn\n',
      3,
      /at least one value/,
    ],
    ['no newrdn', 'dn: cn=a\nchangetype: modrdn\ndeleteoldrdn: 1\n', 3, /expected "newrdn: "/],
    ['a separator for newrdn', 'dn: cn=a\nchangetype: modrdn\n-\n', 3, /expected "newrdn: "/],
    ['nothing for newrdn', 'dn: cn=a\nchangetype: modrdn\n', 2, /line after this one.*"newrdn: "/],
    [
      'an empty newrdn',
      'dn: cn=a\nchangetype: modrdn\nnewrdn:\ndeleteoldrdn: 1\n',
      3,
      /not be empty/,
    ],
    ['no deleteoldrdn', 'dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\n', 3, /"deleteoldrdn: 1"/],
    [
      'a wrong deleteoldrdn',
      'dn: cn=a\nchangetype: moddn\nnewrdn: cn=b\ndeleteoldrdn: yes\n',
      4,
      /0 or 1, not "yes"/,
    ],
    [
      'something after it',
      'dn: cn=a\nchangetype: moddn\nnewrdn: cn=b\ndeleteoldrdn: 1\ncn: b\n',
      5,
      /"newsuperior:" or an empty line/,
    ],
    [
      'something after newsuperior',
      'dn: cn=a\nchangetype: moddn\nnewrdn: cn=b\ndeleteoldrdn: 1\nnewsuperior:\ncn: b\n',
      6,
      /empty line after/,
    ],
  ];

  test.each(faults)('%s', (_what, text, line, message) => {
    const error = fault(text);
    expect(error.message).toMatch(message);
    expect(error.line).toBe(line);
  });

  test('the same lines with CR LF', () => {
    for (const [what, text, line, message] of faults) {
      if (typeof text !== 'string' || what === 'old line ends') continue;
      const error = fault(text.replaceAll('\n', '\r\n'));
      expect([what, error.line]).toEqual([what, line]);
      expect(error.message).toMatch(message);
    }
  });
});

test('a line at the limit is read', () => {
  const text = `dn: cn=a\ncn: ${'x'.repeat(996)}\n`;
  const records = [...readLdif([Buffer.from(text)], { ldifLineBytesMax: 1000 })];
  expect(records).toHaveLength(1);
});

test('a record is bounded, whether its end has come or not', () => {
  const limits = { ldifLineBytesMax: 1000, ldifRecordBytesMax: 50 };
  const fits = `dn: cn=a\ncn: ${'x'.repeat(35)}\n\n`;
  expect(fits).toHaveLength(50);
  const tooLong = `${fits}dn: cn=b\n${'cn: x\n'.repeat(8)}`;
  for (const chunks of [[tooLong, '\n'], [tooLong.slice(0, 55), tooLong.slice(55)], [...tooLong]]) {
    const reader = new LdifReader(limits);
    const read = (): void => {
      for (const chunk of chunks) {
        reader.push(Buffer.from(chunk));
        while (reader.next() !== undefined);
      }
    };
    expect(read).toThrow(
      expect.objectContaining({ line: 4, message: expect.stringContaining('50 bytes, the limit') }),
    );
  }
});

test('records before the fault are given; the fault is final', () => {
  const reader = new LdifReader();
  reader.push(Buffer.from(`${entry}oops\n\n${entry}`));
  expect(reader.next()?.dn).toBe('cn=a');
  let first: unknown;
  try {
    reader.next();
  } catch (error) {
    first = error;
  }
  expect(first).toBeInstanceOf(LdifError);
  expect((first as LdifError).line).toBe(4);
  reader.end();
  expect(() => reader.next()).toThrow(first as LdifError);
});
