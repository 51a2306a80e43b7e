/** Undo: the inverse of a run, with the names of whatever stands in the way. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  person,
  personValues,
  posixGroup,
} from '../../support/directory-people.js';
import { bytes, type Change, type Values, valuesOf } from '../../support/directory-requests.js';

const at = eachDirectory();
const ada = person('ada');
const grace = person('grace');

type Bare = { readonly op: string } & Record<string, unknown>;

/** Writes that are a run; answers with its number. */
function run(...writes: readonly Bare[]): number {
  const d = at();
  const base = { context: d.admin, reason: 'rule 12' };
  const [opened] = d.apply([{ ...base, op: 'openRun' }]);
  const { run } = opened as { run: number };
  const requests = writes.map((write) => ({ ...base, run, ...write }) as unknown as PreparedWrite);
  for (const outcome of d.apply(requests)) expect(outcome).toMatchObject({ ok: true });
  return run;
}

const modify = (dn: string, ...changes: readonly Change[]): Bare => {
  const list = changes.map(([op, attribute, ...values]) => {
    return { op, attribute, values: values.map(bytes) };
  });
  return { op: 'modify', dn, changes: list };
};
const add = (dn: string, values: Values): Bare => ({ op: 'add', dn, attributes: valuesOf(values) });

async function undo(number: number, rehearse = false) {
  const d = at();
  const write = async (request: PreparedWrite) => d.apply([request])[0]!;
  const order = { run: number, reason: `undo of run ${number}`, rehearse };
  return undoRun(order, { reader: d.reader, write, context: d.admin });
}

const text = (dn: string, attribute: string) => at().entry(dn).texts(attribute);

