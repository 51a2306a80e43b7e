/** LDIF in and out (RFC 2849): the same bytes again, all or nothing, faults with their line. */
import { expect, test } from '@jest/globals';
import { LdifError } from '../../../src/directory/text/index.js';
import { certificate } from '../../support/directory-certificate.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groups,
  manyPeople,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { adminDn, suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';

const at = eachDirectory();

async function fault(work: Promise<unknown>): Promise<{ line: number; text: string }> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(LdifError);
    const { line, message } = error as LdifError;
    return { line, text: message };
  }
  throw new Error('the import was accepted');
}

const entry = (dn: string, ...lines: string[]) => [`dn: ${dn}`, ...lines, ''].join('\n');
const inet = (uid: string, ...more: string[]) =>
  entry(person(uid), 'objectClass: inetOrgPerson', `cn: ${uid}`, 'sn: x', ...more);

async function fill(d: TestDirectory): Promise<void> {
  d.seed({
    [person('ada')]: accountValues('ada', {
      'cn;lang-de': 'Gräfin',
      description: [
        ' leading space',
        ': colon',
        '< less',
        'trailing ',
        'two\nlines',
        'x'.repeat(300),
      ],
      audio: Buffer.from([0, 1, 2, 255]),
      'userCertificate;binary': certificate,
    }),
    [person('bob')]: personValues('bob', {
      manager: person('ada'),
      seeAlso: 'cn=out,dc=elsewhere',
    }),
    [`cn=Schmidt\\, Jörg \\+ Co,${people}`]: personValues('jorg', { cn: 'Schmidt, Jörg + Co' }),
    [group('inner')]: {
      objectClass: 'groupOfNames',
      cn: 'inner',
      member: [person('bob'), person('ada')],
    },
    [group('both')]: {
      objectClass: ['groupOfNames', 'posixGroup'],
      cn: 'both',
      member: [group('inner'), 'cn=empty-membership-placeholder'],
      memberUid: ['ada', 'stranger'],
    },
    [group('posix')]: { objectClass: 'posixGroup', cn: 'posix', memberUid: ['bob', 'ghost'] },
    [`cn=link,${suffix}`]: {
      objectClass: ['alias', 'extensibleObject'],
      cn: 'link',
      aliasedObjectName: person('ada'),
    },
  });
  d.clock.advance(61_000);
  await ok(
    d.modify(person('ada'), [
      ['add', 'userPassword', 'secret'],
      ['add', 'title', 'Countess'],
    ]),
  );
  await ok(d.rename(person('bob'), 'uid=Robert', { keepOld: true }));
}

test('export, import into a fresh directory, export: the same bytes', async () => {
  const d = at();
  await fill(d);
  const first = d.export();
  expect(first).toBe(d.export());
  const other = await TestDirectory.open({ seed: 2 });
  try {
    other.clock.advance(5_000_000);
    const imported = await other.import(first);
    expect(imported).toEqual({ entries: d.reader.entryCount(), replaced: 8, changes: 0 });
    expect(other.export()).toBe(first);
    for (const dn of [person('ada'), group('both'), adminDn]) {
      const [was, is] = [d.entry(dn), other.entry(dn)];
      expect(is.attributes).toEqual(was.attributes);
    }
    expect((await other.bind(person('ada'), 'secret')).dn).toBe(person('ada'));
    expect(other.directory.administrator().dn).toBe(adminDn);
    expect(other.foundNames('(&(cn=*est*)(uid=ada))')).toEqual(['ada']);
    expect(other.foundNames(`(memberOf=${group('both')})`)).toEqual(
      d.foundNames(`(memberOf=${group('both')})`),
    );
    expect(other.entry(person('Robert')).texts('manager')).toEqual([person('ada')]);
    await ok(other.add(person('new'), accountValues('new')));
    expect(other.entry(person('new')).texts('uidNumber')).toEqual(['20002']);
  } finally {
    await other.close();
  }
});

test('an export of a part; of nothing', async () => {
  const d = at();
  await fill(d);
  const part = d.export(groups);
  expect(part.match(/^dn:/gm)).toHaveLength(5);
  expect(() => d.export('ou=no,dc=example,dc=com')).toThrow(/there is no entry/);
});

