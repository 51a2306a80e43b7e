/** When employments begin and end is an index: ranges of it look at those alone, whatever else is known of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { WriteHalf } from '../../../src/compose/write-half.js';
import { type Plan, planFilter } from '../../../src/directory/operations/candidates.js';
import { Compiler } from '../../../src/directory/operations/index.js';
import { viewFor } from '../../../src/directory/operations/view.js';
import { parseFilter } from '../../../src/directory/text/index.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { databasePath } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { cheapArgon2 } from '../../support/directory-temp.js';

const at = eachDirectory();
const policyDn = `cn=policy,${suffix}`;

beforeEach(() => {
  const values = (...lifecycleEngagement: string[]) => ({
    objectClass: ['inetOrgPerson', 'lifecycleSubject'],
    lifecycleEngagement,
  });
  at().seed({
    [person('ada')]: personValues('ada', values('id=1 start=2020-01-01')),
    [person('bob')]: personValues('bob', values('id=1 start=2021-01-01 end=2026-03-31')),
    // The last of them is over as it begins: no state turns with it.
    [person('eve')]: personValues(
      'eve',
      values('id=1 end=2025-12-31', 'id=2 start=20260601000000Z end=20260601000000Z'),
    ),
    [person('max')]: personValues('max', {
      ...values('id=1 start=2022-01-01 end=2026-06-30'),
      lifecycleBlock: 'kind=security by=me since=2021-06-01',
    }),
    [person('kim')]: personValues('kim', { objectClass: ['inetOrgPerson', 'lifecycleSubject'] }),
    [person('zoe')]: personValues('zoe'),
  });
});

function plan(filter: string): Plan {
  const { reader, names, admin, clock } = at();
  const node = new Compiler(reader).compile(parseFilter(filter), admin.identity);
  return planFilter(node, viewFor(admin.identity, { reader, names, nowMs: () => clock.nowMs() }));
}

const candidates = (filter: string) =>
  plan(filter)
    .ids?.map((id) => /=([^,]+)/.exec(at().names.dnOfId(id).toString())![1]!)
    .sort();

test.each([
  ['(lifecycleEnd>=20260101000000Z)', ['bob', 'eve', 'max']],
  ['(lifecycleEnd>=20260501000000Z)', ['eve', 'max']],
  ['(lifecycleEnd<=20260401000000Z)', ['bob']],
  ['(lifecycleEnd=20260401000000Z)', ['bob']],
  ['(&(lifecycleEnd>=20260401000000Z)(lifecycleEnd<=20260501000000Z))', ['bob']],
  ['(lifecycleStart<=20210101000000Z)', ['ada', 'bob']],
  ['(lifecycleStart>=20220101000000Z)', ['max']],
])('%s', (filter, expected) => {
  expect(at().foundNames(filter)).toEqual(expected);
  for (const one of expected) expect(candidates(filter)).toContain(one);
  expect(candidates(filter)!.length).toBeLessThanOrEqual(3);
});

test('whether there is one is asked of those with facts', () => {
  expect(candidates('(lifecycleEnd=*)')).toEqual(['ada', 'bob', 'eve', 'kim', 'max']);
  expect(at().foundNames('(lifecycleEnd=*)')).toEqual(['bob', 'eve', 'max']);
});

test('it moves with what is written and with what the policy says of dates', async () => {
  await ok(at().modify(person('bob'), [['replace', 'lifecycleEnd', '20270101000000Z']]));
  expect(at().foundNames('(lifecycleEnd>=20261231000000Z)')).toEqual(['bob']);
  const text =
    'tenure: 1\ncompany: {zone: Asia/Tokyo}\nkinds: {all: {who: everyone, never: expire}}\n';
  await ok(
    at().add(policyDn, {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: text,
    }),
  );
  // Nobody expires any more; what is written down is found as before, in Tokyo's days.
  expect(at().entry(person('max')).texts('lifecycleEnd')).toEqual(['20260630150000Z']);
  expect(at().foundNames('(lifecycleEnd=20260630150000Z)')).toEqual(['max']);
  await ok(at().delete(person('max')));
  expect(at().foundNames('(lifecycleEnd=20260630150000Z)')).toEqual([]);
});

test('a directory of before gets it from its facts, in slices behind the first start', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-employment-'));
  try {
    const file = databasePath(dir);
    const from = new Database(databasePath(at().dir), { readonly: true });
    from.prepare('VACUUM INTO ?').run(file);
    from.close();
    const old = new Database(file);
    old.exec('DROP TRIGGER entry_without_employment; DROP TABLE employment');
    old.exec(
      "UPDATE timeline SET text = replace(text, substr(text, instr(text, 'employed='), instr(substr(text, instr(text, 'employed=')), ' ')), '')",
    );
    old.pragma('user_version = 5');
    old.close();
    const { clock, limits } = at();
    const half = new WriteHalf(dir, {
      clock,
      limits,
      random: seededRandom(3),
      argon2: cheapArgon2,
      sshKeys: defaultConfig.sshKeys,
      onDefect: (error) => expect(error).toBeUndefined(),
    });
    const ending = () => half.store.timelines.idsEmployed('until', 0, 9e9, 10).ids.length;
    expect([half.store.timelines.foldedTo, ending()]).toEqual([0, 0]);
    half.finishFolding();
    expect([half.store.timelines.foldedTo, ending()]).toEqual([undefined, 3]);
    expect(half.store.verify().problems).toEqual([]);
    half.store.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});
