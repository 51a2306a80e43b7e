import { describe, expect, test } from '@jest/globals';
import { builtIn, companyOf20, companyOf300 } from '../../../src/policy/examples/index.js';
import { differences, pageOf, readPolicy, waysIn } from '../../../src/policy/language/index.js';
import { policyFrom, vocabulary } from '../../support/policy.js';

/** `severity LINE message`. */
const found = (text: string) =>
  readPolicy(text, vocabulary).problems.map(
    ({ severity, line, message }) => `${severity} ${line}: ${message}`,
  );

const kinds = 'tenure: 1\nkinds: {a: {who: type is a, journeys: j}, b: {who: everyone}}\n';
const journey = (rules: string) => found(`${kinds}journeys: {j: {${rules}}}`);

describe('what can never fire', () => {
  test('a kind behind a wider one, and one that nobody can be', () => {
    const text =
      'tenure: 1\nkinds:\n  a: {who: type is x or y}\n  b: {who: type is x}\n  c: {who: title is z and type is y}\n' +
      '  d: {who: type is q and not type is q}\n  e: {who: everyone}\n  f: {who: has mail}';
    expect(found(text)).toEqual([
      'warning 4: this kind is never reached: a, line 3, takes them all',
      'warning 5: this kind is never reached: a, line 3, takes them all',
      'warning 6: nobody is ever d',
      'warning 8: this kind is never reached: e, line 7, takes them all',
    ]);
  });

  test('a kind beside another one is reached', () => {
    expect(
      found('tenure: 1\nkinds: {a: {who: type is x and has mail}, b: {who: type is x}}'),
    ).toEqual([]);
  });

  test('a password rule behind the one for everyone', () => {
    expect(
      found(
        'tenure: 1\npasswords: {all: {at least: 9 characters}, b: {who: has mail, at least: 12 characters}}',
      ),
    ).toEqual(['warning 2: this password rule is never reached: all, line 2, takes them all']);
  });

  test('a journey that no kind names', () => {
    expect(found('tenure: 1\njourneys: {x: {at end: offboard}}')).toEqual([
      'warning 2: x never fires: no kind names it',
    ]);
  });

  test('a step for a kind that does not go there, or whose condition cannot hold', () => {
    expect(
      journey("at end: ['tell manager x if kind is b', 'offboard if kind is a or b']"),
    ).toEqual(['warning 3: this never fires: j is a journey of a']);
    expect(journey("at end: ['offboard if held and not held']")).toEqual([
      'warning 3: this never fires: its condition cannot hold',
    ]);
  });

  test('idleness of those who are never idle', () => {
    const text =
      'tenure: 1\nkinds: {a: {who: everyone, never: idle, journeys: i}}\njourneys: {i: {60 days after last seen: suspend}}';
    expect(found(text)).toEqual(['warning 2: a is never idle, so i never fires for it']);
  });

  test('roles of nobody, and over nobody', () => {
    const text =
      'tenure: 1\nroles: {r: {who: group x and not group x, may: hold}, s: {who: group g, may: hold, over: has mail, never over: everyone}}';
    expect(found(text)).toEqual([
      'warning 2: nobody ever has the role r',
      'warning 2: s is over nobody: "never over" is wider',
    ]);
  });
});

