/** What somebody can come in with, and what names them, as it is stored now. */
import type { Holdings } from '../../admin/people.js';
import { grantKinds } from '../../credentials/index.js';
import { Memberships, ONE_TIME_PASSWORD } from '../../directory/operations/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { certificatesOf, loginOf, naming, textsOf, valuesOf } from './parts.js';

/** More sudo rules than this of one person are counted no further. */
const RULES_MAX = 1_000;
const ntKinds: ReadonlySet<string> = new Set(['wifiHash', 'fileHash', 'ntHash']);

const byName = (a: string, b: string) => (a < b ? -1 : 1);
const hasClass = (entry: EntryRecord, name: string) =>
  entry.kind.classes.some((cls) => cls.name === name);

export function holdingsOf(
  entry: EntryRecord,
  reader: DirectoryReader,
  nowSeconds: number,
): Holdings {
  const groupIds = new Memberships(reader, () => nowSeconds * 1000).groupsOf(entry.id);
  const owned = reader.entries([...naming(entry.id, 'owner', reader)]);
  const devices = owned.filter((one) => hasClass(one, 'tenureDevice'));
  const seconds = reader.entries([...naming(entry.id, 'lifecyclePrincipal', reader)]);
  const reports = reader.entries([...naming(entry.id, 'manager', reader)]);
  const secrets = reader.secrets(entry.id);
  const count = (kind: string) => secrets.filter((secret) => secret.kind === kind).length;
  const ntSecrets = [entry, ...devices].flatMap((one) =>
    reader.secrets(one.id).filter(({ kind }) => ntKinds.has(kind)),
  );
  const nameOf = (one: EntryRecord) =>
    textsOf(one, 'cn', reader)[0] ?? textsOf(one, 'uid', reader)[0] ?? one.rdn;
  return {
    password: count('userPassword') > 0,
    code: count('totp') + count('hotp') > 0,
    appPasswords: count(grantKinds.app),
    firstPasswords: count(ONE_TIME_PASSWORD),
    ntSecrets: ntSecrets.length,
    certificates: certificatesOf(entry, reader),
    sshKeys: valuesOf(entry, 'sshpublickey', reader).length,
    groups: reader.entries(groupIds).map(nameOf).sort(byName),
    sudoRules: sudoRules(entry, reader).map(nameOf).sort(byName),
    accounts: [...devices, ...seconds].map((one) => loginOf(one, reader)).sort(byName),
    owns: owned
      .filter((one) => !devices.includes(one))
      .map(nameOf)
      .sort(byName),
    reports: reports.map((one) => loginOf(one, reader)).sort(byName),
  };
}

/** Rules that name the person by login; those for groups go with the groups. */
function sudoRules(entry: EntryRecord, reader: DirectoryReader): EntryRecord[] {
  const type = reader.schema().attribute('sudoUser');
  const key = type?.equality?.normalize(Buffer.from(loginOf(entry, reader), 'utf8'));
  if (type === undefined || key === undefined) return [];
  return reader.entries(reader.idsEqual(type, key, RULES_MAX).ids);
}
