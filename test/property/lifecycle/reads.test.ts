/**
 * Random histories of people, looked at after each event by everybody who may look: nobody who is
 * not active shows anything that opens something, in any search; what is shown is what is found; and
 * an end that is quiet changes nothing that anybody without the role can see.
 * SEED repeats a run, RUNS sets how many histories are made.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '../../../src/directory/model/filter.js';
import { type State, stateAt } from '../../../src/directory/model/timeline.js';
import type { Context } from '../../../src/directory/operations/index.js';
import { factsOf } from '../../../src/directory/operations/lifecycle/index.js';
import { formatFilter } from '../../../src/directory/text/index.js';
import { fold } from '../../../src/policy/core/index.js';
import { group, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import {
  app,
  events,
  happen,
  host,
  keyOf,
  logins,
  netgroup,
  populate,
  sudoRule,
} from '../../support/random-histories.js';
import { Oracle } from '../../support/random-oracle.js';
import { checkRandomly } from '../../support/random-runs.js';

const RUNS_BY_DEFAULT = 5;
const seconds = (d: TestDirectory) => Math.floor(d.clock.nowMs() / 1000);

/** The state that the facts give, worked out without the directory's timelines. */
function stateOf(d: TestDirectory, login: string): State {
  const entry = d.entry(person(login), ['*']);
  const facts = factsOf((key) => {
    const name = [...entry.attributes.keys()].find((one) => one.toLowerCase() === key);
    return name === undefined ? [] : entry.texts(name);
  });
  if ('fault' in facts) throw new Error(facts.fault);
  const timeline = fold(facts, {
    zone: 'UTC',
    endDateMeans: 'the whole of the last day',
    withoutEngagement: 'active',
    openEnds: false,
    principal: 0,
  });
  return timeline === undefined ? 'active' : stateAt(timeline, seconds(d));
}

function checkDoors(d: TestDirectory, as: Context, states: ReadonlyMap<string, State>): void {
  const active = logins.filter((login) => states.get(login) === 'active');
  const dns = active.map(person).sort();
  const found = (filter: string) => d.foundNames(filter, { as });
  const texts = (dn: string, name: string) => d.entry(dn, [name], as).texts(name).sort();
  const shown = {
    member: texts(group('inner'), 'member'),
    uniqueMember: texts(group('unique'), 'uniqueMember'),
    memberUid: texts(group('posix'), 'memberUid'),
    sudoUser: texts(sudoRule, 'sudoUser').filter((value) => !value.startsWith('!')),
    denied: texts(sudoRule, 'sudoUser').filter((value) => value.startsWith('!')).length,
    netgroup: texts(netgroup, 'nisNetgroupTriple'),
    keys: found('(sshPublicKey=*)'),
    radius: found('(radiusFilterId=vlan-*)'),
    nested: found(`(memberOf=${group('outer')})`).filter((name) => name !== 'inner'),
    grouped: found('(&(uid=p*)(memberOf=*))'),
    shells: found('(loginShell=/bin/bash)'),
    byKey: logins.filter((login) => found(`(sshPublicKey=${keyOf(login)})`).length > 0),
    byMember: logins.filter((login) => found(`(member=${person(login)})`).length > 0),
    byUid: logins.filter((login) => found(`(memberUid=${login})`).length > 0),
    bySudo: logins.filter((login) => found(`(sudoUser=${login})`).length > 0),
    unlocked: found('(&(uid=p*)(!(nsAccountLock=TRUE)))'),
    normal: found('(&(uid=p*)(userAccountControl=512))'),
  };
  expect(shown).toEqual({
    member: dns,
    uniqueMember: dns,
    memberUid: active,
    sudoUser: active,
    denied: logins.length,
    netgroup: active.map((login) => `(,${login},)`),
    keys: active,
    radius: active,
    nested: active,
    grouped: active,
    shells: active,
    byKey: active,
    byMember: active,
    byUid: active,
    bySudo: active,
    unlocked: active,
    normal: active,
  });
}

const hiddenFrom: Readonly<Record<'admin' | 'app' | 'host', ReadonlySet<State>>> = {
  admin: new Set(),
  app: new Set(['staged', 'sealed', 'destroyed', 'archived', 'purged']),
  host: new Set(['staged', 'purged']),
};

test('nobody who is not active shows a credential or a membership in any search', async () => {
  const history = fc.asyncProperty(
    fc.array(events, { minLength: 6, maxLength: 14 }),
    async (list) => {
      const d = await TestDirectory.open();
      try {
        populate(d);
        const viewers = { admin: d.admin, app: d.user(app), host: d.user(host) };
        for (const event of list) {
          await happen(d, event);
          const states = new Map(logins.map((login) => [login, stateOf(d, login)]));
          for (const [who, as] of Object.entries(viewers) as [
            'admin' | 'app' | 'host',
            Context,
          ][]) {
            checkDoors(d, as, states);
            const seen = logins.filter((login) => !hiddenFrom[who].has(states.get(login)!));
            expect(d.foundNames('(uid=p*)', { as })).toEqual(seen);
          }
        }
      } finally {
        await d.close();
      }
    },
  );
  await checkRandomly(history, RUNS_BY_DEFAULT);
}, 240_000);