describe('what contradicts itself', () => {
  test.each<[string, string]>([
    ['kinds: {a: {who: everyone, gets: g, never gets: g}}', 'a gets g and never gets g'],
    [
      'kinds: {a: {who: everyone, gets: g}}\ngroups: {g: {members: by hand}}',
      'a gets g, whose members come by hand, line 3',
    ],
    ['groups: {g: {rule: has mail, members: by hand}}', 'g has a rule, and members by hand only'],
    [
      'kinds: {a: {who: has mail, never gets: g}}\ngroups: {g: {rule: kind is a and has title}}',
      'g is for a alone, which never gets it, line 2',
    ],
  ])('%s', (text, message) => {
    expect(found(`tenure: 1\n${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^error \\d: ${message}$`)),
    ]);
  });

  test.each<[string, string]>([
    [
      'at leave: destroy credentials',
      '"destroy credentials" is done for good, and only to people who have left: "7 days after end"',
    ],
    [
      '7 days before end: archive',
      '"archive" is done for good, and only to people who have left: "7 days after end"',
    ],
    ['7 days before end: offboard', 'nobody is shut out before their end; write it "at end"'],
    ['at end: [offboard, resume]', '"resume" undoes "offboard" in the same second'],
    ['at start: [join g, quit g]', '"quit g" undoes "join g" in the same second'],
    [
      '7 days after end: archive, 9 days after end: destroy credentials',
      'archive comes before destroy, which could then never be done',
    ],
  ])('%s', (rules, message) => {
    expect(journey(rules)).toEqual([`error 3: ${message}`]);
  });

  test('a document that contradicts itself is no policy', () => {
    expect(
      readPolicy(`${kinds}journeys: {j: {at leave: purge}}`, vocabulary).policy,
    ).toBeUndefined();
  });

  test('steps against what the groups say', () => {
    const text = (steps: string) =>
      found(
        `tenure: 1\nkinds: {a: {who: everyone, gets: staff, never gets: prod, journeys: j}}\n` +
          `groups: {ops: {members: by hand}}\njourneys: {j: {at start: [${steps}]}}`,
      );
    expect(text('join prod')).toEqual(['error 4: a never gets prod, line 2']);
    expect(text('join ops')).toEqual(['error 4: members of ops come by hand, line 3']);
    expect(text('quit staff')).toEqual(['error 4: line 2 would put them back into staff at once']);
    expect(text('join vpn, quit ops')).toEqual([]);
  });

  test('what has a meaning at one moment only is not written at another', () => {
    expect(journey('2 days after leave: keep payroll')).toContain(
      'warning 3: "keep payroll" says what goes on while somebody is away; write it "at leave"',
    );
    expect(journey('at leave: keep payroll')).toEqual([]);
    const early = 'a case is open as soon as an end or a notice is written: "at notice", "at end"';
    expect(journey('at leave: open case')).toEqual([`warning 3: ${early}`]);
    expect(journey('14 days before end: open case')).toEqual([`warning 3: ${early}`]);
    expect(journey('at notice: open case, at end: open case')).toEqual([]);
  });

  test('a silence that never comes is said to be so', () => {
    expect(journey('at start: "ask manager keep; silence means end"')).toEqual([
      'warning 3: silence means end at the next moment of j, and there is none',
    ]);
    expect(journey('at start: ask manager keep')).toEqual([]);
    expect(journey('9 days before end: "ask manager keep; silence means end"')).toEqual([]);
    expect(
      journey('at start: "ask manager keep; silence means agreed", 9 days after start: suspend'),
    ).toEqual([]);
  });

  test('everything that can be written down is acted upon', () => {
    const text =
      'tenure: 1\nkinds:\n  g: {who: everyone, every use: alarm security, rehearse: every 90 days, when a user leaves: rotate the secret}\n' +
      'passwords: {p: {old and new both work for: 7 days}}\n' +
      'guards: {hr file: {hold when it shrinks by: 3 % or 5 people}, when held: {yes from: one admin}}';
    expect(found(text)).toEqual([]);
    const { policy } = readPolicy(text, vocabulary);
    expect(policy).toMatchObject({
      kinds: [{ everyUse: [{ name: 'security' }], rehearseEvery: { count: 90 } }],
      passwords: [{ bothWorkFor: { count: 7, unit: 'days' } }],
      guards: { hrFile: { percent: 3, people: 5 } },
    });
  });

  test('administrators are made by hand alone', () => {
    const made = (more: string) =>
      found(`tenure: 1\nroles: {administrator: {who: group admins}}\n${more}`);
    expect(made('groups: {admins: {members: by hand, longest: 8 hours}}')).toEqual([]);
    expect(made('groups: {admins: {rule: title is Chief}}')).toEqual([
      'error 3: admins makes administrators: nobody gets into it by a rule',
    ]);
    expect(
      made(
        'kinds: {a: {who: everyone, gets: admins, journeys: j}}\njourneys: {j: {at start: join admins}}',
      ),
    ).toEqual([
      'error 3: admins makes administrators: nobody gets into it by being of the kind a',
      'error 4: admins makes administrators: nobody gets into it by a step of a journey',
    ]);
  });

  test('what everybody writes themselves gives nobody a role', () => {
    expect(found('tenure: 1\nroles: {desk: {who: has sshPublicKey, may: reset}}')).toEqual([
      'error 2: everybody writes their own sshpublickey, and so could give themselves the role desk',
    ]);
    expect(
      found(
        'tenure: 1\nkinds: {keyed: {who: has sshPublicKey, gets: desk}}\nroles: {desk: {who: group desk, may: reset}}',
      ),
    ).toEqual([
      'error 2: everybody writes their own sshpublickey, and so could give themselves the role desk through the group desk',
    ]);
    expect(
      found(
        'tenure: 1\ngroups: {ops: {rule: has sshPublicKey}, desk: {rule: title is Desk}}\nroles: {desk: {who: group desk, may: reset}}',
      ),
    ).toEqual([]);
  });

  test('what takes turns for ever', () => {
    expect(journey('1 day after last seen: join g, 2 days after last seen: quit g')).toEqual([
      'warning 3: takes turns for ever with "join g", line 3',
    ]);
    expect(journey('1 day after start: join g, 2 days after start: quit g')).toEqual([]);
  });

  test('what is said twice, what leaves no time, and guards without anybody', () => {
    expect(journey('at end: [offboard, offboard]')).toEqual([
      'warning 3: "offboard" is said twice',
    ]);
    expect(journey('at end: destroy credentials')).toEqual([
      'warning 3: "destroy credentials" at the very end leaves no time to take an end back; 7 days are usual',
    ]);
    expect(found('tenure: 1\nguards: {people closed: {hold when more than: 5 an hour}}')).toEqual([
      'warning 2: nobody is named who says yes to what is held ("when held: yes from"); admins will',
    ]);
  });
});

