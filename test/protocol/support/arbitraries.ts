/** Any request, any response, as the codec types describe them. */
import fc from 'fast-check';
import type {
  Control,
  Filter,
  LdapResult,
  PartialAttribute,
  RequestOp,
  ResponseOp,
} from '../../../src/ldap/protocol/index.js';

/** A record with the ordinary prototype, as decoders make them. */
export function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

const bytes = fc
  .uint8Array({ maxLength: 40 })
  .map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
const longBytes = fc
  .integer({ min: 100, max: 70_000 })
  .map((length) => Buffer.alloc(length, length & 0xff));
/** Mostly short; now and then past the lengths where the length field grows. */
export const value = fc.oneof(
  { weight: 30, arbitrary: bytes },
  { weight: 1, arbitrary: longBytes },
);
/** Any Unicode text that UTF-8 can hold; often a plain name. */
export const text = fc.oneof(
  fc.constantFrom('cn', 'uid', 'ou=people,dc=example,dc=com', ''),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
);
const maxInt = fc.oneof(
  fc.integer({ min: 0, max: 0x7fffffff }),
  fc.constantFrom(0, 127, 128, 65535),
);
export const messageId = fc.oneof(
  fc.integer({ min: 1, max: 0x7fffffff }),
  fc.constantFrom(1, 127, 128, 255, 256, 32767, 32768, 0x7fffffff),
);

const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined });

const assertion = record({
  kind: fc.constantFrom('equality', 'greaterOrEqual', 'lessOrEqual', 'approx'),
  attribute: text,
  value,
});
const substrings = record({
  kind: fc.constant('substrings' as const),
  attribute: text,
  initial: optional(bytes),
  any: fc.array(bytes, { maxLength: 4 }),
  final: optional(bytes),
}).filter((f) => f.initial !== undefined || f.any.length > 0 || f.final !== undefined);
const extensible = record({
  kind: fc.constant('extensible' as const),
  rule: optional(text),
  attribute: optional(text),
  value: bytes,
  dnAttributes: fc.boolean(),
}).filter((f) => f.rule !== undefined || f.attribute !== undefined);

export const filter: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    assertion,
    substrings,
    extensible,
    record({ kind: fc.constant('present' as const), attribute: text }),
    record({
      kind: fc.constantFrom('and', 'or'),
      filters: fc.array(tie('filter'), { maxLength: 4 }),
    }),
    record({ kind: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter;

export const attribute: fc.Arbitrary<PartialAttribute> = record({
  description: text,
  values: fc.array(value, { maxLength: 4 }),
});
const filledAttribute = record({
  description: text,
  values: fc.array(value, { minLength: 1, maxLength: 4 }),
});

export const controls: fc.Arbitrary<readonly Control[]> = fc.array(
  record({
    oid: fc.constantFrom('1.2.840.113556.1.4.319', '1.2'),
    critical: fc.boolean(),
    value: optional(value),
  }),
  { maxLength: 3 },
);

export const requestOp: fc.Arbitrary<RequestOp> = fc.oneof(
  record({
    kind: fc.constant('bind' as const),
    version: fc.integer({ min: 1, max: 127 }),
    name: text,
    authentication: fc.oneof(
      record({ kind: fc.constant('simple' as const), password: value }),
      record({
        kind: fc.constant('sasl' as const),
        mechanism: text,
        credentials: optional(value),
      }),
      record({ kind: fc.constant('unknown' as const), tag: fc.constantFrom(0x89, 0x8a) }),
    ),
  }),
  record({ kind: fc.constant('unbind' as const) }),
  record({
    kind: fc.constant('search' as const),
    baseObject: text,
    scope: fc.constantFrom(0, 1, 2),
    derefAliases: fc.constantFrom(0, 1, 2, 3),
    sizeLimit: maxInt,
    timeLimit: maxInt,
    typesOnly: fc.boolean(),
    filter,
    attributes: fc.array(text, { maxLength: 8 }),
  }),
  record({
    kind: fc.constant('modify' as const),
    object: text,
    changes: fc.array(
      record({
        operation: fc.constantFrom('add', 'delete', 'replace', 'increment'),
        modification: attribute,
      }),
      { maxLength: 5 },
    ),
  }),
  record({
    kind: fc.constant('add' as const),
    entry: text,
    attributes: fc.array(filledAttribute, { maxLength: 5 }),
  }),
  record({ kind: fc.constant('delete' as const), entry: text }),
  record({
    kind: fc.constant('modifyDn' as const),
    entry: text,
    newRdn: text,
    deleteOldRdn: fc.boolean(),
    newSuperior: optional(text),
  }),
  record({ kind: fc.constant('compare' as const), entry: text, attribute: text, value }),
  record({ kind: fc.constant('abandon' as const), abandonedId: maxInt }),
  record({
    kind: fc.constant('extended' as const),
    requestName: text,
    requestValue: optional(value),
  }),
);

const result: fc.Arbitrary<LdapResult> = record({
  resultCode: fc.integer({ min: 0, max: 4096 }),
  matchedDn: text,
  diagnosticMessage: text,
  referral: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
});

const named = { responseName: optional(text), responseValue: optional(value) };

export const responseOp: fc.Arbitrary<ResponseOp> = fc.oneof(
  record({
    kind: fc.constant('searchEntry' as const),
    objectName: text,
    attributes: fc.array(attribute, { maxLength: 6 }),
  }),
  record({
    kind: fc.constant('searchReference' as const),
    uris: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc
    .tuple(
      fc.constantFrom(
        'searchDone' as const,
        'modifyResponse' as const,
        'addResponse' as const,
        'deleteResponse' as const,
        'modifyDnResponse' as const,
        'compareResponse' as const,
      ),
      result,
    )
    .map(([kind, rest]) => ({ kind, ...rest })),
  fc.tuple(result, optional(value)).map(([rest, serverSaslCreds]) => ({
    kind: 'bindResponse' as const,
    ...rest,
    serverSaslCreds,
  })),
  fc
    .tuple(result, record(named))
    .map(([rest, names]) => ({ kind: 'extendedResponse' as const, ...rest, ...names })),
  record({ kind: fc.constant('intermediate' as const), ...named }),
);
