/** Who is going to leave, for a role that may see end dates: as a report, and as a search of their own. */
import { beforeEach, expect, test } from '@jest/globals';
import type { AccessEngine } from '../../../src/admin/access.js';
import { accessEngine } from '../../../src/compose/people/index.js';
import { formatTime } from '../../../src/directory/model/time.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { origin, suffix } from '../../support/directory-requests.js';
import { partsOf } from '../../support/people-engine.js';

const at = eachDirectory();
const password = 'right horse';
const DAY = 86_400;
let access: AccessEngine;
const roles = `roles:
  hr: {who: group hr, may: [see end dates], over: department is R-210}
  helpers: {who: group helpers, may: [unlock], over: everyone}
`;

async function install(rest = '') {
  const text = `tenure: 1\n${roles}${rest}`;
  const dn = `cn=policy,${suffix}`;
  if (at().names.idOf(dn) !== 0) {
    await ok(at().modify(dn, [['replace', 'tenurePolicyText', text]]));
    return;
  }
  const objectClass = 'tenureLifecyclePolicy';
  await ok(at().add(dn, { objectClass, cn: 'policy', tenurePolicyText: text }));
}

beforeEach(async () => {
  const leaving = (uid: string, departmentNumber: string, end: string) =>
    personValues(uid, {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      departmentNumber,
      lifecycleEngagement: `id=1 department=${departmentNumber} start=2020-01-01 end=${end}`,
    });
  const given = (uid: string) => personValues(uid, { userPassword: password });
  at().seed({
    [person('pat')]: given('pat'),
    [person('mia')]: given('mia'),
    [person('zoe')]: leaving('zoe', 'R-210', '2026-01-20'),
    [person('abe')]: leaving('abe', 'R-210', '2026-01-10'),
    [person('far')]: leaving('far', 'R-210', '2026-06-30'),
    [person('gone')]: leaving('gone', 'R-210', '2026-01-02'),
    [person('eve')]: leaving('eve', 'E-310', '2026-01-10'),
    [group('hr')]: groupOfNames('hr', person('pat')),
    [group('helpers')]: groupOfNames('helpers', person('mia')),
  });
  await install();
  const d = at();
  access = accessEngine({
    ...partsOf(d),
    logins: {} as never,
    accessMap: defaultConfig.accessMap,
    turn: async () => undefined,
    asking: {
      search: d.directory.search,
      async signIn(name, secret) {
        const request = { dn: person(name), password: Buffer.from(secret) };
        return (await d.directory.authenticate(request, origin)).identity;
      },
    },
  });
});

const report = (name: string, secret = password) =>
  access.report({ kind: 'expiring', days: 30, as: { name, password: secret } });

test('has those whose ends the role may see, and nobody else', async () => {
  const { title, columns, rows } = await report('pat');
  expect(title).toBe('who leaves within 30 days, of those whose end pat may see');
  expect(columns).toEqual(['end', 'login', 'department']);
  expect(rows).toEqual([
    ['2026-01-11 00:00:00 UTC', 'abe', 'R-210'],
    ['2026-01-21 00:00:00 UTC', 'zoe', 'R-210'],
  ]);
  const all = await access.report({ kind: 'expiring', days: 30 });
  expect(all.rows.map(([, login]) => login)).toEqual(['abe', 'eve', 'zoe']);
});

test('over LDAP the same is a search that they may make', () => {
  const now = Math.floor(at().clock.nowMs() / 1000);
  const until = formatTime(now + 30 * DAY);
  const filter = `(&(lifecycleEnd>=${formatTime(now)})(lifecycleEnd<=${until}))`;
  expect(at().foundNames(filter, { as: at().user(person('pat')) })).toEqual(['abe', 'zoe']);
  expect(at().foundNames(filter, { as: at().user(person('mia')) })).toEqual([]);
});

test('is refused to whoever has no such role, with what gives it', async () => {
  const none = await refusal(() => report('mia'), 'insufficientAccessRights');
  expect(none.message).toContain('mia has no role that may see end dates');
  expect(none.message).toContain('may: [see end dates]');
  await refusal(() => report('pat', 'wrong'), 'invalidCredentials');
  await ok(at().modify(group('hr'), [['delete', 'member', person('pat')]]));
  await refusal(() => report('pat'), 'insufficientAccessRights');
});

test('keeps to the rules about reading', async () => {
  const reads = (attributes: string, what = 'everyone') =>
    install(
      `access:\n  tree: {who: anyone who has bound, may: discover, what: not below ou=people}\n  all: {who: anyone who has bound, may: read, what: ${what}, attributes: "${attributes}"}\n`,
    );
  await reads('uid, lifecycleEnd, departmentNumber', 'uid is zoe');
  expect((await report('pat')).rows).toEqual([['2026-01-21 00:00:00 UTC', 'zoe', 'R-210']]);
  await reads('cn, lifecycleEnd');
  expect((await report('pat')).rows).toEqual([
    ['2026-01-11 00:00:00 UTC', 'uid=abe', ''],
    ['2026-01-21 00:00:00 UTC', 'uid=zoe', ''],
  ]);
  await reads('uid, cn');
  expect((await report('pat')).rows).toEqual([]);
});

test('other reports are not for them', async () => {
  const as = { name: 'pat', password };
  await expect(access.report({ kind: 'idle', days: 30, as })).rejects.toThrow(
    'the report "idle" is for administrators alone',
  );
});
