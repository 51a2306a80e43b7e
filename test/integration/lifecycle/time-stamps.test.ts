/** modifyTimestamp moves with what looks different, also where only the clock did. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { formatTime, parseTime } from '../../../src/directory/model/time.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  manyPeople,
  person,
  posixGroup,
  unixGroupOfNames,
} from '../../support/directory-people.js';
import { adminDn, suffix } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';
import { block, endsIn, inSeconds, setFacts } from '../../support/facts.js';
import { grant } from '../../support/grants.js';
import { eachServed } from '../../support/served-directory.js';
import { until } from '../../support/wire-client.js';

const HOUR = 3_600;
const ada = person('ada');
const second = person('ada-admin');
const rule = `cn=backup,${suffix}`;
const netgroup = `cn=lab,${suffix}`;
const alias = `cn=all,${suffix}`;
const deputies = `cn=deputy,${suffix}`;

/** Everything that names ada, and as much that does not. */
const touched = [
  ada,
  second,
  group('staff'),
  group('unix'),
  group('wide-unix'),
  rule,
  netgroup,
  alias,
  deputies,
].sort();

function seed(d: TestDirectory): void {
  d.seed({ [ada]: accountValues('ada', { mail: 'ada@example.com' }), ...manyPeople(['bob']) });
  d.seed({
    [second]: { ...accountValues('ada-admin'), lifecyclePrincipal: ada },
    [group('staff')]: groupOfNames('staff', ada, person('bob')),
    [group('unix')]: posixGroup('unix', 'ada'),
    [group('others')]: posixGroup('others', 'bob'),
    [group('wide')]: groupOfNames('wide', group('staff')),
    [group('wide-unix')]: unixGroupOfNames('wide-unix', { member: group('wide') }),
    [rule]: { objectClass: 'sudoRole', cn: 'backup', sudoUser: ['bob', 'ada'] },
    [`cn=not,${suffix}`]: { objectClass: 'sudoRole', cn: 'not', sudoUser: ['!ada', 'bob', 'ALL'] },
    [netgroup]: { objectClass: 'nisNetgroup', cn: 'lab', nisNetgroupTriple: '(-,ada,)' },
    [alias]: { objectClass: 'nisMailAlias', cn: 'all', rfc822MailMember: 'ada@example.com' },
    [deputies]: { objectClass: 'organizationalRole', cn: 'deputy', roleOccupant: ada },
  });
}

const stamp = (d: TestDirectory, dn: string) => d.entry(dn).texts('modifyTimestamp')[0]!;
const since = (d: TestDirectory, time: string) => d.found(`(modifyTimestamp>=${time})`);
const stored = (d: TestDirectory, dn: string) => d.reader.entry(d.names.idOf(dn))!.modifiedAt;

describe('with nothing having run', () => {
  const at = eachDirectory();
  beforeEach(() => seed(at()));

  test('an instant that passes moves what looks different, and nothing else', async () => {
    const d = at();
    await setFacts(d, ada, { lifecycleEngagement: endsIn(d, HOUR) });
    const end = inSeconds(d, HOUR);
    d.clock.advance(HOUR * 1000 - 1);
    // A future end is not to be told from the time stamps of anything.
    expect(since(d, end)).toEqual([]);
    expect(stamp(d, ada)).toBe('20260105090000Z');
    d.clock.advance(1);
    expect(since(d, end)).toEqual(touched);
    for (const dn of touched) expect(stamp(d, dn)).toBe(end);
    expect(stamp(d, person('bob'))).toBe('20260105090000Z');
    expect(d.found(`(modifyTimestamp=${end})`)).toEqual(touched);
    expect(d.found(`(&(modifyTimestamp<=20260105090000Z)(objectClass=sudoRole))`)).toEqual([
      `cn=not,${suffix}`,
    ]);
    expect(d.found(`(&(cn=backup)(!(modifyTimestamp<=20260105090000Z)))`)).toEqual([rule]);
    expect(stored(d, ada)).toBe(parseTime('20260105090000Z'));
  });

  test('the last of several instants counts; a later write counts more', async () => {
    const d = at();
    await setFacts(d, ada, {
      lifecycleAbsence: `kind=x from=${inSeconds(d, HOUR)} until=${inSeconds(d, 2 * HOUR)}`,
    });
    d.clock.advance(90 * 60 * 1000);
    expect(stamp(d, group('unix'))).toBe('20260105100000Z');
    d.clock.advance(HOUR * 1000);
    expect(stamp(d, group('unix'))).toBe('20260105110000Z');
    expect(since(d, '20260105110000Z')).toEqual(touched);
    await ok(d.modify(group('unix'), [['add', 'description', 'x']]));
    expect(stamp(d, group('unix'))).toBe('20260105113000Z');
  });

  test('a granted membership that begins and ends moves its group and its member', async () => {
    const d = at();
    await ok(grant(d, 'bob', 'others', HOUR, HOUR));
    await ok(grant(d, 'ada', 'others', HOUR, HOUR));
    const [begin, end] = [inSeconds(d, HOUR), inSeconds(d, 2 * HOUR)];
    const moved = [ada, group('others')].sort();
    d.clock.advance(HOUR * 1000);
    expect(since(d, begin)).toEqual(moved);
    d.clock.advance(HOUR * 1000);
    expect(since(d, end)).toEqual(moved);
    expect(stamp(d, group('others'))).toBe(end);
  });

  test('what an import says was before the instants that have passed', async () => {
    const d = at();
    await d.import(
      `dn: ${person('eve')}\nobjectClass: inetOrgPerson\nuid: eve\ncn: e\nsn: e\n` +
        'modifyTimestamp: 20200101000000Z\nlifecycleEngagement: id=1 end=20250601000000Z\n',
    );
    expect(stamp(d, person('eve'))).toBe('20250601000000Z');
    expect(d.found('(&(modifyTimestamp>=20250101000000Z)(uid=eve))')).toEqual([person('eve')]);
  });
});