describe('who can put whom into a role', () => {
  const text = `tenure: 1
kinds: {admin: {who: type is admin, gets: ops}, rest: {who: everyone, journeys: j}}
groups:
  desk: {rule: department is IT}
  audit: {members: by hand, longest: 8 hours, ask: group owner}
journeys: {j: {at start: join audit}}
roles:
  help: {who: group desk, may: [reset, move]}
  ops: {who: group ops, may: contain}
  audit: {who: group audit, may: read facts}
  chief: {who: title is Chief, may: grant}
`;
  const policy = policyFrom(
    text.replace('journeys: {j: {at start: join audit}}', 'journeys: {j: {at start: join vpn}}'),
  );
  const ways = (role: string) =>
    waysIn(policy)
      .filter((way) => way.role === role)
      .map(({ group, by, attributes, who }) => [group, by, attributes.join(' '), who.join(', ')]);

  test('by the attributes of its rule, and whoever may write them', () => {
    expect(ways('help')).toEqual([
      ['desk', 'hand', '', 'administrators'],
      ['desk', 'grant', '', 'administrators, role chief'],
      ['desk', 'rule', 'department', 'administrators, role help'],
    ]);
  });

  test('by the attributes that make a kind', () => {
    expect(ways('ops').at(-1)).toEqual([
      'ops',
      'kind',
      'type lifecycleKind',
      'administrators, role help',
    ]);
  });

  test('by hand, by grant and by an attribute itself', () => {
    expect(ways('audit')).toEqual([
      ['audit', 'hand', '', 'administrators'],
      ['audit', 'grant', '', 'administrators, group owner, role chief'],
    ]);
    expect(ways('chief')).toEqual([[undefined, 'attribute', 'title', 'administrators']]);
  });

  test('by a step of a journey', () => {
    const joins = policyFrom(text.replace('{members: by hand, longest', '{longest'));
    expect(waysIn(joins).filter(({ by }) => by === 'journey')).toMatchObject([
      { role: 'audit', group: 'audit', who: ['journey j'], at: { line: 6 } },
    ]);
  });
});

