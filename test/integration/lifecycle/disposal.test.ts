/** What is done for good after an end: credentials, groups, archive, purge. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  manyPeople,
  person,
  posixGroup,
} from '../../support/directory-people.js';
import { bytes } from '../../support/directory-requests.js';

const at = eachDirectory();
const ada = person('ada');
const grace = person('grace');
const idOf = (dn: string) => at().names.idOf(dn);
const now = () => Math.floor(at().clock.nowMs() / 1000);
const DAY = 86_400_000;
const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2oQ0tSnmvbCqCHsHPqaYyH2Uf9gqYyr3iY3GkZ0F2t grace@x';
const state = (dn = grace) => {
  const entry = at().entry(dn, ['lifecycleState', 'lifecycleStage']);
  return [...entry.texts('lifecycleState'), ...entry.texts('lifecycleStage')];
};

async function write(request: Record<string, unknown>) {
  const base = { context: at().admin, reason: 'departure, line 12' };
  return at().apply([{ ...base, ...request } as unknown as PreparedWrite])[0]!;
}
const dispose = (what: string, dn = grace) => write({ op: 'dispose', owner: idOf(dn), what });
const purge = (...dns: string[]) => write({ op: 'purge', owners: dns.map(idOf) });

beforeEach(async () => {
  const d = at();
  d.seed(manyPeople(['ada']));
  d.seed({
    [grace]: accountValues('grace', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'ldapPublicKey', 'lifecycleSubject'],
      employeeNumber: '4711',
      title: 'Admiral',
      sshPublicKey: KEY,
      lifecycleEngagement: 'id=1 kind=employee end=2026-01-05T17:00',
    }),
    [group('crew')]: groupOfNames('crew', ada, grace),
    [group('unix')]: posixGroup('unix', 'grace', 'ada'),
  });
  await ok(d.modify(grace, [['add', 'userPassword', 'right']]));
});

describe('before the end', () => {
  test.each(['credentials', 'groups', 'archive'])('%s stay', async (what) => {
    expect(await refused(dispose(what), 'unwillingToPerform')).toMatch(
      /is active: nothing is destroyed before an end has passed/,
    );
    expect(await refused(purge(grace), 'unwillingToPerform')).toMatch(/is active/);
    await at().bind(grace, 'right');
  });
});

describe('after the end', () => {
  beforeEach(() => at().clock.advance(DAY));

  test('credentials go for good, and the fact says when', async () => {
    expect(state()).toEqual(['offboarded', 'sealed']);
    expect(await dispose('credentials')).toMatchObject({
      ok: true,
      disposed: { secrets: 1, keys: 1, groups: [] },
    });
    expect(state()).toEqual(['offboarded', 'destroyed']);
    expect(at().reader.secrets(idOf(grace))).toEqual([]);
    const entry = at().entry(grace);
    expect(entry.texts('lifecycleDisposal')).toEqual(['kind=destroyed at=20260106090000Z']);
    expect(entry.texts('sshPublicKey')).toEqual([]);
    expect(at().export()).not.toContain('AAAAC3NzaC1lZDI1NTE5');
    // A second time is nothing, and no second fact.
    await ok(dispose('credentials'));
    expect(at().entry(grace).texts('lifecycleDisposal')).toHaveLength(1);
  });

  test('an extension after it opens the account without a password', async () => {
    await ok(dispose('credentials'));
    const value = 'id=1 kind=employee end=2027-01-05';
    await ok(at().modify(grace, [['replace', 'lifecycleEngagement', value]]));
    await expect(at().bind(grace, 'right')).rejects.toThrow();
    await ok(at().modify(grace, [['add', 'userPassword', 'anew']]));
    await at().bind(grace, 'anew');
  });

  test('groups are forgotten by name, and told', async () => {
    const outcome = await ok(dispose('groups'));
    expect(outcome.disposed!.groups.sort()).toEqual([group('crew'), group('unix')]);
    expect(at().reader.directGroups(idOf(grace))).toEqual([]);
    expect(at().entry(group('crew')).texts('member')).toEqual([ada]);
    // Nothing was destroyed: who comes back has the password still.
    expect(state()).toEqual(['offboarded', 'sealed']);
  });

  test('a run that destroyed gives the groups back when it is undone, and no credentials', async () => {
    const { run } = (await write({ op: 'openRun' })) as { run?: number };
    await ok(write({ op: 'dispose', owner: idOf(grace), what: 'credentials', run }));
    await ok(write({ op: 'dispose', owner: idOf(grace), what: 'groups', run }));
    const apply = async (request: PreparedWrite) => at().apply([request])[0]!;
    const order = { run: run!, reason: 'undo', rehearse: false };
    const { entries } = await undoRun(order, {
      reader: at().reader,
      write: apply,
      context: at().admin,
    });
    const told = entries.find(({ dn }) => dn === grace)!;
    expect(told).toMatchObject({ conflicts: [], gone: ['1 sshPublicKey', '1 userPassword'] });
    expect(state()).toEqual(['offboarded', 'destroyed']);
    expect(at().reader.directGroups(idOf(grace))).toHaveLength(2);
  });

  test('archived is destroyed, forgotten and named only', async () => {
    await ok(dispose('archive'));
    expect(state()).toEqual(['archived']);
    expect(at().reader.secrets(idOf(grace))).toEqual([]);
    expect(at().reader.directGroups(idOf(grace))).toEqual([]);
  });

  test('a hold keeps from archive and purge, never from a denial', async () => {
    const hold = 'matter="Case 7" by=legal since=2026-01-05';
    await ok(at().modify(grace, [['add', 'lifecycleHold', hold]]));
    expect(state()).toEqual(['offboarded', 'sealed']);
    for (const held of [dispose('archive'), purge(grace)]) {
      expect(await refused(held, 'unwillingToPerform')).toMatch(/on hold \(Case 7, by legal\)/);
    }
    expect(state()).toEqual(['offboarded', 'sealed']);
    await ok(at().modify(grace, [['delete', 'lifecycleHold']]));
    await ok(dispose('archive'));
  });
});

describe('a purge', () => {
  beforeEach(async () => {
    at().clock.advance(DAY);
    await ok(dispose('archive'));
    await ok(purge(grace));
  });

  test('leaves a tombstone and no other word, the log included', () => {
    expect(at().found('(uid=grace)')).toEqual([]);
    const rows = JSON.stringify(at().sql('SELECT payload FROM change_item'));
    expect(rows).not.toMatch(/Admiral|4711|uid=grace/);
    const [stone] = at().sql('SELECT login, uid_number, number_digest, at FROM tombstone');
    expect(stone).toEqual(['grace', 20001, expect.stringMatching(/^[0-9a-f]{32}$/), now()]);
    at().verify();
  });

  test('keeps login and number from everybody else', async () => {
    const other = person('other');
    expect(await refused(at().add(grace, accountValues('grace')), 'constraintViolation')).toMatch(
      /belonged to somebody who was purged/,
    );
    await ok(at().add(other, accountValues('other')));
    const rename = at().rename(other, 'uid=GRACE');
    expect(await refused(rename, 'constraintViolation')).toMatch(/purged/);
    const number = at().modify(other, [['replace', 'uidNumber', bytes('20001')]]);
    await refused(number, 'constraintViolation');
  });

  test('gives both back to the same person, known by the employee number', async () => {
    expect(at().reader.tombstones.byEmployeeNumber('4712')).toEqual([]);
    const [stone] = at().reader.tombstones.byEmployeeNumber('4711');
    expect(stone).toMatchObject({ login: 'grace', uidNumber: 20_001 });
    const values = accountValues('grace', { employeeNumber: '4711', uidNumber: '20001' });
    await ok(at().add(grace, values));
  });
});
