/**
 * Whatever happens to people, and however the clock moves: their state is what their facts mean at
 * that second, a bind agrees with it, and of whoever is not active nothing that opens anything is
 * to be seen, found or compared by anybody. No task has run. SEED repeats, RUNS sets how many.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Context } from '../../../src/directory/operations/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { group, person } from '../../support/directory-people.js';
import { TestDirectory } from '../../support/directory-temp.js';
import {
  events,
  happen,
  type Login,
  logins,
  onlooker,
  passwordOf,
  populate,
  sudoRule,
} from '../../support/random-histories.js';
import { checkRandomly } from '../../support/random-runs.js';
import { stateByFacts } from '../../support/state-oracle.js';

const RUNS_BY_DEFAULT = 8;
const team = group('inner');
const wide = group('outer');
const unix = group('posix');
const histories = fc.array(events, { minLength: 4, maxLength: 14 });

async function opens(d: TestDirectory, login: Login): Promise<boolean> {
  try {
    await d.bind(person(login), passwordOf(login));
    return true;
  } catch (error) {
    if (error instanceof LdapError && error.code === 'invalidCredentials') return false;
    throw error;
  }
}

function holds(d: TestDirectory, dn: string, attribute: string, value: string, as: Context) {
  try {
    return d.compare(dn, attribute, value, as);
  } catch (error) {
    if (error instanceof LdapError && ['noSuchAttribute', 'noSuchObject'].includes(error.code)) {
      return false;
    }
    throw error;
  }
}

/** Every way to see that somebody may do something; each must agree with the state. */
function traces(d: TestDirectory, login: Login, as: Context): Record<string, boolean> {
  const dn = person(login);
  const everything = d.search('(objectClass=*)', { attributes: ['*', '+'], as }).entries;
  const of = (name: string) => everything.find((entry) => entry.dn === name);
  const shows = (name: string, attribute: string, value: string) =>
    of(name)?.texts(attribute).includes(value) === true;
  const finds = (filter: string, name: string) => d.found(filter, { as }).includes(name);
  return {
    'a key is shown': (of(dn)?.texts('sshPublicKey') ?? []).length > 0,
    'a key is found': finds('(sshPublicKey=*)', dn),
    'memberOf is shown': (of(dn)?.texts('memberOf') ?? []).length > 0,
    'memberOf is found': finds(`(memberOf=${team})`, dn),
    'nested memberOf is found': finds(`(memberOf=${wide})`, dn),
    'memberOf compares': holds(d, dn, 'memberOf', team, as),
    'member is shown': shows(team, 'member', dn),
    'member is found': finds(`(member=${dn})`, team),
    'nested member is found': finds(`(member=${dn})`, wide),
    'member compares': holds(d, team, 'member', dn, as),
    'memberUid is shown': shows(unix, 'memberUid', login),
    'memberUid is found': finds(`(memberUid=${login})`, unix),
    'memberUid compares': holds(d, unix, 'memberUid', login, as),
    'sudoUser is shown': shows(sudoRule, 'sudoUser', login),
    'sudoUser is found': finds(`(sudoUser=${login})`, sudoRule),
    'sudoUser compares': holds(d, sudoRule, 'sudoUser', login, as),
  };
}

/** Every dialect that says that somebody is shut out. */
function dialects(d: TestDirectory, login: Login): Record<string, boolean> {
  const dn = person(login);
  const today = Math.floor(d.clock.nowMs() / 86_400_000);
  const entry = d.entry(dn);
  const expires = Number(entry.texts('shadowExpire')[0] ?? Number.MAX_SAFE_INTEGER);
  expect(expires).toBeGreaterThanOrEqual(1);
  const finds = (filter: string) => d.found(filter).includes(dn);
  return {
    nsAccountLock: entry.texts('nsAccountLock')[0] === 'TRUE',
    'nsAccountLock found': finds('(nsAccountLock=TRUE)'),
    'nsAccountLock not found': !finds('(!(nsAccountLock=TRUE))'),
    loginDisabled: entry.texts('loginDisabled')[0] === 'TRUE',
    shadowExpire: expires <= today,
    userAccountControl: (Number(entry.texts('userAccountControl')[0] ?? 0) & 2) === 2,
    'userAccountControl found': finds(
      '(&(objectClass=posixAccount)(userAccountControl:1.2.840.113556.1.4.803:=2))',
    ),
    pwdAccountLockedTime: entry.texts('pwdAccountLockedTime')[0] === '000001010000Z',
    shell: entry.texts('loginShell')[0] !== '/bin/bash',
  };
}

const all = (record: Record<string, boolean>, value: boolean) =>
  Object.fromEntries(Object.keys(record).map((key) => [key, value]));

test('state, bind, every credential, every group and every dialect are one', async () => {
  await checkRandomly(
    fc.asyncProperty(histories, async (steps) => {
      const d = await TestDirectory.open();
      try {
        populate(d);
        const viewers = [d.admin, d.user(onlooker)];
        for (const step of steps) {
          await happen(d, step);
          for (const login of logins) {
            const state = stateByFacts(d, login);
            const shown = d.entry(person(login), ['lifecycleState']).texts('lifecycleState');
            expect([login, ...shown]).toEqual([login, state]);
            const active = state === 'active';
            expect([login, state, await opens(d, login)]).toEqual([login, state, active]);
            for (const as of viewers) {
              const seen = traces(d, login, as);
              expect([login, state, seen]).toEqual([login, state, all(seen, active)]);
            }
            const said = dialects(d, login);
            expect([login, state, said]).toEqual([login, state, all(said, !active)]);
          }
        }
      } finally {
        await d.close();
      }
    }),
    RUNS_BY_DEFAULT,
  );
}, 120_000);
