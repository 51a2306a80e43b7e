/** NT hashes: made, sealed, given to RADIUS and file servers only, and never older than a password. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeNtSecret, ntHash, ntHashText } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import type { Context } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { nobody, suffix } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';

const ada = person('ada');
const radius = `cn=radius,${suffix}`;
const files = `cn=files,${suffix}`;
const plain = `cn=wiki,${suffix}`;
const service = (cn: string, role?: string) => ({
  objectClass: ['device', ...(role === undefined ? [] : ['tenureService'])],
  cn,
  ...(role === undefined ? {} : { tenureRole: role }),
});
const nt = (clear: string) => ntHashText(ntHash(clear));
const WANTED = ['sambaNTPassword', 'sambaAcctFlags', 'cn'];

/** As `tenure wifi` stores it. */
async function give(d: TestDirectory, dn: string, kind: string, clear: string): Promise<void> {
  const owner = d.names.resolve(d.names.parse(dn)).id;
  const value = bytesOf(encodeNtSecret({ hash: ntHash(clear), madeMs: d.clock.nowMs() }));
  const base = { op: 'credentials', context: d.admin, reason: 'test' } as const;
  const [outcome] = d.apply([{ ...base, owner, remove: [], add: [{ kind, value }] }]);
  expect(outcome).toMatchObject({ ok: true });
}

const hashSeen = (d: TestDirectory, as: Context, dn = ada) =>
  d.entry(dn, WANTED, as).texts('sambaNTPassword');
/** Nothing in the database but the secret table's sealed bytes comes from the hash. */
function nowhere(d: TestDirectory, clear: string): void {
  const hash = ntHash(clear);
  const needles = [clear, hash.toString('latin1'), hash.toString('hex'), ntHashText(hash)];
  let cells = 0;
  for (const [table] of d.sql("SELECT name FROM sqlite_master WHERE type = 'table'")) {
    for (const row of d.sql(`SELECT * FROM "${table}"`)) {
      for (const cell of row) {
        cells += 1;
        const text = Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell);
        for (const needle of needles) expect(text.includes(needle)).toBe(false);
      }
    }
  }
  expect(cells).toBeGreaterThan(100);
}

