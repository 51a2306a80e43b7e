/**
 * Whatever random writes have made of a directory: its export, imported into a fresh one, exports
 * as the same entries, and means the same to searches. SEED repeats a run, RUNS sets how many.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { Oracle } from '../../support/random-oracle.js';
import { checkRandomly } from '../../support/random-runs.js';
import { perform, steps } from '../../support/random-writes.js';

const RUNS_BY_DEFAULT = 4;

/** Entries of an export; siblings of another age come in another order. */
const blocks = (ldif: string) => ldif.split('\n\n').sort();

const containers = ['people', 'groups', 'services', 'hosts', 'policies'];
const made = [`cn=default,ou=policies,${suffix}`, ...containers.map((ou) => `ou=${ou},${suffix}`)];

test('an export comes back as the same directory', async () => {
  await checkRandomly(
    fc.asyncProperty(fc.array(steps, { minLength: 10, maxLength: 50 }), async (writes) => {
      const d = await TestDirectory.open();
      const other = await TestDirectory.open({ seed: 2 });
      try {
        perform(d, writes, 3);
        const there = d.found('(objectClass=*)');
        for (const dn of made) if (!there.includes(dn)) await other.delete(dn);
        const text = d.export();
        const { entries } = await other.import(text);
        expect(entries).toBe(there.length);
        expect(blocks(other.export())).toEqual(blocks(text));
        const dump = (of: TestDirectory) =>
          of
            .search('(objectClass=*)', { attributes: ['*'] })
            .entries.map((e) => e.dn)
            .sort();
        expect(dump(other)).toEqual(dump(d));
        const oracle = new Oracle(d.search('(objectClass=*)', { attributes: ['*', '+'] }).entries);
        for (const entry of other.search('(objectClass=*)', { attributes: ['memberOf'] }).entries) {
          expect([entry.dn, entry.texts('memberOf').sort()]).toEqual([
            entry.dn,
            oracle.groupsOf(entry.dn),
          ]);
        }
      } finally {
        await d.close();
        await other.close();
      }
    }),
    RUNS_BY_DEFAULT,
  );
}, 60_000);
