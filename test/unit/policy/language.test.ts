import { describe, expect, test } from '@jest/globals';
import { builtIn, companyOf20, companyOf300 } from '../../../src/policy/examples/index.js';
import { jsonSchema } from '../../../src/policy/language/index.js';
import { policyFrom, problemsOf } from '../../support/policy.js';

/** A document with one kind `k`, journey `j` and role `r r`, and the lines given. */
const around = (lines: string) =>
  `tenure: 1\nkinds: {k: {who: everyone}}\njourneys: {j: {at end: offboard}}\n${lines}`;

const steps = (list: string) =>
  policyFrom(
    `tenure: 1\nroles: {r r: {who: group g, may: reset}}\njourneys: {x: {at end: [${list}]}}`,
  ).journeys[0]!.rules[0]!.steps;

const who = (text: string) =>
  policyFrom(`tenure: 1\ngroups: {g: {rule: '${text}'}}`).groups[0]!.rule;

describe('documents that come with Tenure', () => {
  test.each([
    ['built in', builtIn],
    ['20 people', companyOf20],
    ['300 people', companyOf300],
  ])('%s has no mistake', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test('the company of 20 takes about thirty lines', () => {
    expect(companyOf20.trim().split('\n').length).toBeLessThanOrEqual(33);
  });
});

describe('what phrases mean', () => {
  test('times around moments', () => {
    const { rules } = policyFrom(companyOf300).journeys[0]!;
    expect(rules.map(({ name, timing }) => [name, timing.moment, timing.offset])).toEqual([
      [
        'joining, 10 working days before start',
        'start',
        { count: 10, unit: 'working days', direction: 'before' },
      ],
      [
        'joining, 1 working day before start',
        'start',
        { count: 1, unit: 'working days', direction: 'before' },
      ],
      ['joining, at start', 'start', undefined],
      ['joining, 3 days after start', 'start', { count: 3, unit: 'days', direction: 'after' }],
      ['joining, 30 days after start', 'start', { count: 30, unit: 'days', direction: 'after' }],
    ]);
  });

  test('steps, each with its place', () => {
    expect(steps('offboard, tell person and r r gone loudly')).toEqual([
      { at: { line: 3, column: 25 }, text: 'offboard', verb: 'offboard' },
      {
        at: { line: 3, column: 35 },
        text: 'tell person and r r gone loudly',
        verb: 'tell',
        who: [{ is: 'person' }, { is: 'role', name: 'r r' }],
        message: 'gone',
        loudly: true,
      },
    ]);
  });

  test.each<[string, object]>([
    ['tell admins loudly', { verb: 'tell', who: [{ is: 'admins' }], message: 'x', loudly: true }],
    ['ask owner', { verb: 'ask', who: [{ is: 'owner' }], question: 'x', silence: 'nothing' }],
    ['ask sponsor extend; silence means end', { verb: 'ask', question: 'extend', silence: 'end' }],
    [
      'task it-desk laptop',
      { verb: 'task', who: [{ is: 'group', name: 'it-desk' }], what: 'laptop' },
    ],
    ['give manager first-password for 3 days', { verb: 'give', for: { count: 3, unit: 'days' } }],
    ['keep payroll and learning', { verb: 'keep', services: ['payroll', 'learning'] }],
    ['join a and b', { verb: 'join', groups: ['a', 'b'] }],
    [
      'require new-password if away over 90 days',
      { when: { is: 'away', over: { count: 90, unit: 'days' } } },
    ],
    ['purge unless held', { verb: 'purge', when: { is: 'not', of: { is: 'held' } } }],
    [
      'suspend unless used in 7 days',
      { when: { of: { is: 'seen', within: { count: 7, unit: 'days' } } } },
    ],
    ['call mdm', { verb: 'call', hook: 'mdm' }],
  ])('%s', (text, expected) => {
    expect(steps(text)[0]).toMatchObject(expected);
  });

  test.each<[string, object]>([
    ['type is a, b or c', { is: 'value', attribute: 'employeetype', values: ['a', 'b', 'c'] }],
    ['type is not "a or b"', { is: 'not', of: { attribute: 'employeetype', values: ['a or b'] } }],
    ['login in a, b', { is: 'value', attribute: 'uid', values: ['a', 'b'] }],
    ['below ou=x,dc=y', { is: 'below', base: 'ou=x,dc=y' }],
    ['has no manager', { is: 'not', of: { is: 'present', attribute: 'manager' } }],
    ['has description', { is: 'present', attribute: 'description' }],
    ['state is active or leave', { is: 'state', states: ['active', 'leave'] }],
    ['state is offboarded', { is: 'state', states: ['sealed', 'destroyed'] }],
    [
      'type is a or b and title is c or held',
      {
        is: 'or',
        of: [
          {
            is: 'and',
            of: [
              { attribute: 'employeetype', values: ['a', 'b'] },
              { attribute: 'title', values: ['c'] },
            ],
          },
          { is: 'held' },
        ],
      },
    ],
    ['type is a or title is b', { is: 'or', of: [{ values: ['a'] }, { values: ['b'] }] }],
    ['not type is a and held', { is: 'and', of: [{ is: 'not' }, { is: 'held' }] }],
  ])('%s', (text, expected) => {
    expect(who(text)).toMatchObject(expected);
  });

  test('words of the company stand for attributes', () => {
    const policy = policyFrom('tenure: 1\nwords: {site: l}\nkinds: {k: {who: site is Bonn}}');
    expect(policy.kinds[0]!.who).toEqual({ is: 'value', attribute: 'l', values: ['Bonn'] });
  });

  test('company: days, holidays, what new entries are', () => {
    const text =
      'tenure: 1\ncompany: {working days: Sun-Thu, holidays: 2026-12-25, an end date means: the first day without,' +
      ' new entries: {below ou=hr: staged, made by cn=hr: active}}';
    expect(policyFrom(text).company).toMatchObject({
      workingDays: [1, 2, 3, 4, 7],
      holidays: ['2026-12-25'],
      endDateMeans: 'the first day without',
      newEntries: [
        { below: 'ou=hr', are: 'staged' },
        { madeBy: 'cn=hr', are: 'active' },
      ],
    });
  });

  test('passwords, groups, roles, resources and guards', () => {
    const policy = policyFrom(companyOf300);
    expect(policy.passwords[0]).toMatchObject({
      madeBy: 'tenure',
      renewEvery: { count: 1, unit: 'years' },
    });
    expect(policy.passwords[2]).toMatchObject({
      lengthMin: 12,
      secondFactor: { count: 7, unit: 'days' },
      wrongTries: { answer: 'slow down', after: 5 },
    });
    expect(policy.groups[1]).toMatchObject({
      moversKeepIt: { count: 14, unit: 'days' },
      byHand: false,
    });
    expect(policy.groups[2]!.moversKeepIt).toBeUndefined();
    expect(policy.groups[3]).toMatchObject({ byHand: true, ask: { is: 'group owner' } });
    expect(policy.roles[0]).toMatchObject({
      name: 'help desk',
      may: [{ power: 'reset' }, { power: 'unlock' }],
      neverOver: { is: 'role' },
    });
    expect(policy.resources[0]).toMatchObject({
      within: { count: 1, unit: 'days' },
      checkedAgainst: 'github-users.csv',
    });
    expect(policy.guards).toMatchObject({
      peopleClosed: { count: 5, per: 'hour' },
      yesFrom: [{ is: 'admins' }, { is: 'role', name: 'hr' }],
      tellAgainEvery: { count: 4, unit: 'hours' },
    });
  });
});

describe('mistakes, each with its place and the nearest right word', () => {
  test.each<[string, string[]]>([
    ['', ['1:1 a policy is a document of keys and values that begins with "tenure: 1"']],
    ['company: {}', ['1:1 the policy lacks "tenure"; a policy begins with "tenure: 1"']],
    ['tenure: 2', ['1:9 this is version 1 of the language: tenure: 1']],
    ['tenure: 1\nkind: {}', ['2:1 unknown key "kind"; did you mean kinds?']],
    [
      around('groups: {g: {rul: held}}'),
      ['4:14 unknown key "rul" in groups.g; did you mean rule?'],
    ],
    [
      around('guards: {rehearse: x}'),
      ['4:10 unknown key "rehearse" in guards; it belongs to kinds.NAME.rehearse'],
    ],
    [
      around('roles: {r: {who: everyone}}'),
      [
        '4:9 roles.r lacks "may": what it lets somebody do; without it there are the roles administrator, ' +
          'people admin, help desk, hr, legal, auditor, reader, radius, file server, host, manager, self',
      ],
    ],
    [around('roles: {help desk: {may: reset}}'), ['4:9 roles.help desk lacks "who"']],
    [
      around('roles: {manager: {who: group managers}}'),
      ['4:24 the attributes manager and sponsor say who that is: leave out "who"'],
    ],
    [
      around('roles: {administrator: {who: group admins, may: reset}}'),
      ['4:49 an administrator may do everything, over everyone: leave out "may"'],
    ],
    [
      around('roles: {administrator: {who: title is Chief}}'),
      [
        '4:30 who is an administrator must be plain to see, and no attribute may make one: ' +
          '"group admins", or "login in ada, grace"',
      ],
    ],
    [around('groups: [a]'), ['4:9 groups must be a section with keys of its own, not a list']],
    [
      around('groups: {g: {rule: login in a, b}}'),
      ['4:32 "b" has no value; a text with a comma needs "quotes"'],
    ],
    [around('groups: {g: }'), ['4:10 "g" has no value; a text with a comma needs "quotes"']],
    [
      around('groups: {g: {rule: departmnt is x}}'),
      ['4:20 "departmnt" is no attribute that this directory knows; did you mean department?'],
    ],
    [
      around('groups: {g: {rule: kind is kk}}'),
      ['4:28 "kk" is not a kind of this policy; did you mean k?'],
    ],
    [
      around('groups: {g: {rule: state is activ}}'),
      ['4:29 "activ" is not a state; did you mean active?'],
    ],
    [
      around('groups: {g: {rule: group x}}'),
      [
        '4:20 "group x" cannot be asked here: this must follow from stored attributes and the state alone',
      ],
    ],
    [
      around('groups: {g: {rule: never seen}}'),
      [
        '4:20 "never seen" cannot be asked here: this must follow from stored attributes and the state alone',
      ],
    ],
    [
      around('groups: {g: {rule: memberOf is x}}'),
      [
        '4:20 memberOf is computed, not stored: conditions ask for stored attributes and the state alone',
      ],
    ],
    [
      around('groups: {g: {rule: userPassword is x}}'),
      ['4:20 userPassword is a secret, and no condition may ask for it'],
    ],
    [
      around('groups: {g: {rule: manager is x}}'),
      ['4:20 manager names another entry; ask "has manager" or "has no manager"'],
    ],
    [
      around('groups: {g: {rule: everyon}}'),
      ['4:20 "everyon" is not the beginning of a condition; did you mean everyone?'],
    ],
    [around('groups: {g: {rule: held held}}'), ['4:25 "held" is one word too many here']],
    [
      around('groups: {g: {longest: 8 ours}}'),
      ['4:25 "ours" is not a unit of time; did you mean hours?'],
    ],
    [
      around('groups: {g: {longest: 0 days}}'),
      ['4:23 "0" is not a number: a whole number from 1 on'],
    ],
    [around('groups: {g: {longest: 900 years}}'), ['4:23 900 years is too long a time']],
    [
      around('roles: {r: {who: has any role, may: reset}}'),
      ['4:18 "has any" cannot be asked here: who has a role must not depend on it'],
    ],
    [
      around('roles: {r: {who: everyone, may: rest}}'),
      ['4:33 "rest" is not a power; did you mean reset?'],
    ],
    [
      'tenure: 1\njourneys: {j: {at ent: offboard}}',
      ['2:19 "ent" is not a moment; did you mean end?'],
    ],
    [
      'tenure: 1\njourneys: {j: {end: offboard}}',
      ['2:16 "end" begins no time; write "at end" or "7 days before end"'],
    ],
    [
      'tenure: 1\njourneys: {j: {at end: ofboard}}',
      ['2:24 "ofboard" is not a verb; did you mean offboard?'],
    ],
    [
      'tenure: 1\njourneys: {j: {at end: destroy groups}}',
      ['2:32 "groups" is not what to destroy; what to destroy is credentials'],
    ],
    [
      'tenure: 1\nkinds: {k: {who: everyone, journeys: x}}',
      ['2:38 "x" is not a journey of this policy'],
    ],
    [
      'tenure: 1\ncompany: {zone: Europe/Berln}',
      ['2:17 "Europe/Berln" is no time zone; did you mean Europe/Berlin?'],
    ],
    ['tenure: 1\ncompany: {holidays: 2026-02-30}', ['2:21 there is no day 2026-02-30']],
    [
      'tenure: 1\ncompany: {working days: Mon-Fry}',
      ['2:25 "Fry" is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat, Sun'],
    ],
    [
      'tenure: 1\nwords: {a: emploeeType}',
      ['2:12 "emploeeType" is no attribute that this directory knows; did you mean employeeType?'],
    ],
    [
      'tenure: 1\nkinds: {a: {who: everyone}, a: {who: everyone}}',
      ['2:29 YAML: Map keys must be unique'],
    ],
    ['tenure: 1\nkinds: "x', ['2:10 YAML: Missing closing "quote']],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test('all of them at once, in the order of the document', () => {
    const text =
      'tenure: 1\ncompany: {zone: X}\nkinds: {k: {who: x is y, gts: a}}\njourneys: {j: {at end: [x, y]}}';
    expect(problemsOf(text).map((line) => line.split(' ')[0])).toEqual([
      '2:17',
      '3:18',
      '3:26',
      '4:25',
      '4:28',
    ]);
  });

  test('a short document that means a long one is refused', () => {
    const layers = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`,
    );
    const text = `l0: &l0 [x, x]\n${layers.join('\n')}\ntenure: 1`;
    expect(problemsOf(text)).toEqual(['1:1 YAML: too much in one document']);
  });

  test('a long document is refused unread', () => {
    expect(problemsOf(`tenure: 1\n# ${'x'.repeat(300_000)}`)).toEqual([
      '1:1 a policy has at most 256 KB',
    ]);
  });
});

test('editors know every key, and what it is for', () => {
  const { properties } = jsonSchema() as { properties: Record<string, { description?: string }> };
  expect(Object.keys(properties)).toEqual([
    'tenure',
    'company',
    'words',
    'kinds',
    'passwords',
    'journeys',
    'groups',
    'roles',
    'resources',
    'guards',
    'audit',
    'access',
  ]);
  expect(JSON.stringify(properties['kinds'])).toContain('never gets');
  expect(JSON.stringify(properties['guards'])).toContain('"additionalProperties":false');
});
