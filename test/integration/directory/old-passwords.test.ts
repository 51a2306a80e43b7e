/** Old passwords named in changes are guesses like those in binds. */
import { expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import type { TestDirectory } from '../../support/directory-temp.js';

const ada = person('ada');
/** The failures that lock where no policy holds. */
const MAX = 10;
const at = eachDirectory();

async function opens(d: TestDirectory, password: string): Promise<boolean> {
  try {
    await d.bind(ada, password);
    return true;
  } catch (error) {
    await refusal(() => Promise.reject(error), 'invalidCredentials');
    return false;
  }
}

async function withAda(): Promise<TestDirectory> {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  await ok(d.modify(ada, [['add', 'userPassword', 'right']]));
  return d;
}

test('somebody is locked by wrong old passwords in changes as by those in binds', async () => {
  const d = await withAda();
  const own = d.user(ada);
  for (let i = 0; i < MAX - 1; i += 1) {
    const change =
      i % 2 === 0
        ? d.changePassword(ada, `wrong ${i}`, 'new one', own)
        : d.modify(ada, [['delete', 'userPassword', `wrong ${i}`]], undefined, own);
    await refused(change, i % 2 === 0 ? 'invalidCredentials' : 'noSuchAttribute');
  }
  expect(await opens(d, 'right')).toBe(true);
  for (let i = 0; i < MAX - 1; i += 1) expect(await opens(d, `guess ${i}`)).toBe(false);
  await refused(d.changePassword(ada, 'the last', 'new one', own), 'invalidCredentials');
  expect(d.sql('SELECT 1 FROM lockout WHERE locked_ms IS NOT NULL')).toHaveLength(1);
  expect(await opens(d, 'right')).toBe(false);
  // Right or wrong, it is not looked at now.
  for (const old of ['right', 'wrong']) {
    const outcome = await d.changePassword(ada, old, 'new one', own);
    const error = { code: 'unwillingToPerform', policyError: 'accountLocked' };
    expect(outcome).toMatchObject({ ok: false, error });
  }
  await ok(d.changePassword(ada, undefined, 'new one'));
});

test('nobody is locked by an administrator who names an old password wrongly', async () => {
  const d = await withAda();
  for (let i = 0; i < 2 * MAX; i += 1) {
    await refused(d.changePassword(ada, `wrong ${i}`, 'new one'), 'invalidCredentials');
  }
  expect(await opens(d, 'right')).toBe(true);
});