/** Everything but what moves with any write, by name. */
const content = () =>
  at()
    .export()
    .replace(/^(entryCSN|modifyTimestamp|modifiersName|# ).*\n/gim, '')
    .split('\n\n')
    .sort()
    .join('\n\n');

beforeEach(() => {
  at().seed({
    [ada]: personValues('ada', { title: 'Countess', mail: ['a@x', 'b@x'] }),
    [grace]: accountValues('grace', { title: 'Admiral', manager: ada }),
    [group('crew')]: groupOfNames('crew', ada, grace),
    [group('unix')]: posixGroup('unix', 'grace', 'nobody'),
  });
});

describe('a run that is taken back', () => {
  test('leaves values, names and references as they were', async () => {
    const before = content();
    const number = run(
      modify(ada, ['replace', 'title', 'Lady'], ['delete', 'mail', 'a@x']),
      modify(ada, ['add', 'mail', 'c@x']),
      modify(group('crew'), ['delete', 'member', grace]),
      modify(group('unix'), ['delete', 'memberUid', 'grace', 'nobody']),
      modify(grace, ['delete', 'manager'], ['add', 'objectClass', 'ldapPublicKey']),
      { op: 'rename', dn: grace, newRdn: 'uid=hopper', deleteOldRdn: true, newSuperior: undefined },
    );
    expect(content()).not.toBe(before);
    const { entries, by } = await undo(number);
    expect(entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(content()).toBe(before);
    expect(at().reader.history.run(by)).toMatchObject({ undoes: number });
    // An undo is a run: taking it back does again what was undone.
    await undo(by);
    expect(text(ada, 'title')).toEqual(['Lady']);
    expect(at().found('(uid=hopper)')).toHaveLength(1);
  });

  test('brings back what it deleted, under the same UUID and numbers, in its groups', async () => {
    const before = content();
    const number = run({ op: 'delete', dn: grace });
    expect(at().found('(uid=grace)')).toEqual([]);
    const { entries } = await undo(number);
    expect(entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(content()).toBe(before);
  });

  test('takes away what it added, children before parents', async () => {
    const before = content();
    const ou = 'ou=ships,dc=example,dc=com';
    const number = run(
      add(ou, { objectClass: 'organizationalUnit', ou: 'ships' }),
      add(`cn=hopper,${ou}`, { objectClass: 'device', cn: 'hopper' }),
      add(person('kim'), accountValues('kim')),
    );
    await undo(number);
    expect(content()).toBe(before);
  });

  test('a private group has its name of before again', async () => {
    at().seed({ [person('kim')]: accountValues('kim') });
    const before = content();
    const rename = { op: 'rename', newRdn: 'uid=tim', deleteOldRdn: true, newSuperior: undefined };
    const number = run({ ...rename, dn: person('kim') } as Bare);
    expect(at().foundNames('(cn=tim)')).toEqual(['tim']);
    const { by, entries } = await undo(number);
    expect(entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(content()).toBe(before);
    await undo(by);
    expect(at().foundNames('(cn=tim)')).toEqual(['tim']);
  });

  test('does nothing in a rehearsal, and says what it would do', async () => {
    const number = run(modify(ada, ['replace', 'title', 'Lady']));
    const log = at().reader.logEnd().seq;
    const seen = await undo(number, true);
    expect(seen).toEqual({
      by: 0,
      entries: [{ dn: ada, back: 2, conflicts: [], gone: [] }],
    });
    expect(at().reader.logEnd().seq).toBe(log);
    expect(at().reader.history.runs(10)).toHaveLength(1);
  });
});

describe('what stands in the way', () => {
  test('a later change of the value stays, and is named; everything else goes back', async () => {
    const number = run(modify(ada, ['replace', 'title', 'Lady'], ['replace', 'mail', 'z@x']));
    await ok(at().modify(ada, [['replace', 'title', 'Baroness']]));
    const { entries } = await undo(number);
    expect(entries).toEqual([
      {
        dn: ada,
        back: 3,
        gone: [],
        conflicts: [
          {
            attribute: 'title',
            text: 'title was changed again',
            by: {
              seq: expect.any(Number),
              actor: 'cn=admin,dc=example,dc=com',
              reason: 'test',
            },
          },
        ],
      },
    ]);
    expect([text(ada, 'title'), text(ada, 'mail')]).toEqual([['Baroness'], ['a@x', 'b@x']]);
  });

  test('an added entry that somebody has worked on stays', async () => {
    const number = run(add(person('kim'), personValues('kim')));
    await ok(at().modify(person('kim'), [['add', 'title', 'Captain']]));
    const { entries } = await undo(number);
    expect(entries[0]!.conflicts[0]!.text).toMatch(/changed after it was added/);
    expect(at().found('(uid=kim)')).toHaveLength(1);
  });

  test('a login that somebody else has now keeps the deleted entry away, and only that', async () => {
    const number = run({ op: 'delete', dn: grace }, modify(ada, ['replace', 'title', 'Lady']));
    at().seed({ 'cn=other,ou=people,dc=example,dc=com': personValues('grace', { cn: 'other' }) });
    const { entries } = await undo(number);
    const told = entries.flatMap(({ dn, conflicts }) => conflicts.map(({ text }) => [dn, text]));
    expect(told).toContainEqual([grace, expect.stringMatching(/already taken by/)]);
    expect(text(ada, 'title')).toEqual(['Countess']);
  });

  test('a password does not come back, and the new one stays', async () => {
    await ok(at().modify(ada, [['add', 'userPassword', 'first']]));
    const [before] = at().reader.secrets(at().names.idOf(ada));
    const number = run(
      modify(ada, ['replace', 'userPassword', '{SSHA}bm90IGEgcmVhbCBoYXNoIGF0IGFsbA==']),
      modify(ada, ['replace', 'title', 'Lady']),
    );
    const { entries } = await undo(number);
    expect(entries[0]).toMatchObject({ conflicts: [], gone: ['1 userPassword'] });
    expect(at().reader.secrets(at().names.idOf(ada))).not.toContainEqual(before);
    expect(text(ada, 'title')).toEqual(['Countess']);
  });

  test('an undo of which nothing comes is no run', async () => {
    const number = run(modify(ada, ['replace', 'title', 'Lady']));
    await ok(at().modify(ada, [['replace', 'title', 'Baroness']]));
    const runs = () =>
      at()
        .reader.history.runs(10)
        .map(({ id }) => id);
    const { by, entries } = await undo(number);
    expect([by, entries[0]?.back, runs()]).toEqual([0, 0, [number]]);
    await undo(run(modify(grace, ['replace', 'title', 'Admiral'])));
    const [last] = runs();
    // Twice the same finds nothing left to do.
    expect((await undo(number)).by).toBe(0);
    expect(runs()[0]).toBe(last);
  });

  test('an undo of a run that did nothing opens none', async () => {
    const number = run();
    expect(await undo(number)).toEqual({ by: 0, entries: [] });
    expect(at().reader.history.runs(10)).toHaveLength(1);
  });

  test('a run that does not exist is named', async () => {
    await expect(undo(99)).rejects.toThrow('there is no run 99');
  });
});
