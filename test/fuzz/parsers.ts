/**
 * Texts into the parsers, in this process: names, filters, LDIF, schema definitions, whole messages.
 * Each may refuse in its own way; whatever else it throws is a defect.
 */
import { parseDn } from '../../src/directory/model/dn.js';
import { builtinSchema, dnFault, normalizeDn } from '../../src/directory/schema/index.js';
import {
  FilterSyntaxError,
  formatFilter,
  LdifError,
  parseFilter,
  readLdif,
} from '../../src/directory/text/index.js';
import { decodeRequest, encodeRequest } from '../../src/ldap/protocol/index.js';
import { defaultLimits } from '../../src/runtime/limits.js';
import type { Chance } from './chance.js';
import { controls, dn, filter, request } from './requests.js';

const schema = builtinSchema();

const ldifs = [
  'version: 1\n\ndn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n',
  'dn: cn=x\nchangetype: modify\nadd: mail\nmail: a@b\n-\nreplace: sn\nsn:: w7xiZXI=\n-\n\n',
  'dn:: Y249eA==\nchangetype: modrdn\nnewrdn: cn=y\ndeleteoldrdn: 1\nnewsuperior: o=z\n\n',
  'dn: cn=x\ncontrol: 1.2.3 true: abc\nchangetype: delete\n\n# remark\n folded\n',
  'dn: cn=x\njpegPhoto:< file:///nowhere\nlong: a\n b\n c\n\n',
];

function mangled(chance: Chance, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return chance.bytes(chance.int(8));
  const list = [...bytes];
  for (let i = 0; i <= chance.int(4); i++) {
    const at = chance.int(list.length + 1);
    const octet = chance.once(2)
      ? chance.int(256)
      : chance.pick([10, 13, 32, 58, 60, 92, 42, 40, 41]);
    if (chance.once(2)) list.splice(at, 1);
    else list.splice(at, 0, octet);
  }
  return Buffer.from(list);
}

interface Parser {
  readonly name: string;
  /** Runs the parser on something; throws what it must not throw. Returns what it was given. */
  run(chance: Chance): string;
  readonly refusals: readonly (new (...args: never[]) => Error)[];
}

const parsers: readonly Parser[] = [
  {
    name: 'names',
    refusals: [],
    run(chance) {
      const text = mangled(chance, dn(chance)).toString(chance.once(4) ? 'latin1' : 'utf8');
      const parsed = parseDn(text);
      const normal = normalizeDn(schema, text);
      const fault = dnFault(schema, text);
      if ((normal === undefined) !== (fault !== undefined)) {
        throw new Error(`a name is refused by one and taken by the other: ${JSON.stringify(text)}`);
      }
      return JSON.stringify([text, typeof parsed]);
    },
  },
  {
    name: 'filters',
    refusals: [FilterSyntaxError],
    run(chance) {
      const text = mangled(chance, formatFilter(filter(chance))).toString('utf8');
      const again = formatFilter(parseFilter(text));
      if (formatFilter(parseFilter(again)) !== again) throw new Error(`not stable: ${again}`);
      return text;
    },
  },
  {
    name: 'LDIF',
    refusals: [LdifError],
    run(chance) {
      const bytes = mangled(chance, chance.pick(ldifs) + chance.pick(ldifs));
      const cut = chance.int(bytes.length + 1);
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
      for (const record of readLdif(chunks, defaultLimits)) void record.dn;
      return bytes.toString('latin1');
    },
  },
  {
    name: 'messages',
    refusals: [],
    run(chance) {
      const bytes = Buffer.from(
        encodeRequest(1 + chance.int(99), request(chance), controls(chance)),
      );
      for (let i = 0; i <= chance.int(6); i++) bytes[chance.int(bytes.length)] = chance.int(256);
      const message = decodeRequest(bytes, defaultLimits);
      if (message.kind === 'request')
        encodeRequest(message.messageId, message.op, message.controls);
      return bytes.toString('hex');
    },
  },
];

/** Runs one text through each parser; what is wrong, or undefined. */
export function parseOne(chance: Chance): string | undefined {
  for (const { name, run, refusals } of parsers) {
    try {
      run(chance);
    } catch (error) {
      if (refusals.some((refusal) => error instanceof refusal)) continue;
      return `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    }
  }
  return undefined;
}
