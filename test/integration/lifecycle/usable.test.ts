/** What consumers hear of an account by its state: hashes for networks and shares, and its usability. */
import { beforeEach, expect, test } from '@jest/globals';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { usabilityOf } from '../../../src/directory/operations/policies/index.js';
import { viewFor } from '../../../src/directory/operations/view.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { endsIn, setFacts } from '../../support/facts.js';

const HOUR = 3_600;
const ada = person('ada');
const device = `cn=phone,${suffix}`;
const consumers = { radius: 'wifiHash', fileServer: 'fileHash' } as const;
const at = eachDirectory();

beforeEach(async () => {
  const d = at();
  d.seed(manyPeople(['ada'], { userPassword: 'pass' }));
  d.seed({
    [device]: { objectClass: ['device', 'tenureDevice'], cn: 'phone', uid: 'phone', owner: ada },
  });
  for (const [role, kind] of Object.entries(consumers)) {
    d.seed({
      [`cn=${role},${suffix}`]: {
        objectClass: ['device', 'tenureService'],
        cn: role,
        tenureRole: role,
      },
    });
    for (const dn of [ada, device]) {
      const value = bytesOf(encodeNtSecret({ hash: ntHash('x'), madeMs: d.clock.nowMs() }));
      const base = { op: 'credentials', context: d.admin, reason: 'test' } as const;
      d.apply([{ ...base, owner: d.names.idOf(dn), remove: [], add: [{ kind, value }] }]);
    }
  }
  await setFacts(d, ada, { lifecycleEngagement: endsIn(d, HOUR) });
});

/** How many hashes each consumer is given, of the person and of the device. */
const given = () =>
  Object.keys(consumers).flatMap((role) =>
    [ada, device].map((dn) => {
      const d = at();
      const as = d.user(`cn=${role},${suffix}`);
      const { entries } = d.search('(objectClass=*)', {
        base: dn,
        scope: 'base',
        attributes: ['sambaNTPassword'],
        as,
      });
      return entries[0]?.texts('sambaNTPassword').length ?? 0;
    }),
  );

test('a RADIUS and a file server are given hashes to the second, of devices too', async () => {
  expect(given()).toEqual([1, 1, 1, 1]);
  at().clock.advance(HOUR * 1000 - 1);
  expect(given()).toEqual([1, 1, 1, 1]);
  at().clock.advance(1);
  expect(given()).toEqual([0, 0, 0, 0]);
  await ok(at().modify(ada, [['replace', 'lifecycleEngagement', 'id=1']]));
  expect(given()).toEqual([1, 1, 1, 1]);
});

test('an account whose person is not active is told as one that cannot be used', () => {
  const usable = () => {
    const { reader, names, clock, admin } = at();
    const view = viewFor(admin.identity, { reader, names, nowMs: () => clock.nowMs() });
    return usabilityOf(reader.entry(names.idOf(ada))!, view);
  };
  expect(usable()).toMatchObject({ available: true });
  at().clock.advance(HOUR * 1000);
  expect(usable()).toMatchObject({ available: false, inactive: true });
});