test('references may come before what they name', async () => {
  const d = at();
  const ldif = [
    entry(group('team'), 'objectClass: groupOfNames', 'cn: team', `member: ${person('ada')}`),
    entry(group('unix'), 'objectClass: posixGroup', 'cn: unix', 'gidNumber: 7', 'memberUid: ada'),
    inet('bob', `manager: ${person('ada')}`),
    inet('ada'),
  ].join('\n');
  expect(await d.import(ldif)).toEqual({ entries: 4, replaced: 0, changes: 0 });
  expect(d.entry(person('ada')).texts('memberOf').sort()).toEqual([group('team'), group('unix')]);
  await ok(d.rename(person('ada'), 'uid=eve'));
  expect(d.entry(person('bob')).texts('manager')).toEqual([person('eve')]);
});

test('names that older entries were waiting for are found', async () => {
  const d = at();
  d.seed({
    [group('team')]: { objectClass: 'groupOfNames', cn: 'team', member: person('ada') },
    [group('unix')]: { objectClass: 'posixGroup', cn: 'unix', memberUid: 'ada' },
  });
  await d.import(inet('ada'));
  expect(d.entry(person('ada')).texts('memberOf').sort()).toEqual([group('team'), group('unix')]);
  expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['team']);
});

test('children come after their parents', async () => {
  const d = at();
  const child = entry(`ou=b,ou=a,${suffix}`, 'objectClass: organizationalUnit', 'ou: b');
  const parent = entry(`ou=a,${suffix}`, 'objectClass: organizationalUnit', 'ou: a');
  expect(await fault(d.import([child, parent].join('\n')))).toMatchObject({
    line: 1,
    text: expect.stringContaining(`ou=a,${suffix}`),
  });
  expect((await d.import([parent, child].join('\n'))).entries).toBe(2);
});

test('line ends, comments, folding, base64, an LDIF version, blank lines', async () => {
  const d = at();
  const lines = [
    'version: 1',
    '# a comment',
    ' that goes on',
    '',
    '',
    `dn:: ${Buffer.from(person('ada')).toString('base64')}`,
    'objectclass: inetOrgPerson',
    'CN:: R3LDpGZpbg==',
    'sn: Love',
    ' lace',
    'description:',
    '  x',
  ];
  await d.import(lines.join('\r\n').replace('description:\r\n  x', 'description: x'));
  const ada = d.entry(person('ada'));
  expect([ada.texts('cn'), ada.texts('sn'), ada.texts('uid')]).toEqual([
    ['Gräfin'],
    ['Lovelace'],
    ['ada'],
  ]);
});

test('a fault anywhere changes nothing and names its line', async () => {
  const d = at();
  await fill(d);
  d.maintain();
  const before = d.export();
  const good = Array.from({ length: 50 }, (_, i) => inet(`new${i}`, `manager: ${person('new3')}`));
  const lineOf = (bad: string) => `${good.join('\n')}\n${bad}`;
  const last = good.join('\n').split('\n').length + 1;
  const bad: [string, number, RegExp][] = [
    [inet('ada'), last, /exists already/],
    [inet('new7'), last, /exists already/],
    [
      entry(`cn=x,${people}`, 'objectClass: inetOrgPerson', 'cn: x', 'sn: x', 'uid: NEW9'),
      last,
      /uid "NEW9" is already taken/,
    ],
    [inet('y', 'entryUUID: nonsense'), last, /entryUUID "nonsense"/],
    [
      inet('y', `entryUUID: ${d.entry(person('ada')).texts('entryUUID')[0]}`),
      last,
      /already taken/,
    ],
    [inet('y', 'entryCSN: nonsense'), last, /entryCSN/],
    [inet('y', 'modifyTimestamp: nonsense'), last, /modifyTimestamp/],
    [inet('y', 'noSuch: x'), last, /noSuch/],
    [inet('y', 'manager: nonsense'), last, /manager/],
    [inet('y', 'userPassword: {NOSUCH}x'), last + 4, /password hash/],
    [inet('y', 'userPassword: '), last + 4, /empty/],
    [entry(person('z'), 'objectClass: inetOrgPerson', 'cn: z'), last, /\bsn\b/],
    [entry('nonsense', 'objectClass: device', 'cn: z'), last, /nonsense/],
    ['dn: cn=x\nnot a line', last + 1, /./],
    [entry(person('ada'), 'changetype: delete'), last, /./],
  ];
  for (const [ldif, line, text] of bad) {
    const got = await fault(d.import(lineOf(ldif)));
    expect([ldif, got]).toEqual([ldif, { line, text: expect.stringMatching(text) }]);
  }
  expect(d.export()).toBe(before);
  expect(d.found('(uid=new*)')).toEqual([]);
  d.verify();
  await ok(d.add(person('new1'), personValues('new1')));
});

