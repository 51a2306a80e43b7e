/** A check of a policy asks the directory, too: for what it names, and for what people write themselves. */
import { beforeEach, expect, test } from '@jest/globals';
import { policyEngine } from '../../../src/compose/policy/index.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { createLog } from '../../../src/runtime/log.js';
import { eachDirectory } from '../../support/directory-each.js';
import { group, groupOfNames, manyPeople, person } from '../../support/directory-people.js';
import { origin, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const log = createLog({ level: 'silent', destination: 'json', stream: { write: () => true } });

function engine() {
  const { reader, names, clock, directory } = at();
  const write = async (request: PreparedWrite) => at().apply([request])[0]!;
  return policyEngine(
    { reader, write, nowMs: () => clock.nowMs(), log },
    {
      names,
      administrator: () => directory.administrator(),
      origin,
      turn: async () => undefined,
    },
  );
}

beforeEach(() => {
  at().seed({
    ...manyPeople(['ada']),
    [group('desk')]: groupOfNames('desk', person('ada')),
    [`cn=plain,${suffix}`]: { objectClass: 'applicationProcess', cn: 'plain' },
  });
});

/** `line message` of each warning that `check` has, which `preview` has as well. */
async function warnings(text: string): Promise<string[]> {
  const { problems } = await engine().check({ text });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect((await engine().preview({ text })).problems).toEqual(problems);
  return problems.map(({ line, message, severity }) => {
    expect(severity).toBe('warning');
    return `${line} ${message}`;
  });
}

test('groups, bases, accounts and people that the directory does not have, with the line', async () => {
  const text = `tenure: 1
kinds:
  robot: {who: below ou=robots, every use: alarm watchers}
  guest: {who: login is guest or login is ada}
  rest: {who: everyone, journeys: [departure]}
journeys:
  departure:
    at end: [offboard, tell leavers-desk gone]
    7 days after end: quit vip if group vip
groups:
  team: {rule: below ou=crew, longest: 7 days, ask: bosses}
roles:
  clerk: {who: group clerks, may: reset, over: below ou=people, never over: below ou=vault}
resources:
  github: {who has it: group coders, removed by: ops within 1 day}
access:
  all: {who: anyone who has bound, may: read}
  gitea: {who: login is gitea, may: search, what: below ou=people}
  desk: {who: group plain, may: read, what: not below ou=vault}
`;
  expect(await warnings(text)).toEqual([
    '3 robot: this directory has no ou=robots',
    '3 robot: this directory has no group watchers',
    '4 guest: nobody here has the login guest',
    '8 departure: this directory has no group leavers-desk',
    '9 departure: this directory has no group vip',
    '11 team: this directory has no ou=crew',
    '11 team: this directory has no group bosses',
    '13 clerk: this directory has no group clerks',
    '13 clerk: this directory has no ou=vault',
    '15 github: this directory has no group coders',
    '15 github: this directory has no group ops',
    '18 gitea: nobody here has the login gitea',
    '19 desk: this directory has no group plain',
    '19 desk: this directory has no ou=vault',
  ]);
});

test('services that are kept, and who makes entries', async () => {
  const text = (keeps: string, maker: string) => `tenure: 1
company: {new entries: {made by ${maker}: staged}}
kinds:
  rest: {who: everyone, journeys: [leave]}
journeys:
  leave: {at leave: [pause, keep ${keeps}], at return: resume}
`;
  expect(await warnings(text('payroll and desk', 'cn=hr-sync'))).toEqual([
    '2 new entries: nobody here is cn=hr-sync, so nothing is made by it',
    '6 leave: this directory has no service payroll, nor a group',
  ]);
  for (const maker of ['ada', 'uid=ada', `"uid=ada,ou=people"`]) {
    expect(await warnings(text('desk', maker).replace(/(made by )"(.*)":/, '"$1$2":'))).toEqual([]);
  }
});

test('nothing of what is there', async () => {
  const text = `tenure: 1
roles:
  clerk: {who: group desk or login is ada, may: reset, over: below ou=people}
access:
  all: {who: group DESK, may: read, what: "below ou=people or below ${person('ada')}"}
`;
  expect(await warnings(text)).toEqual([]);
});

test('roles that hang on what people write of themselves', async () => {
  const text = (rule: string) => `tenure: 1
groups:
  desk: {rule: department is R-1}
roles:
  guard: {who: title is Guard, may: suspend}
  clerk: {who: group desk, may: reset}
access:
  all: {who: anyone who has bound, may: read}
  own: ${rule}
`;
  const guard = (rule = 'own, line 9') =>
    `5 people write their own title by the rule ${rule}, and the role guard hangs on it: such a write is refused`;
  const clerk =
    '3 people write their own department by the rule own, line 9, and the role clerk hangs on it through the group desk: such a write is refused';
  expect(await warnings(text('{who: self, may: write, attributes: [title, mobile]}'))).toEqual([
    guard(),
  ]);
  expect(await warnings(text('{who: self, may: write, attributes: "@public"}'))).toEqual([
    clerk,
    guard(),
  ]);
  expect(
    await warnings(text('{who: anyone who has bound, may: write, attributes: department}')),
  ).toEqual([clerk]);
  expect(await warnings(text('{who: self, may: write, attributes: mobile}'))).toEqual([]);
  expect(await warnings(text('{who: self, may: read, attributes: title}'))).toEqual([]);
  expect(await warnings(text('{who: manager, may: write, attributes: title}'))).toEqual([]);
});