describe('secrets of their own', () => {
  const at = eachDirectory();
  beforeEach(() => {
    at().seed({
      ...manyPeople(['ada', 'bob']),
      [radius]: service('radius', 'radius'),
      [files]: service('files', 'fileServer'),
      [plain]: service('wiki'),
    });
  });

  test('each consumer receives the hash that is for it, with flags', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    await give(d, ada, 'fileHash', 'on the share');
    const seen = d.entry(ada, WANTED, d.user(radius));
    expect(seen.texts('sambaNTPassword')).toEqual([nt('over the air')]);
    expect(seen.texts('sambaAcctFlags')).toEqual(['[U          ]']);
    expect(hashSeen(d, d.user(files))).toEqual([nt('on the share')]);
    expect(hashSeen(d, d.user(radius), person('bob'))).toEqual([]);
    expect(d.entry(person('bob'), WANTED, d.user(radius)).attributes.size).toBe(1);
    nowhere(d, 'over the air');
  });

  test('nobody else is shown it: administrator, owner, other services, anonymous', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    for (const as of [d.admin, d.user(ada), d.user(plain), d.user(files)]) {
      expect(d.entry(ada, WANTED, as).texts('sambaNTPassword')).toEqual([]);
      expect(d.entry(ada, WANTED, as).texts('sambaAcctFlags')).toEqual([]);
      expect(d.entry(ada, ['*', '+'], as).texts('sambaNTPassword')).toEqual([]);
    }
    expect(d.search('(uid=ada)', { attributes: WANTED, as: nobody }).entries).toEqual([]);
  });

  test('the consumer sees it by name only, never with * or +, nor over a line that others read', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    const as = d.user(radius);
    expect(d.entry(ada, ['*', '+'], as).texts('sambaNTPassword')).toEqual([]);
    expect(d.entry(ada, ['SambaNTpassword'], as).texts('sambaNTPassword')).toHaveLength(1);
    const open = { ...as, origin: { ...as.origin, confidential: false } };
    expect(hashSeen(d, open)).toEqual([]);
    const types = d.search('(uid=ada)', { attributes: WANTED, as, typesOnly: true });
    expect([...types.entries[0]!.attributes.keys()]).toContain('sambaNTPassword');
    expect(types.entries[0]!.texts('sambaNTPassword')).toEqual([]);
  });

  test('no filter and no comparison finds anything out, for the consumer either', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    for (const as of [d.admin, d.user(radius)]) {
      for (const filter of ['(sambaNTPassword=*)', `(sambaNTPassword=${nt('over the air')})`]) {
        expect(d.found(`(&(uid=ada)${filter})`, { as })).toEqual([]);
        expect(d.found(`(&(uid=ada)(!${filter}))`, { as })).toEqual([]);
      }
      expect(() => d.compare(ada, 'sambaNTPassword', nt('over the air'), as)).toThrow(
        'may not be compared',
      );
    }
  });

  test('a role that is taken away shows nothing from the next search on', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    const as = d.user(radius);
    expect(hashSeen(d, as)).toHaveLength(1);
    await ok(d.modify(radius, [['delete', 'tenureRole']]));
    expect(hashSeen(d, as)).toEqual([]);
  });

  test('which hash it is may be said for each consumer', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    await give(d, ada, 'fileHash', 'on the share');
    const as = d.user(radius);
    await ok(d.modify(radius, [['replace', 'tenureView', 'hash=files,wifi']]));
    expect(hashSeen(d, as)).toEqual([nt('on the share')]);
    await ok(d.modify(radius, [['replace', 'tenureView', 'hash=password,wifi']]));
    expect(hashSeen(d, as)).toEqual([nt('over the air')]);
    await ok(d.modify(radius, [['replace', 'tenureView', 'hash=password']]));
    expect(hashSeen(d, as)).toEqual([]);
    await ok(d.modify(plain, [['replace', 'tenureView', 'hash=wifi']]));
    expect(hashSeen(d, d.user(plain))).toEqual([]);
  });

  test('only an administrator gives roles', async () => {
    const d = at();
    const changes = [['replace', 'tenureRole', 'radius']] as const;
    await refused(d.modify(files, changes, undefined, d.user(files)), 'insufficientAccessRights');
  });

  test('a new login password leaves the secrets of their own alone', async () => {
    const d = at();
    await give(d, ada, 'wifiHash', 'over the air');
    await ok(d.modify(ada, [['replace', 'userPassword', 'something-new']]));
    expect(hashSeen(d, d.user(radius))).toEqual([nt('over the air')]);
  });

  test('who is locked, or out of their time, has no hash; nor have their devices', async () => {
    const d = at();
    const device = `uid=ada\\+phone,${suffix}`;
    const values = { cn: 'ada+phone', uid: 'ada+phone', owner: ada };
    await ok(d.add(device, { objectClass: ['device', 'tenureDevice'], ...values }));
    await give(d, ada, 'wifiHash', 'over the air');
    await give(d, device, 'wifiHash', 'in the pocket');
    const seen = () => [ada, device].map((dn) => hashSeen(d, d.user(radius), dn).length);
    expect(seen()).toEqual([1, 1]);
    await ok(d.modify(ada, [['replace', 'pwdAccountLockedTime', '000001010000Z']]));
    expect(seen()).toEqual([0, 0]);
    expect(d.entry(ada, WANTED, d.user(radius)).texts('sambaAcctFlags')).toEqual([]);
    await ok(d.modify(ada, [['delete', 'pwdAccountLockedTime']]));
    expect(seen()).toEqual([1, 1]);
    await ok(d.modify(ada, [['replace', 'pwdEndTime', '20260105170000Z']]));
    expect(seen()).toEqual([1, 1]);
    d.clock.advance(8 * 3_600_000);
    expect(seen()).toEqual([0, 0]);
  });

  test('devices go with their owner', async () => {
    const d = at();
    const device = `uid=ada\\+phone,${suffix}`;
    await ok(
      d.add(device, {
        objectClass: ['device', 'tenureDevice'],
        cn: 'ada+phone',
        uid: 'ada+phone',
        owner: ada,
      }),
    );
    await give(d, device, 'wifiHash', 'in the pocket');
    const { entries } = d.search('(uid=ada+phone)', { attributes: WANTED, as: d.user(radius) });
    expect(entries.map((entry) => entry.texts('sambaNTPassword'))).toEqual([[nt('in the pocket')]]);
    await ok(d.delete(ada));
    expect(d.foundNames('(uid=ada+phone)')).toEqual([]);
    expect(d.sql("SELECT 1 FROM secret WHERE kind = 'wifiHash'")).toEqual([]);
  });

  test('sambaNTPassword as an administrator writes it is sealed; who may not, is told', async () => {
    const d = at();
    const samba = { objectClass: ['inetOrgPerson', 'sambaSamAccount'], sambaSID: 'S-1-5-21-1' };
    const eve = person('eve');
    await ok(d.add(eve, personValues('eve', { ...samba, sambaNTPassword: nt('from samba') })));
    nowhere(d, 'from samba');
    const bad = d.modify(eve, [['replace', 'sambaNTPassword', 'hello']]);
    expect(await refused(bad, 'invalidAttributeSyntax')).toContain('32 hexadecimal digits');
    await ok(d.modify(eve, [['replace', 'sambaNTPassword', nt('once more')]]));
    expect(d.sql("SELECT 1 FROM secret WHERE kind = 'ntHash'")).toHaveLength(1);
    const two = d.modify(eve, [['replace', 'sambaNTPassword', nt('a'), nt('b')]]);
    await refused(two, 'constraintViolation');
    await refused(d.modify(eve, [['add', 'sambaNTPassword', nt('a')]]), 'constraintViolation');
    await ok(d.modify(eve, [['delete', 'sambaNTPassword']]));
    await refused(d.modify(eve, [['delete', 'sambaNTPassword']]), 'noSuchAttribute');
  });
});

