/** What new entries are by place and author, and that verify holds states against facts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { timelinesOf } from '../../../src/directory/operations/index.js';
import { builtIn } from '../../../src/policy/examples/index.js';
import { databasePath, verifyDatabase } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { adminDn, adminPassword, suffix } from '../../support/directory-requests.js';
import { setFacts } from '../../support/facts.js';

const ada = person('ada');
const at = eachDirectory();
const state = (dn = ada) => at().entry(dn).texts('lifecycleState')[0];

describe('what a new entry is', () => {
  const policy = (newEntries: string) =>
    at().seed({
      [`cn=policy,${suffix}`]: {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: builtIn.replace(
          /^company: \{/m,
          `company: {new entries: {${newEntries}}, `,
        ),
      },
    });

  test('follows from its container, without anybody having said a fact', async () => {
    policy('below ou=intake: staged');
    at().seed({ [`ou=intake,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'intake' } });
    const eve = `uid=eve,ou=intake,${suffix}`;
    await ok(at().add(eve, personValues('eve')));
    expect(state(eve)).toBe('staged');
    await ok(at().add(person('kim'), personValues('kim')));
    expect(state(person('kim'))).toBe('active');
    // A container is nobody, and a first day says more.
    await ok(at().add(`ou=x,ou=intake,${suffix}`, { objectClass: 'organizationalUnit', ou: 'x' }));
    expect(state(`ou=x,ou=intake,${suffix}`)).toBeUndefined();
    await ok(at().modify(eve, [['replace', 'lifecycleStart', '2026-01-01']]));
    expect(state(eve)).toBe('active');
  });

  test('and from who made it; the administrator stays who they are', async () => {
    policy('made by cn=admin: staged');
    await ok(at().add(person('eve'), personValues('eve')));
    expect(state(person('eve'))).toBe('staged');
    await ok(at().modify(adminDn, [['add', 'lifecycleKind', 'break-glass']]));
    expect(state(adminDn)).toBe('active');
    await at().bind(adminDn, adminPassword);
  });
});

describe('verify', () => {
  test('holds timelines and instants against the facts', async () => {
    at().seed(manyPeople(['ada']));
    await setFacts(at(), ada, { lifecycleEngagement: 'id=1 end=2026-02-01' });
    const id = at().names.idOf(ada);
    const problems = (damage: string) => {
      const copy = mkdtempSync(join(tmpdir(), 'tenure-verify-'));
      try {
        const original = new Database(databasePath(at().dir), { readonly: true });
        original.exec(`VACUUM INTO '${databasePath(copy)}'`);
        original.close();
        const db = new Database(databasePath(copy));
        db.pragma('journal_mode = WAL');
        db.exec(damage);
        db.close();
        return verifyDatabase(copy, undefined, timelinesOf).problems;
      } finally {
        rmSync(copy, { recursive: true });
      }
    };
    expect(problems('SELECT 1')).toEqual([]);
    expect(problems("UPDATE timeline SET text = 'active'")).toContain(
      `entry ${id}: its timeline is "active", its facts say "employed=..1769990400 active 1769990400 sealed"`,
    );
    expect(problems('DELETE FROM timeline')[0]).toContain('its timeline is "none"');
    expect(problems('UPDATE instant SET at = at + 1')).toEqual([
      `entry ${id}: its instants are not those of its timeline`,
    ]);
    expect(problems('UPDATE employment SET until = until + 1')).toEqual([
      `entry ${id}: its employment is not that of its timeline`,
    ]);
    expect(problems("INSERT INTO timeline VALUES (999, 'sealed')")).toEqual([
      'entry 999: it has a timeline and is gone',
    ]);
  });
});