describe('a write that turns a state', () => {
  const at = eachDirectory();
  beforeEach(() => seed(at()));

  test('moves everything that looks different, with its CSN, in the same Change', async () => {
    const d = at();
    d.clock.advance(HOUR * 1000);
    const { seq } = d.half.store.logEnd();
    await setFacts(d, ada, { lifecycleBlock: block(d) });
    expect(since(d, inSeconds(d, 0))).toEqual(touched);
    expect(d.half.store.logEnd().seq).toBe(seq + 1);
    const csns = touched.map((dn) => d.reader.entry(d.names.idOf(dn))!.csn);
    expect(new Set(csns).size).toBe(1);
    d.clock.advance(HOUR * 1000);
    // A fact that turns nothing now moves nobody but its own entry.
    await ok(d.modify(ada, [['add', 'lifecycleEngagement', `id=1 end=${inSeconds(d, HOUR)}`]]));
    expect(since(d, inSeconds(d, 0))).toEqual([ada]);
  });
});

describe('when the tick has run', () => {
  const served = eachServed();
  const d = () => served().directory;
  beforeEach(() => seed(d()));

  test('instants are written down, and nobody could tell the difference', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const end = inSeconds(d(), HOUR);
    d().clock.advance(HOUR * 1000 + 7_000);
    const before = touched.map((dn) => stamp(d(), dn));
    const modifier = d().entry(group('unix')).texts('modifiersName');
    served().advance(0);
    await until(() => stored(d(), ada) === parseTime(end));
    expect(touched.map((dn) => formatTime(stored(d(), dn)))).toEqual(touched.map(() => end));
    expect(touched.map((dn) => stamp(d(), dn))).toEqual(before);
    expect(d().entry(group('unix')).texts('modifiersName')).toEqual(modifier);
    expect(modifier).toEqual([adminDn]);
    expect(since(d(), end)).toEqual(touched);
    const csns = touched.map((dn) => d().reader.entry(d().names.idOf(dn))!.csn);
    expect(new Set(csns).size).toBe(1);
    expect(d().reader.timelines.stampedTo).toBe(parseTime(end)! + 7);
    // Once, and in the log as what it is.
    const items = d()
      .logged(0)
      .filter((item) => item.includes('"touch"'));
    expect(items.length).toBe(touched.length);
    served().advance(HOUR * 1000);
    expect(
      d()
        .logged(0)
        .filter((item) => item.includes('"touch"')),
    ).toHaveLength(items.length);
  });

  test('a company that ends at one instant is written down in slices', async () => {
    const uids = Array.from({ length: 1_200 }, (_, i) => `m${i}`);
    d().seed(manyPeople(uids, { lifecycleEngagement: endsIn(d(), HOUR) }));
    served().advance(HOUR * 1000);
    await until(() => d().reader.timelines.stampedTo >= parseTime(inSeconds(d(), 0))!);
    const stamps = d().written.filter(({ op }) => op === 'stamp');
    expect(stamps).toHaveLength(3);
    expect(since(d(), inSeconds(d(), 0))).toHaveLength(1_200);
  });
});
