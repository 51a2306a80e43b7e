/**
 * Random requests as a client sends them, over the names, attributes and values of two-worlds.ts:
 * whatever may be asked of a directory, and the writes that somebody may try.
 */
import fc from 'fast-check';
import type { Filter } from '../../src/directory/model/filter.js';
import {
  accountUsabilityOid,
  assertionOid,
  type Control,
  effectiveRightsOid,
  encodeAssertion,
  encodePagedResults,
  encodeReadEntryRequest,
  pagedResultsOid,
  passwordPolicyOid,
  postReadOid,
  preReadOid,
  type RequestOp,
} from '../../src/ldap/protocol/index.js';
import { group, groups, people, person } from './directory-people.js';
import { suffix } from './directory-requests.js';
import { hidden, labs, uids, vault } from './two-worlds.js';

export interface Request {
  readonly op: RequestOp;
  readonly controls: readonly Control[];
}

const b = (text: string) => Buffer.from(text);

const names = fc.constantFrom(
  ...[...uids, ...uids, ...uids, ...hidden, 'none'].map(person),
  ...['crew', 'nest', 'none'].map(group),
  ...[`uid=below,${person('hid')}`, `uid=pub,${vault}`, `cn=bench,${labs}`, `cn=made,${labs}`],
  ...[suffix, people, groups, labs, vault, `cn=new,${labs}`, `cn=policy,${suffix}`, ''],
);

const phones = ['111', '222', '333', '7', '0'];
const words = ['ada', 'ada tester', 'Hidden', 'hex', 'Hex', 'made', 'B-1', 'TRUE', '2', 'here'];
const text = fc.oneof(fc.constantFrom(...phones, ...words), names);

const personal = ['homePhone', 'carLicense', 'mobile', 'telephoneNumber', 'title'];
const other = ['uid', 'cn', 'sn', 'name', 'description', 'objectClass', 'roomNumber', 'ou'];
const naming = ['member', 'memberOf', 'manager', 'memberUid', 'creatorsName', 'modifiersName'];
const kept = [
  'userPassword',
  'entryDN',
  'numSubordinates',
  'hasSubordinates',
  'modifyTimestamp',
].concat(
  ['entryCSN', 'lifecycleState', 'nsAccountLock', 'pwdChangedTime', 'noSuchAttribute'],
  ['structuralObjectClass', 'pwdPolicySubentry', 'tenurePolicyText', 'supportedControl'],
);
const attribute = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...personal) },
  { weight: 2, arbitrary: fc.constantFrom(...other) },
  { weight: 3, arbitrary: fc.constantFrom(...naming) },
  { weight: 2, arbitrary: fc.constantFrom(...kept) },
);
const value = text.map(b);

/** An attribute with a value that it may well have. */
const fitting = fc.oneof(
  fc.tuple(
    fc.constantFrom('homePhone', 'telephoneNumber', 'mobile', 'title'),
    fc.constantFrom(...phones),
  ),
  fc.tuple(fc.constant('carLicense'), fc.constantFrom('B-1', 'B-2')),
  fc.tuple(
    fc.constantFrom('manager', 'member', 'memberOf', 'creatorsName', 'modifiersName'),
    names,
  ),
);
const pair = fc.oneof(
  { weight: 2, arbitrary: fitting.map(([name, of]) => [name, b(of)] as const) },
  { weight: 1, arbitrary: fc.tuple(attribute, value) },
);

const piece = fc.constantFrom('1', '2', '11', 'ad', 'h', 'B', 'e').map(b);
const inChain = '1.2.840.113556.1.4.1941';
const rule = fc.constantFrom(
  undefined,
  'caseIgnoreMatch',
  'distinguishedNameMatch',
  'telephoneNumberMatch',
  '1.2.840.113556.1.4.803',
  inChain,
);
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .tuple(fc.constantFrom('equality', 'equality', 'greaterOrEqual', 'lessOrEqual', 'approx'), pair)
    .map(
      ([kind, [name, of]]): Filter => ({ kind: kind as 'equality', attribute: name, value: of }),
    ),
  attribute.map((name): Filter => ({ kind: 'present', attribute: name })),
  fc.tuple(attribute, fc.nat(2), piece).map(
    ([name, where, of]): Filter => ({
      kind: 'substrings',
      attribute: name,
      initial: where === 0 ? of : undefined,
      any: where === 1 ? [of] : [],
      final: where === 2 ? of : undefined,
    }),
  ),
  fc.tuple(rule, pair, fc.boolean(), fc.nat(4)).map(
    ([by, [name, of], dnAttributes, form]): Filter => ({
      kind: 'extensible',
      rule: by,
      attribute: form === 0 && by !== undefined ? undefined : name,
      value: of,
      dnAttributes,
    }),
  ),
  // From entry to entry.
  fc.constantFrom(...uids.map(person)).map(
    (of): Filter => ({
      kind: 'extensible',
      rule: inChain,
      attribute: 'manager',
      value: b(of),
      dnAttributes: false,
    }),
  ),
);
const filter: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'session' },
    { weight: 5, arbitrary: leaf },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('and', 'or'),
          fc.array(tie('tree'), { minLength: 1, maxLength: 3, depthIdentifier: 'session' }),
        )
        .map(([kind, filters]): Filter => ({ kind: kind as 'and', filters })),
    },
    { weight: 2, arbitrary: tie('tree').map((one): Filter => ({ kind: 'not', filter: one })) },
  ),
})).tree;