test('what the first setup made is replaced while nobody has touched it', async () => {
  const d = at();
  const admin = entry(
    adminDn,
    'objectClass: organizationalRole',
    'objectClass: simpleSecurityObject',
    'cn: admin',
    'description: ours',
    'userPassword: imported-secret',
  );
  await ok(d.modify(groups, [['add', 'description', 'touched']]));
  const touched = entry(groups, 'objectClass: organizationalUnit', 'ou: groups');
  expect((await fault(d.import(`${admin}\n${touched}`))).text).toMatch(/exists already/);
  expect(d.entry(adminDn).texts('description')).not.toEqual(['ours']);
  expect(await d.import(admin)).toEqual({ entries: 1, replaced: 1, changes: 0 });
  expect(d.entry(adminDn).texts('description')).toEqual(['ours']);
  expect((await d.bind(adminDn, 'imported-secret')).role).toBe('administrator');
  expect((await fault(d.import(admin))).text).toMatch(/exists already/);
});

test('clear-text passwords are hashed, hashes are kept', async () => {
  const d = at();
  const ssha = '{SSHA}VVmJTBGDmCmr4bhVIp7jShVIwDiNNYSE1hOPHg==';
  await d.import(
    `${inet('ada', 'userPassword: clear-one')}\n${inet('bob', `userPassword: ${ssha}`)}`,
  );
  const values = d.sql('SELECT CAST(value AS TEXT) FROM secret ORDER BY id').flat();
  expect(values.filter((value) => String(value).startsWith('{ARGON2}'))).toHaveLength(2);
  expect(values).toContain(ssha);
  expect((await d.bind(person('ada'), 'clear-one')).dn).toBe(person('ada'));
});

test('change records are writes like others, each in the log, all or none', async () => {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  const seq = d.half.store.logEnd().seq;
  const changes = [
    entry(
      person('eve'),
      'changetype: add',
      'objectClass: inetOrgPerson',
      'cn: Eve',
      'sn: X',
      'userPassword: pw',
    ),
    entry(
      person('ada'),
      'changetype: modify',
      'add: title',
      'title: Countess',
      '-',
      'replace: sn',
      'sn: King',
      '-',
    ),
    entry(person('ada'), 'changetype: modrdn', 'newrdn: uid=lovelace', 'deleteoldrdn: 1'),
    entry(person('bob'), 'changetype: delete'),
  ];
  expect(await d.import(changes.join('\n'))).toEqual({ entries: 0, replaced: 0, changes: 4 });
  expect(d.foundNames('(uid=*)')).toEqual(['eve', 'lovelace']);
  expect(d.entry(person('lovelace')).texts('sn')).toEqual(['King']);
  expect(d.foundNames('(sn=*in*)')).toEqual(['lovelace']);
  expect((await d.bind(person('eve'), 'pw')).dn).toBe(person('eve'));
  expect(d.half.store.logEnd().seq).toBe(seq + 4);
  const before = d.export();
  const failing = [
    entry(people, 'changetype: modrdn', 'newrdn: ou=staff', 'deleteoldrdn: 1'),
    entry(`uid=eve,ou=staff,${suffix}`, 'changetype: modify', 'replace: sn', 'sn: Y', '-'),
    entry(`uid=eve,ou=staff,${suffix}`, 'changetype: modify', 'add: noSuch', 'noSuch: Y', '-'),
  ];
  expect((await fault(d.import(failing.join('\n')))).text).toMatch(/noSuch/);
  expect(d.export()).toBe(before);
  expect(d.half.store.logEnd().seq).toBe(seq + 4);
  await ok(d.modify(person('eve'), [['replace', 'sn', 'Z']]));
  await refused(d.modify(`uid=eve,ou=staff,${suffix}`, [['replace', 'sn', 'Z']]), 'noSuchObject');
});

test('an unreadable file is the system’s error, and an empty one imports nothing', async () => {
  const d = at();
  await expect(d.half.importFile(`${d.dir}/none.ldif`, 'test', () => undefined)).rejects.toThrow(
    /ENOENT/,
  );
  expect(await d.import('')).toEqual({ entries: 0, replaced: 0, changes: 0 });
  expect(await d.import('version: 1\n\n# nothing\n')).toEqual({
    entries: 0,
    replaced: 0,
    changes: 0,
  });
  await ok(d.add(person('ada'), personValues('ada')));
});
