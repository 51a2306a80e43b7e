/** Granting memberships as an administrator does it: names, words for times, what is told of it. */
import { beforeEach, expect, test } from '@jest/globals';
import type { GroupsEngine } from '../../../src/admin/groups.js';
import { groupsEngine } from '../../../src/compose/people/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  person,
  personValues,
  posixGroup,
} from '../../support/directory-people.js';
import { adminDn } from '../../support/directory-requests.js';
import { partsOf } from '../../support/people-engine.js';

const at = eachDirectory();
const HOUR = 3_600_000;
let engine: GroupsEngine;
const who = { by: 'tester', because: 'on call' };

beforeEach(() => {
  at().seed({
    [person('ada')]: accountValues('ada', { cn: 'Ada Lovelace' }),
    [person('prod')]: personValues('prod'),
    [group('prod')]: groupOfNames('prod'),
    [group('wheel')]: posixGroup('wheel'),
  });
  engine = groupsEngine(partsOf(at()));
});

test('a grant is told, listed, in force and logged with its author and reason', async () => {
  const d = at();
  const done = await engine.grant({ name: 'ada lovelace', group: 'PROD', forMs: 8 * HOUR, ...who });
  const grant = {
    dn: person('ada'),
    login: 'ada',
    group: 'prod',
    groupDn: group('prod'),
    from: '2026-01-05T09:00:00.000Z',
    until: '2026-01-05T17:00:00.000Z',
    holds: true,
    because: 'on call',
    by: adminDn,
  };
  expect(done).toEqual({
    ...grant,
    now: '2026-01-05T09:00:00.000Z',
    zone: 'UTC',
    before: undefined,
    anyway: false,
  });
  expect(d.entry(person('ada')).texts('memberOf')).toEqual([group('prod')]);
  expect((await engine.grants({})).grants).toEqual([grant]);
  expect((await engine.grants({ name: 'ada' })).grants).toEqual([grant]);
  expect((await engine.grants({ name: 'uid=prod,ou=people,dc=example,dc=com' })).grants).toEqual(
    [],
  );
  const [reason] = d.sql('SELECT reason FROM change ORDER BY seq DESC LIMIT 1').flat();
  expect(reason).toBe('tenure grant by tester: on call');
  d.clock.advance(8 * HOUR);
  expect((await engine.grants({})).grants).toEqual([]);
  expect(d.entry(person('ada')).texts('memberOf')).toEqual([]);
});

test('until a moment in words; one that begins later is listed as such', async () => {
  await engine.grant({ name: 'ada', group: 'wheel', until: '17:00', ...who });
  await engine.grant({ name: 'ada', group: 'prod', from: 'tomorrow', until: '2026-01-07', ...who });
  const { grants } = await engine.grants({});
  expect(grants.map(({ group: cn, from, until, holds }) => [cn, from, until, holds])).toEqual([
    ['wheel', '2026-01-05T09:00:00.000Z', '2026-01-05T17:00:00.000Z', true],
    ['prod', '2026-01-06T00:00:00.000Z', '2026-01-08T00:00:00.000Z', false],
  ]);
  expect(at().entry(group('wheel')).texts('memberUid')).toEqual(['ada']);
});

test('what it takes the place of, and what stays anyway, is told', async () => {
  const d = at();
  await ok(d.modify(group('prod'), [['add', 'member', person('ada')]]));
  const first = await engine.grant({ name: 'ada', group: 'prod', forMs: HOUR, ...who });
  expect(first).toMatchObject({ before: undefined, anyway: true });
  const second = await engine.grant({ name: 'ada', group: 'prod', forMs: 2 * HOUR, ...who });
  expect(second).toMatchObject({ before: '2026-01-05T10:00:00.000Z', anyway: true });
});

test('revoke ends it, and only what was granted', async () => {
  const d = at();
  await engine.grant({ name: 'ada', group: 'wheel', forMs: HOUR, ...who });
  expect(await engine.revoke({ name: 'ada', group: 'wheel', ...who })).toMatchObject({
    login: 'ada',
    group: 'wheel',
  });
  expect(d.entry(group('wheel')).texts('memberUid')).toEqual([]);
  await ok(d.modify(group('wheel'), [['add', 'memberUid', 'ada']]));
  const again = engine.revoke({ name: 'ada', group: 'wheel', ...who });
  expect((await refusal(() => again, 'noSuchAttribute')).message).toContain('is granted to ada');
});

test('what is no group, no person, no time', async () => {
  const order = { name: 'ada', group: 'prod', forMs: HOUR, ...who };
  const grant = (more: object) => () => engine.grant({ ...order, ...more });
  expect((await refusal(grant({ group: 'ada lovelace' }), 'unwillingToPerform')).message).toContain(
    'is no group',
  );
  await refusal(grant({ group: 'nowhere' }), 'noSuchObject');
  expect((await refusal(grant({ name: 'wheel' }), 'unwillingToPerform')).message).toContain(
    'neither a person',
  );
  const { forMs: _, ...bare } = order;
  await expect(engine.grant({ ...bare, until: 'soonish' })).rejects.toThrow('--until: "soonish"');
  await expect(engine.grant({ ...bare, until: '2026-01-04' })).rejects.toThrow('be over before');
});