const tested: readonly (readonly [string, readonly string[]])[] = [
  ['lifecycleState', ['active', 'suspended', 'LEAVE', 'offboarded', 'staged']],
  ['nsAccountLock', ['TRUE', 'true', 'FALSE']],
  ['userAccountControl', ['512', '514', '2']],
  ['shadowExpire', ['1', '20458', '20460']],
  ['loginExpirationTime', ['20260105090000Z', '20260106090000Z']],
  ['pwdAccountLockedTime', ['000001010000Z', '20260105090000Z']],
  ['loginShell', ['/bin/bash', '/usr/sbin/nologin']],
  ['orclIsEnabled', ['DISABLED']],
  ['memberOf', [group('inner'), group('outer'), group('unique')]],
  ['member', [person('p0'), person('p2'), group('inner')]],
  ['uniqueMember', [person('p1')]],
  ['memberUid', ['p0', 'p3', 'ghost']],
  ['sudoUser', ['p0', '!p0', 'p2']],
  ['radiusFilterId', ['vlan-p0', 'vlan-p3']],
  ['uid', ['p0', 'p1', 'p2']],
];

const leaf = fc
  .constantFrom(...tested)
  .chain(([attribute, values]) =>
    fc.record({
      kind: fc.constantFrom(
        'equality',
        'equality',
        'present',
        'greaterOrEqual',
        'lessOrEqual',
        'bits',
      ),
      attribute: fc.constant(attribute),
      value: fc.constantFrom(...values).map((text) => Buffer.from(text)),
    }),
  )
  .map(({ kind, attribute, value }): Filter => {
    if (kind === 'present') return { kind, attribute };
    if (kind !== 'bits') return { kind: kind as 'equality', attribute, value };
    const rule = '1.2.840.113556.1.4.803';
    const two = Buffer.from('2');
    return {
      kind: 'extensible',
      rule,
      attribute: 'userAccountControl',
      value: two,
      dnAttributes: false,
    };
  });
const tree: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('tree').map((filter): Filter => ({ kind: 'not', filter })),
    fc
      .array(tie('tree'), { minLength: 1, maxLength: 3 })
      .map((filters): Filter => ({ kind: 'and', filters })),
    fc
      .array(tie('tree'), { minLength: 1, maxLength: 3 })
      .map((filters): Filter => ({ kind: 'or', filters })),
  ),
})).tree;

test('what is shown is what is found, by whoever asks', async () => {
  const history = fc.asyncProperty(
    fc.array(events, { minLength: 4, maxLength: 10 }),
    fc.array(tree, { minLength: 40, maxLength: 60 }),
    async (list, filters) => {
      const d = await TestDirectory.open();
      try {
        populate(d);
        for (const event of list) await happen(d, event);
        for (const as of [d.admin, d.user(app), d.user(host)]) {
          // What the classes of an entry do not allow is shown to whoever names it.
          const attributes = ['*', '+', ...tested.map(([name]) => name)];
          const { entries } = d.search('(objectClass=*)', { attributes, as });
          const oracle = new Oracle(entries);
          for (const filter of filters) {
            const text = formatFilter(filter);
            const found = d.found(text, { as });
            expect({ text, found }).toEqual({ text, found: oracle.found(filter, suffix, 'sub') });
          }
        }
      } finally {
        await d.close();
      }
    },
  );
  await checkRandomly(history, RUNS_BY_DEFAULT);
}, 240_000);

/** Everything that somebody can see of everything. */
function sight(d: TestDirectory, as: Context): unknown {
  const { entries } = d.search('(objectClass=*)', { attributes: ['*', '+'], as });
  return entries.map(({ dn, attributes }) => [
    dn,
    [...attributes].map(([name, values]) => [name, values.map(String)]),
  ]);
}

/** Whom a filter finds, or why nobody is told. */
function answer(d: TestDirectory, filter: string, as: Context): unknown {
  const { entries, done } = d.search(filter, { attributes: ['1.1'], as });
  return [entries.map(({ dn }) => dn), done];
}

const asks = [
  '(lifecycleEnd>=20260105000000Z)',
  '(!(lifecycleEnd=*))',
  '(lifecycleEngagement=*end*)',
  '(shadowExpire>=20500)',
  '(&(uid=p*)(!(shadowExpire=*)))',
  '(pwdEndTime=*)',
  '(loginExpirationTime=*)',
];

test('a future end that is quiet is seen by nobody without the role', async () => {
  const history = fc.asyncProperty(
    fc.array(events, { minLength: 4, maxLength: 10 }),
    fc.integer({ min: 1, max: 28 }),
    async (list, day) => {
      const [told, quiet] = [await TestDirectory.open(), await TestDirectory.open()];
      // Behind everything that the history reaches.
      const end = `202701${String(day).padStart(2, '0')}120000Z`;
      try {
        for (const d of [told, quiet]) populate(d);
        for (const event of list) {
          const happened = await happen(told, event);
          // Facts that open what was closed are refused, and an end may make the difference: from
          // there on the two differ in more than ends.
          if (happened !== (await happen(quiet, event, end))) return;
          // There is something to be seen, for whoever may.
          for (const dn of logins.map(person)) {
            const kept = (d: TestDirectory) => d.entry(dn, ['*']).texts('lifecycleEngagement');
            const ended = (text: string) => (text.includes(' end=') ? text : `${text} end=${end}`);
            expect(kept(quiet)).toEqual(kept(told).map(ended));
          }
          for (const who of [person('p0'), person('p3'), app, host]) {
            expect(sight(quiet, quiet.user(who))).toEqual(sight(told, told.user(who)));
            for (const filter of asks) {
              expect(answer(quiet, filter, quiet.user(who))).toEqual(
                answer(told, filter, told.user(who)),
              );
            }
          }
        }
      } finally {
        await told.close();
        await quiet.close();
      }
    },
  );
  await checkRandomly(history, RUNS_BY_DEFAULT);
}, 240_000);