describe('from the login password', () => {
  const at = eachDirectory({ ntHash: { wifi: 'password', files: 'secret' } });
  beforeEach(() => {
    at().seed({
      ...manyPeople(['ada', 'bob']),
      [radius]: service('radius', 'radius'),
      [files]: service('files', 'fileServer'),
    });
  });
  const radiusSees = (dn = ada) => hashSeen(at(), at().user(radius), dn);

  test('however it is set: modify, add, the password operation, generated', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'userPassword', 'first-password']]));
    expect(radiusSees()).toEqual([nt('first-password')]);
    await ok(d.changePassword(ada, 'first-password', 'second-pässword', d.user(ada)));
    expect(radiusSees()).toEqual([nt('second-pässword')]);
    const generated = await ok(d.changePassword(ada));
    expect(radiusSees()).toEqual([nt(generated.generated!)]);
    await ok(d.add(person('eve'), personValues('eve', { userPassword: 'with-the-entry' })));
    expect(radiusSees(person('eve'))).toEqual([nt('with-the-entry')]);
    expect(hashSeen(d, d.user(files))).toEqual([]);
    nowhere(d, 'second-pässword');
  });

  test('of a hash that was given only the first bind tells it', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'userPassword', 'old-one-7']]));
    const hash = d.sql("SELECT value FROM secret WHERE kind = 'userPassword'").map(String);
    await ok(d.modify(person('bob'), [['replace', 'userPassword', hash.at(-1)!]]));
    expect(radiusSees(person('bob'))).toEqual([]);
    await d.bind(person('bob'), 'old-one-7');
    await new Promise((resolve) => setImmediate(resolve));
    expect(radiusSees(person('bob'))).toEqual([nt('old-one-7')]);
  });

  test('no hash outlives its password', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'userPassword', 'first-password']]));
    const hash = String(d.sql("SELECT value FROM secret WHERE kind = 'userPassword'").at(-1)![0]);
    await ok(d.modify(ada, [['replace', 'userPassword', hash]]));
    expect(radiusSees()).toEqual([]);
    await ok(d.modify(ada, [['replace', 'userPassword', 'second-password']]));
    expect(radiusSees()).toHaveLength(1);
    await ok(d.modify(ada, [['delete', 'userPassword']]));
    expect(radiusSees()).toEqual([]);
  });

  test('a secret of their own comes first', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'userPassword', 'first-password']]));
    await give(d, ada, 'wifiHash', 'over the air');
    expect(radiusSees()).toEqual([nt('over the air')]);
  });
});

describe('other hashes of Samba', () => {
  const at = eachDirectory();
  const lm = '44EFCE164AB921CAAAD3B435B51404EE';
  const samba = { uid: 'sam', cn: 'sam', sn: 'sam', sambaSID: 'S-1-5-21-1' };
  const objectClass = ['inetOrgPerson', 'sambaSamAccount'];

  test.each(['sambaLMPassword', 'sambaPasswordHistory'])(
    '%s is refused, and not kept of a file',
    async (name) => {
      const d = at();
      const dn = person('sam');
      const text = await refused(
        d.add(dn, { objectClass, ...samba, [name]: lm }),
        'constraintViolation',
      );
      expect(text).toMatch(`${name} is not kept`);
      const pairs = [...objectClass.map((c) => ['objectClass', c]), ...Object.entries(samba)];
      const lines = [['dn', dn], ...pairs, [name, lm]].map(([key, value]) => `${key}: ${value}`);
      await d.import(`version: 1\n\n${lines.join('\n')}\n`);
      await refused(d.modify(dn, [['replace', name, lm]]), 'constraintViolation');
      expect(d.export()).toContain('sambaSID: S-1-5-21-1');
      expect(d.export()).not.toContain(lm);
      const kept = d.sql('SELECT value FROM secret').flat() as Buffer[];
      expect(kept.some((value) => value.toString('latin1').includes(lm))).toBe(false);
    },
  );
});
