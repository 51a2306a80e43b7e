/** Filters over what the guard has seen: answered from those few, in a directory of any size. */
import { expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';

const [ada, bob, carl] = ['ada', 'bob', 'carl'].map(person) as [string, string, string];
/** The failures that lock where no policy holds. */
const MAX = 10;
const others = Array.from({ length: 20 }, (_, i) => `u${i}`);

const at = eachDirectory({ limits: { unindexedCandidatesMax: 5, sourceFailuresMax: 100 } });

async function guess(d: TestDirectory, dn: string, times: number): Promise<void> {
  const origin = { address: '192.0.2.1', connection: 1, confidential: true };
  for (let i = 0; i < times; i += 1) {
    const request = { dn, password: Buffer.from(`wrong ${i}`) };
    await refusal(() => d.directory.authenticate(request, origin), 'invalidCredentials');
    d.clock.advance(1);
  }
}

test('who is locked, and against whom something counts, is found without looking at everybody', async () => {
  const d = at();
  d.seed(manyPeople(['ada', 'bob', 'carl', ...others]));
  for (const dn of [ada, bob]) await ok(d.modify(dn, [['add', 'userPassword', 'right']]));
  await guess(d, ada, MAX);
  await guess(d, bob, 1);
  await ok(d.modify(carl, [['replace', 'pwdAccountLockedTime', '000001010000Z']]));
  const found = (filter: string) => d.found(filter, { base: suffix, scope: 'sub' }).sort();
  expect(found('(pwdAccountLockedTime=*)')).toEqual([ada, carl]);
  expect(found('(pwdAccountLockedTime>=20200101000000Z)')).toEqual([ada]);
  expect(found('(pwdFailureTime=*)')).toEqual([ada, bob]);
  expect(found('(pwdFailureTime<=20200101000000Z)')).toEqual([]);
  const without = found('(&(objectClass=person)(!(pwdFailureTime=*)))');
  expect(without).toEqual([carl, ...others.map(person)].sort());
});
