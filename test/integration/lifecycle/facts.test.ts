/** Facts as they are written: what makes no sense, what must stay, whose a block is, and principals. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseTimeline } from '../../../src/directory/model/timeline.js';
import { textsIn } from '../../../src/directory/operations/lifecycle/fact-values.js';
import { assertFactsKept, opensAt } from '../../../src/directory/operations/lifecycle/opened.js';
import type { Attributes } from '../../../src/directory/operations/write/attributes.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { adminDn, suffix } from '../../support/directory-requests.js';
import { setFacts } from '../../support/facts.js';

const ada = person('ada');
const bob = person('bob');
const at = eachDirectory();
const texts = (name: string, dn = ada) => at().entry(dn).texts(name);
const state = (dn = ada) => texts('lifecycleState', dn)[0];

beforeEach(() => at().seed(manyPeople(['ada', 'bob'])));

describe('what makes no sense is refused', () => {
  test.each([
    [
      'lifecycleEngagement',
      ['id=1 end=2026-01-01 start=2026-02-01'],
      'ends (end=2026-01-01) before it begins (start=2026-02-01)',
    ],
    [
      'lifecycleEngagement',
      ['id=1', 'id=1 start=2026-02-01'],
      'has the id 1, which another engagement has',
    ],
    ['lifecycleEngagement', ['start=2026-02-01'], 'lacks id='],
    [
      'lifecycleAbsence',
      ['kind=x from=2026-02-01 until=2026-01-01'],
      'ends (until=2026-01-01) before it begins (from=2026-02-01)',
    ],
    [
      'lifecycleBlock',
      ['kind=idle by=a since=2026-02-01 until=2026-01-01'],
      'ends (until=2026-01-01) before it begins (since=2026-02-01)',
    ],
    [
      'lifecycleBlock',
      ['kind=angry by=a since=2026-02-01'],
      'is of kind "angry", which is none of security, idle, administrative, contained',
    ],
    [
      'lifecycleNotice',
      ['since=2026-02-30'],
      'has "2026-02-30" for a time, and there is no such day',
    ],
    ['lifecycleHold', ['matter=x by=y'], 'lacks since='],
    [
      'lifecycleZone',
      ['Europe/Atlantis'],
      '"Europe/Atlantis" is no time zone such as Europe/Berlin',
    ],
  ])('%s %p', async (name, values, sentence) => {
    const change = at().modify(ada, [['add', name, ...values]]);
    expect(await refused(change, 'constraintViolation')).toBe(`${name}: the value ${sentence}`);
    await refused(
      at().add(person('eve'), personValues('eve', { [name]: values })),
      'constraintViolation',
    );
    expect(at().reader.timelines.any).toBe(false);
  });

  test('an engagement of one day, and one that never began', async () => {
    await ok(
      at().modify(ada, [['add', 'lifecycleEngagement', 'id=1 start=2026-02-01 end=2026-02-01']]),
    );
    await ok(
      at().modify(bob, [
        ['add', 'lifecycleEngagement', 'id=1 start=20260101000000Z end=20260101000000Z'],
      ]),
    );
    expect([state(), state(bob)]).toEqual(['staged', 'offboarded']);
  });

  test('disposals are the policy’s to write', async () => {
    await refused(
      at().modify(ada, [['add', 'lifecycleDisposal', 'kind=purged at=2026-01-01']]),
      'constraintViolation',
    );
  });

  test('an end of the administrator', async () => {
    for (const [name, value] of [
      ['lifecycleEnd', '2027-01-01'],
      ['lifecycleState', 'suspended'],
      ['lifecyclePrincipal', ada],
    ] as const) {
      expect(
        await refused(at().modify(adminDn, [['add', name, value]]), 'unwillingToPerform'),
      ).toBe(
        'the administrator has neither a start, an end nor a block: nobody could manage the directory',
      );
    }
  });
});

describe('the class of subjects', () => {
  test('comes with any fact, in an add, a modify and a file', async () => {
    await ok(at().modify(ada, [['add', 'lifecycleKind', 'contractor']]));
    await ok(at().add(person('eve'), personValues('eve', { lifecycleEngagement: 'id=1' })));
    await ok(at().add(person('kim'), personValues('kim', { lifecyclePrincipal: ada })));
    await at().import(
      `dn: ${person('lou')}\nobjectClass: inetOrgPerson\nuid: lou\ncn: lou\nsn: lou\n` +
        `lifecyclePrincipal: ${ada}\n`,
    );
    for (const uid of ['ada', 'eve', 'kim', 'lou']) {
      expect(texts('objectClass', person(uid))).toContain('lifecycleSubject');
      expect(state(person(uid))).toBe('active');
    }
    expect(texts('objectClass', bob)).not.toContain('lifecycleSubject');
  });
});

describe('a file', () => {
  test('brings timelines with it, those of accounts before their people too', async () => {
    await at().import(
      `dn: ${person('eve-admin')}\nobjectClass: inetOrgPerson\nuid: eve-admin\ncn: e\nsn: e\n` +
        `lifecyclePrincipal: ${person('eve')}\n\n` +
        `dn: ${person('eve')}\nobjectClass: inetOrgPerson\nuid: eve\ncn: e\nsn: e\n` +
        'lifecycleEngagement: id=1 end=2026-01-01\n',
    );
    expect([state(person('eve')), state(person('eve-admin'))]).toEqual([
      'offboarded',
      'offboarded',
    ]);
  });

  test('of an export gives the same states again', async () => {
    await setFacts(at(), ada, {
      lifecycleEngagement: 'id=1 end=2026-01-01',
      lifecycleZone: 'Asia/Tokyo',
    });
    await setFacts(at(), bob, {
      lifecyclePrincipal: ada,
      lifecycleBlock: 'kind=idle by=policy since=2026-01-01',
    });
    const ldif = at().export();
    for (const dn of [bob, ada]) await ok(at().delete(dn));
    const [people] = ldif.split('\n\n').filter((part) => part.includes(`dn: ${suffix}`));
    expect(people).toBeDefined();
    const wanted = ldif.split('\n\n').filter((part) => /^dn: uid=(ada|bob),/.test(part));
    await at().import(`${wanted.join('\n\n')}\n`);
    expect([state(), state(bob)]).toEqual(['offboarded', 'offboarded']);
    expect(at().reader.timelines.of(at().names.idOf(bob))?.principal).toBe(at().names.idOf(ada));
  });
});

describe('facts that close stay', () => {
  test('an engagement is not taken away where that opens, now or later', async () => {
    await setFacts(at(), ada, {
      lifecycleEngagement: ['id=1 end=2026-02-01', 'id=2 end=2025-12-31'],
    });
    for (const change of [
      ['delete', 'lifecycleEngagement'],
      ['replace', 'lifecycleEngagement'],
    ] as const) {
      expect(await refused(at().modify(ada, [change]), 'constraintViolation')).toBe(
        `taking an engagement of ${ada} away would open what it closes: change its "end" instead`,
      );
    }
    const all = [
      ['delete', 'objectClass', 'lifecycleSubject'],
      ['delete', 'lifecycleEngagement'],
    ] as const;
    await refused(at().modify(ada, all), 'constraintViolation');
    // One that closes nothing may go, and so may one that opened something.
    await ok(at().modify(ada, [['delete', 'lifecycleEngagement', 'id=2 end=2025-12-31']]));
    await ok(at().modify(ada, [['add', 'lifecycleEngagement', 'id=3 start=2026-03-01']]));
    await ok(at().modify(ada, [['delete', 'lifecycleEngagement', 'id=3 start=2026-03-01']]));
  });

  test('changing an end is not taking it away', async () => {
    await setFacts(at(), ada, { lifecycleEngagement: 'id=1 end=2026-01-01' });
    await ok(at().modify(ada, [['replace', 'lifecycleEngagement', 'id=1']]));
    expect(state()).toBe('active');
  });

  test('an absence that has begun ends by its end; one that is planned may go', async () => {
    const begun = 'kind=parental from=2026-01-01';
    const planned = 'kind=vacation from=2026-02-01 until=2026-02-20';
    await setFacts(at(), ada, { lifecycleAbsence: [begun, planned] });
    await ok(at().modify(ada, [['delete', 'lifecycleAbsence', planned]]));
    expect(
      await refused(
        at().modify(ada, [['delete', 'lifecycleAbsence', begun]]),
        'constraintViolation',
      ),
    ).toBe(`an absence of ${ada} that has begun ends with "until"; it is not taken away`);
    await ok(at().modify(ada, [['replace', 'lifecycleAbsence', `${begun} until=20260105090000Z`]]));
    expect(state()).toBe('active');
  });

  test('a principal is replaced, not taken away', async () => {
    await setFacts(at(), bob, { lifecyclePrincipal: ada });
    expect(
      await refused(at().modify(bob, [['delete', 'lifecyclePrincipal']]), 'constraintViolation'),
    ).toBe(`lifecyclePrincipal of ${bob} may be replaced, not taken away`);
    at().seed(manyPeople(['eve']));
    await ok(at().modify(bob, [['replace', 'lifecyclePrincipal', person('eve')]]));
    await ok(at().modify(bob, [['replace', 'lifecycleState', 'suspended']]));
    await ok(at().modify(bob, [['delete', 'lifecyclePrincipal']]));
  });
});

describe('whose a block is', () => {
  const written = (
    before: readonly string[],
    after: readonly string[],
    dn: string,
    role: 'user' | 'administrator' = 'user',
  ) => {
    const description = at().reader.schema().describe('lifecycleBlock')!;
    const attributes = (values: readonly string[]): Attributes =>
      new Map(
        values.length === 0
          ? []
          : [['lifecycleblock', { description, values: values.map((v) => Buffer.from(v)) }]],
      );
    const nothing = { timelineBefore: undefined, timelineAfter: undefined, nowSeconds: 0 };
    const now = attributes(after);
    expect(textsIn(now)('lifecycleblock')).toEqual(after);
    return () =>
      assertFactsKept({
        ...nothing,
        dn: ada,
        before: attributes(before),
        after: now,
        identity: { role, dn, entryId: 7 },
        sameName: (a, b) => a.toLowerCase() === b.toLowerCase(),
      });
  };
  const security = 'kind=security by=cn=ciso since=2026-01-01';

  test('its author’s and an administrator’s to lift, to shorten and to change, nobody else’s', () => {
    const shorter = `${security} until=2026-01-02`;
    for (const after of [[], [shorter], ['kind=idle by=cn=ciso since=2026-01-01']]) {
      expect(written([security], after, 'CN=ciso')).not.toThrow();
      expect(written([security], after, adminDn, 'administrator')).not.toThrow();
      expect(written([security], after, 'cn=hr')).toThrow(
        `the security block of ${ada} by cn=ciso is theirs to lift, or an administrator's`,
      );
    }
    // The same in another order of words is the same block.
    expect(
      written([security], ['by=cn=ciso kind=security since=2026-01-01'], 'cn=hr'),
    ).not.toThrow();
  });

  test('nobody blocks in another’s name', () => {
    const own = 'kind=administrative by=cn=hr since=2026-01-01';
    expect(written([security], [security, own], 'cn=hr')).not.toThrow();
    expect(written([], [security], 'cn=hr')).toThrow(
      'a block says who set it: by="cn=hr", not by cn=ciso',
    );
    expect(written([], [security], adminDn, 'administrator')).not.toThrow();
  });
});

test('what opens, and when', () => {
  const timeline = (first: 'active' | 'sealed', ...instants: number[]) => {
    const other = first === 'active' ? 'sealed' : 'active';
    return parseTimeline(
      [first, ...instants.flatMap((at, i) => [at, i % 2 === 0 ? other : first])].join(' '),
    );
  };
  expect(opensAt(undefined, undefined, 5)).toBeUndefined();
  expect(opensAt(timeline('active', 10), undefined, 5)).toBe(10);
  expect(opensAt(timeline('active', 10), undefined, 15)).toBe(15);
  expect(opensAt(timeline('active', 10), timeline('active', 8), 5)).toBeUndefined();
  expect(opensAt(timeline('active', 10), timeline('active', 12), 5)).toBe(10);
  expect(opensAt(timeline('active', 10, 20), timeline('active', 10, 18), 5)).toBe(18);
  // What is past opens nothing any more.
  expect(opensAt(timeline('active', 10, 20), undefined, 25)).toBeUndefined();
});

describe('principals', () => {
  const principal = (dn: string, of: string) =>
    at().modify(dn, [['replace', 'lifecyclePrincipal', of]]);

  test('somebody who does not exist, oneself, a circle, a chain without end: refused', async () => {
    expect(await refused(principal(ada, person('nobody')), 'constraintViolation')).toBe(
      `lifecyclePrincipal names "${person('nobody')}", which does not exist`,
    );
    await refused(principal(ada, ada), 'constraintViolation');
    await ok(principal(ada, bob));
    expect(await refused(principal(bob, ada), 'constraintViolation')).toBe(
      'nobody can be the principal of themselves',
    );
    const chain = Array.from({ length: 9 }, (_, i) => `c${i}`);
    at().seed(manyPeople(chain));
    for (let i = 1; i < 8; i += 1) await ok(principal(person(chain[i]!), person(chain[i - 1]!)));
    expect(await refused(principal(person('c8'), person('c7')), 'constraintViolation')).toBe(
      'more than 8 accounts would stand behind one another',
    );
    // However it came about, a chain that does not end lets nobody in.
    await ok(principal(person('c0'), ada));
    expect(state(person('c7'))).toBe('suspended');
    expect(state(person('c5'))).toBe('active');
  });

  test('who is deleted leaves accounts that are blocked', async () => {
    await ok(principal(bob, ada));
    await ok(at().delete(ada));
    expect(texts('lifecycleBlock', bob)).toEqual([
      `kind=administrative by=policy since=20260105090000Z reason="${ada} was deleted"`,
    ]);
    expect(texts('lifecyclePrincipal', bob)).toEqual([]);
    expect(state(bob)).toBe('suspended');
    expect(at().reader.timelines.of(at().names.idOf(bob))?.principal).toBe(0);
  });

  test('a device is shut with its one owner; of two, the one who stays answers', async () => {
    const device = `cn=printer,${suffix}`;
    await ok(
      at().add(device, {
        objectClass: ['device', 'tenureDevice'],
        cn: 'printer',
        uid: 'printer',
        owner: ada,
      }),
    );
    await setFacts(at(), ada, { lifecycleEngagement: 'id=1 end=2026-01-01' });
    expect(state(device)).toBe('offboarded');
    await ok(at().modify(device, [['add', 'owner', bob]]));
    expect(state(device)).toBeUndefined();
    await ok(at().modify(bob, [['replace', 'lifecycleState', 'suspended']]));
    expect(state(device)).toBeUndefined();
    await ok(at().delete(ada));
    expect(state(device)).toBe('suspended');
    await ok(at().delete(bob));
    expect(at().names.resolve(at().names.parse(device)).id).toBe(0);
  });
});
