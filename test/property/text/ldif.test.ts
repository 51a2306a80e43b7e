/** Anything written as LDIF reads back as it was, however it is cut, folded or damaged. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatEntry,
  formatRecord,
  LdifError,
  type LdifRecord,
  ldifHeader,
  readLdif,
} from '../../../src/directory/text/index.js';
import { seed } from '../../support/seed.js';

const run = { seed: seed(), numRuns: 300 };

const value = fc
  .oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom(' ', ':', '<', 'a ', '#', '-', 'dn: x', '\n', '\n\n')
      .map((t) => Buffer.from(t)),
  )
  .map((bytes) => Buffer.from(bytes));

const description = fc
  .stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,12}(;[a-zA-Z]{1,8})?$/)
  .filter((name) => !/^(dn|changetype|control|version)$/i.test(name));

const attributes = fc.uniqueArray(
  fc.record({ description, values: fc.array(value, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 6, selector: (a) => a.description.toLowerCase() },
);

/** A DN is text, and a carriage return in one is taken for a file with old line ends. */
const dn = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => text.replaceAll('\r', '\n'));

const controls = fc.array(
  fc.record({
    oid: fc.constantFrom('1.2', '1.2.840.113556.1.4.805'),
    critical: fc.boolean(),
    value: fc.option(value, { nil: undefined }),
  }),
  { maxLength: 2 },
);

const line = fc.constant(0);
const step = fc.record({
  op: fc.constantFrom('add', 'delete', 'replace', 'increment'),
  description,
  values: fc.array(value, { minLength: 1, maxLength: 3 }),
  line,
});
const withLines = attributes.map((all) => all.map((a) => ({ ...a, line: 0 })));
const changeRecord = fc.oneof(
  fc.record({ kind: fc.constant('add'), line, dn, controls, attributes: withLines }),
  fc.record({ kind: fc.constant('delete'), line, dn, controls }),
  fc.record({
    kind: fc.constant('modify'),
    line,
    dn,
    controls,
    changes: fc.array(step, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('modrdn'),
    line,
    dn,
    controls,
    newRdn: dn.map((text) => `cn=${text}`),
    deleteOldRdn: fc.boolean(),
    newSuperior: fc.option(dn, { nil: undefined }),
  }),
) as fc.Arbitrary<LdifRecord>;

/** The same with every line number 0. */
function withoutLines(record: LdifRecord): unknown {
  return JSON.parse(JSON.stringify(record, (key, part) => (key === 'line' ? 0 : part)));
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

test('entries: write, then read in chunks of any size, with LF or CR LF', () => {
  const entries = fc.array(fc.record({ dn, attributes }), { maxLength: 4 });
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 300 }), fc.boolean(), (all, size, crlf) => {
      const text = ldifHeader + all.map((e) => formatEntry(e.dn, e.attributes)).join('');
      expect(text).toMatch(/^[\n -~]*$/);
      expect(text.split('\n').every((l) => l.length <= 76)).toBe(true);
      const bytes = Buffer.from(crlf ? text.replaceAll('\n', '\r\n') : text);
      const read = [...readLdif(cut(bytes, size))].map((record) => {
        if (record.kind !== 'content') throw new Error(record.kind);
        const plain = record.attributes.map(({ description: name, values }) => ({
          description: name,
          values,
        }));
        return { dn: record.dn, attributes: plain };
      });
      expect(read).toEqual(all);
    }),
    run,
  );
});

test('change records: write, then read', () => {
  fc.assert(
    fc.property(fc.array(changeRecord, { maxLength: 4 }), (records) => {
      const bytes = Buffer.from(ldifHeader + records.map(formatRecord).join(''));
      expect([...readLdif([bytes])].map(withoutLines)).toEqual(records.map(withoutLines));
    }),
    run,
  );
});

test('damaged text is read or refused with a line of the file, whatever the chunks', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('\n\r :-<#=\0dé'))), {
    maxLength: 8,
  });
  const outcome = (chunks: Buffer[]): unknown => {
    const read: unknown[] = [];
    try {
      for (const record of readLdif(chunks, { ldifLineBytesMax: 500 })) read.push(record);
    } catch (error) {
      if (!(error instanceof LdifError)) throw error;
      read.push([error.line, error.message]);
    }
    return read;
  };
  let refused = 0;
  fc.assert(
    fc.property(changeRecord, damage, fc.integer({ min: 1, max: 50 }), (record, bytes, size) => {
      const text = Buffer.from(formatRecord(record) + formatRecord(record));
      for (const [at, byte] of bytes) text[at % text.length] = byte;
      const whole = outcome([text]) as unknown[];
      const last = whole[whole.length - 1];
      if (Array.isArray(last)) {
        refused++;
        const lines = text.toString('latin1').split('\n').length;
        expect(last[0]).toBeGreaterThanOrEqual(1);
        expect(last[0]).toBeLessThanOrEqual(lines);
      }
      expect(outcome(cut(text, size))).toEqual(whole);
    }),
    run,
  );
  expect(refused).toBeGreaterThan(0);
});