const asked = fc.constantFrom<readonly string[]>(
  [],
  ['*', '+'],
  ['+'],
  ['1.1'],
  [...personal, ...naming],
  ['memberOf', 'modifiersName'],
);

const control = (oid: string, of: Buffer | undefined, critical = true): Control => {
  return { oid, critical, value: of };
};
const asserted = filter.map((of) => control(assertionOid, encodeAssertion(of)));
const before = asked.map((of) => control(preReadOid, encodeReadEntryRequest(of)));
const after = asked.map((of) => control(postReadOid, encodeReadEntryRequest(of)));
/** Server-side sorting (RFC 2891) by a forbidden attribute: refused where it is critical. */
const sorted = control(
  '1.2.840.113556.1.4.473',
  Buffer.from('300b3009 0407 6d6f62696c6531'.replaceAll(' ', ''), 'hex'),
  false,
);

/** Each of them now and then. */
const few = (...of: readonly fc.Arbitrary<Control>[]) =>
  fc
    .tuple(
      ...of.map((one) =>
        fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one }),
      ),
    )
    .map((all) => all.filter((one) => one !== undefined));

const search = fc
  .record({
    base: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(suffix, people) },
      { weight: 1, arbitrary: names },
    ),
    scope: fc.constantFrom(0, 1, 2, 2),
    deref: fc.constantFrom(0, 3),
    sizeLimit: fc.constantFrom(0, 0, 0, 0, 1, 3),
    typesOnly: fc.boolean(),
    filter,
    attributes: asked,
    controls: few(
      asserted,
      fc.constant(sorted),
      fc.constant(control(accountUsabilityOid, undefined, false)),
      fc.constant(control(effectiveRightsOid, b(''), false)),
      fc
        .constantFrom(1, 2)
        .map((size) => control(pagedResultsOid, encodePagedResults({ size, cookie: b('') }))),
    ),
  })
  .map(({ base, deref, controls, ...rest }): Request => {
    const op = { kind: 'search', baseObject: base, derefAliases: deref, timeLimit: 0, ...rest };
    return { op: op as RequestOp, controls };
  });

const compare = fc
  .record({ entry: names, pair, controls: few(asserted) })
  .map(({ entry, pair: [name, of], controls }): Request => {
    return { op: { kind: 'compare', entry, attribute: name, value: of }, controls };
  });

const changes = fc.array(
  fc
    .tuple(fc.constantFrom('add', 'delete', 'replace'), pair, fc.nat(3))
    .map(([operation, [name, of], form]) => [operation, name, form === 0 ? [] : [of]] as const),
  { minLength: 1, maxLength: 2 },
);
const modify = fc
  .record({ object: names, changes, controls: few(asserted, before, after) })
  .map(({ object, changes: all, controls }): Request => {
    const list = all.map(([operation, description, values]) => {
      return { operation: operation as 'add', modification: { description, values } };
    });
    return { op: { kind: 'modify', object, changes: list }, controls };
  });

const add = fc
  .record({ entry: names, more: fc.option(fc.tuple(attribute, value)), controls: few(after) })
  .map(({ entry, more, controls }): Request => {
    const cn = /^cn=([^,]+)/.exec(entry)?.[1] ?? 'new';
    const plain = { objectClass: 'person', cn, sn: 'new' };
    const attributes = Object.entries(plain).map(([description, of]) => {
      return { description, values: [b(of)] };
    });
    if (more) attributes.push({ description: more[0], values: [more[1]] });
    return { op: { kind: 'add', entry, attributes }, controls };
  });

const remove = fc
  .record({ entry: names, controls: few(asserted, before) })
  .map(({ entry, controls }): Request => ({ op: { kind: 'delete', entry }, controls }));

const rename = fc
  .record({
    entry: names,
    newRdn: fc.constantFrom('cn=bench', 'cn=other', 'uid=zoe', 'uid=bob'),
    deleteOldRdn: fc.boolean(),
    newSuperior: fc.option(names, { nil: undefined }),
    controls: few(asserted, before, after),
  })
  .map(({ controls, ...rest }): Request => ({ op: { kind: 'modifyDn', ...rest }, controls }));

const bind = fc
  .tuple(names, fc.constant(control(passwordPolicyOid, undefined, false)))
  .map(([name, policy]): Request => {
    const authentication = { kind: 'simple', password: b('nobody-has-this') } as const;
    return { op: { kind: 'bind', version: 3, name, authentication }, controls: [policy] };
  });

/** What may be asked without losing the session. */
export const requests: fc.Arbitrary<Request> = fc.oneof(
  { weight: 10, arbitrary: search },
  { weight: 4, arbitrary: compare },
  { weight: 4, arbitrary: modify },
  { weight: 1, arbitrary: add },
  { weight: 1, arbitrary: remove },
  { weight: 1, arbitrary: rename },
);

/** Guesses at names: each ends the session that it is sent on. */
export const guesses: fc.Arbitrary<Request> = bind;