describe('read aloud', () => {
  test.each([
    ['built in', builtIn],
    ['20', companyOf20],
    ['300', companyOf300],
  ])('%s: every kind, journey, group and role is on the page', (_, text) => {
    const policy = policyFrom(text);
    const page = pageOf(policy).join('\n');
    const { kinds: who, journeys, groups, roles, resources, passwords } = policy;
    for (const { name } of [...who, ...journeys, ...groups, ...roles, ...resources, ...passwords]) {
      expect(page).toContain(name);
    }
    expect(page).not.toMatch(/undefined|\[object|[{}]/);
    for (const line of page.split('\n')) expect(line.trimEnd()).toBe(line);
  });

  test('in sentences', () => {
    const page = pageOf(policyFrom(companyOf300)).join('\n');
    expect(page).toContain(`departure, for contractor, intern and employee
  at notice
      a case is opened for their departure
      by hand, manager: handover
  at end
      they are shut out of everything; nothing is destroyed yet
  7 days after end
      their passwords, keys and secrets are destroyed for good
      their groups are forgotten, and listed in the case
  90 days after end
      their data is archived
  3 years after end
      everything about them is deleted; login and number are never given again, unless: held`);
    expect(page).toContain('Nobody but those named below sees that somebody is going to leave.');
  });

  test.each([
    [
      '{keep: 2 years, keep binds: 90 days}',
      'Who did what is kept for 2 years, then forgotten.',
      'Who logged in, and who was refused, is kept for 90 days, then forgotten.',
    ],
    [
      '{keep: 2 years}',
      'Who did what is kept for 2 years, then forgotten.',
      'Who logged in, and who was refused, is kept for 2 years, then forgotten.',
    ],
    [
      '{keep binds: 1 month}',
      'Who did what is kept for ever.',
      'Who logged in, and who was refused, is kept for 1 month, then forgotten.',
    ],
  ])('how long the audit trail is kept: %s', (audit, done, seen) => {
    const page = pageOf(policyFrom(`tenure: 1\naudit: ${audit}\n`));
    const at = page.indexOf('What is remembered');
    expect(page.slice(at)).toEqual(['What is remembered', `  ${done}`, `  ${seen}`]);
    expect(pageOf(policyFrom('tenure: 1\n'))).not.toContain('What is remembered');
  });
});

describe('what a new policy says that the old one does not', () => {
  const old = policyFrom(companyOf300);
  const changed = (from: string, to: string) =>
    differences(old, policyFrom(companyOf300.replace(from, to)));

  test('nothing where only spacing and remarks differ', () => {
    expect(changed('# A company of 300 people.', '# Ours.\n\n')).toEqual([]);
  });

  test.each<[string, string, object]>([
    [
      'zone: Europe/Berlin',
      'zone: UTC',
      { path: 'company.zone', before: 'Europe/Berlin', after: 'UTC' },
    ],
    [
      '7 days after end: [destroy',
      '8 days after end: [destroy',
      { path: 'journeys.departure.7 days after end', after: undefined },
    ],
    [
      '[contractors, wifi-guest]',
      '[contractors]',
      { path: 'kinds.contractor.gets', before: 'contractors, wifi-guest', after: 'contractors' },
    ],
    [
      'department is R-210',
      'department is R-211',
      { path: 'groups.research.rule', after: 'departmentnumber is R-211' },
    ],
    [
      'longest: 8 hours',
      'longest: 9 hours',
      { path: 'groups.prod.longest', before: '8 hours', after: '9 hours' },
    ],
    [
      '[reset, unlock]',
      '[reset, unlock, bypass for 4 hours]',
      { path: 'roles.help desk.may', after: 'reset, unlock, bypass for 4 hours' },
    ],
    [
      '5 an hour',
      '6 an hour',
      { path: 'guards.peopleClosed', before: '5 an hour', after: '6 an hour' },
    ],
  ])('%s', (from, to, expected) => {
    expect(changed(from, to)[0]).toMatchObject(expected);
  });
});
