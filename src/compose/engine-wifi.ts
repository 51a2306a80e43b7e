/**
 * Wi-Fi and file server secrets: made, listed, revoked. A device is an entry of its own below
 * ou=devices, with the login `person+device`: that is the User-Name that a RADIUS server looks for,
 * and one device can be revoked without the others. It goes with its owner.
 */
import type { NtEngine, NtInfo, NtTarget, NtUse } from '../admin/wifi.js';
import {
  decodeNtSecret,
  encodeNtSecret,
  makeNtSecret,
  type SealedKind,
} from '../credentials/index.js';
import { bodyFind, bodyValuesAt } from '../directory/model/body.js';
import { bytesOf, bytesOfText } from '../directory/model/bytes.js';
import { escapeDnValue } from '../directory/model/dn.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import { findEntry, type Names, type PreparedWrite } from '../directory/operations/index.js';
import type { EntryRecord } from '../directory/ports.js';
import { errorFromShape, LdapError } from '../runtime/errors.js';
import type { EngineParts } from './engine.js';

export interface WifiParts {
  readonly names: Names;
  readonly administrator: () => Identity;
  readonly origin: Origin;
}

const kindOf: Readonly<Record<NtUse, SealedKind>> = { wifi: 'wifiHash', files: 'fileHash' };
const useOf: Readonly<Record<string, NtInfo['use']>> = {
  wifiHash: 'wifi',
  fileHash: 'files',
  ntHash: 'password',
};
const deviceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

type Bare<T> = T extends unknown ? Omit<T, 'context' | 'reason'> : never;

export function wifiEngine(engine: EngineParts, parts: WifiParts): NtEngine {
  const { reader } = engine;
  const { names } = parts;

  const write = async (request: Bare<PreparedWrite>, reason: string): Promise<void> => {
    const context = { identity: parts.administrator(), origin: parts.origin };
    const outcome = await engine.write({ ...request, context, reason } as PreparedWrite);
    if (!outcome.ok) throw errorFromShape(outcome.error);
  };

  const loginOf = (entry: EntryRecord): string => {
    const slot = bodyFind(entry.body, reader.attributeNumber('uid'));
    const login = slot < 0 ? undefined : bodyValuesAt(entry.body, slot)[0]?.toString('utf8');
    if (login !== undefined) return login;
    const text = `${names.text(entry)} has no uid, so nobody could log in as it`;
    throw new LdapError('unwillingToPerform', text);
  };

  const suffixOf = (dn: string): string => {
    const key = names.parse(dn).key;
    return reader.suffixes().find((suffix) => key.endsWith(suffix.key))!.dn;
  };

  /** The entry of a device, by its login, or undefined. */
  const deviceOf = (person: EntryRecord, device: string): EntryRecord | undefined => {
    const type = reader.schema().attribute('uid');
    const key = type?.equality?.normalize(Buffer.from(`${loginOf(person)}+${device}`, 'utf8'));
    const found = type && key && reader.idsEqual(type, key, 2).ids;
    return found?.length === 1 ? reader.entry(found[0]!) : undefined;
  };

  const addDevice = async (person: EntryRecord, device: string, reason: string) => {
    if (!deviceName.test(device)) {
      const text = `"${device}" is no name of a device: letters, digits, . _ - and 32 at most`;
      throw new LdapError('unwillingToPerform', text);
    }
    const owner = names.text(person);
    const login = `${loginOf(person)}+${device}`;
    const container = `ou=devices,${suffixOf(owner)}`;
    if (names.resolve(names.parse(container)).id === 0) {
      const attributes = [
        { attribute: 'objectClass', values: ['organizationalUnit'] },
        { attribute: 'ou', values: ['devices'] },
      ];
      await write({ op: 'add', dn: container, attributes }, reason);
    }
    const value = bytesOfText(login);
    const attributes = [
      { attribute: 'objectClass', values: ['device', 'tenureDevice'] },
      { attribute: 'uid', values: [value] },
      { attribute: 'cn', values: [value] },
      { attribute: 'owner', values: [bytesOfText(owner)] },
    ];
    await write({ op: 'add', dn: `uid=${escapeDnValue(login)},${container}`, attributes }, reason);
    return deviceOf(person, device)!;
  };

  const heldBy = (entry: EntryRecord, use: NtUse) =>
    reader.secrets(entry.id).filter(({ kind }) => kind === kindOf[use]);

  const infosOf = (entry: EntryRecord, device: string | undefined): NtInfo[] =>
    reader.secrets(entry.id).flatMap((secret) => {
      const use = useOf[secret.kind];
      if (use === undefined) return [];
      const opened = decodeNtSecret(engine.box.open().open(secret.value, secret));
      const made = new Date(opened?.madeMs ?? 0).toISOString();
      return [{ dn: names.text(entry), login: loginOf(entry), device, use, made }];
    });

  /** The person's devices with the words behind the `+`. */
  const devicesOf = (person: EntryRecord): { entry: EntryRecord; device: string }[] => {
    const owner = reader.schema().attribute('owner');
    const cls = reader.schema().objectClass('tenureDevice');
    if (owner === undefined || cls === undefined) return [];
    return reader.entries(reader.sourcesOf(person.id, [owner])).flatMap((entry) => {
      if (!entry.kind.has(cls)) return [];
      return [{ entry, device: loginOf(entry).split('+').slice(1).join('+') }];
    });
  };

  const targetOf = ({ name, device }: NtTarget) => {
    const person = findEntry(name, reader, names);
    return { person, entry: device === undefined ? person : deviceOf(person, device) };
  };

  return {
    async issue(issue) {
      const { use, device, renew, by } = issue;
      const reason = `tenure wifi by ${by}`;
      const { person, entry: known } = targetOf(issue);
      const held = known === undefined ? [] : heldBy(known, use);
      if (held.length > 0 && !renew) {
        const since = infosOf(known!, device)
          .find((info) => info.use === use)
          ?.made.slice(0, 10);
        const text = `${loginOf(known!)} has such a secret since ${since}; --renew replaces it`;
        throw new LdapError('entryAlreadyExists', text);
      }
      const entry = known ?? (await addDevice(person, device!, reason));
      const login = loginOf(entry);
      const { clear, hash } = makeNtSecret(engine.pool().random);
      const value = bytesOf(encodeNtSecret({ hash, madeMs: engine.nowMs() }));
      const remove = held.map(({ id }) => id);
      const add = [{ kind: kindOf[use], value }];
      await write({ op: 'credentials', owner: entry.id, remove, add }, reason);
      return { dn: names.text(entry), login, use, secret: clear, renewed: held.length > 0 };
    },

    async list(name) {
      const person = findEntry(name, reader, names);
      const devices = devicesOf(person).flatMap(({ entry, device }) => infosOf(entry, device));
      return { dn: names.text(person), secrets: [...infosOf(person, undefined), ...devices] };
    },

    async revoke(revoke) {
      const { use, device, by } = revoke;
      const reason = `tenure wifi revoke by ${by}`;
      const { person, entry } = targetOf(revoke);
      const held = entry === undefined ? [] : heldBy(entry, use);
      if (entry === undefined || (held.length === 0 && device === undefined)) {
        const devices = devicesOf(person).map((one) => one.device);
        const who = device === undefined ? loginOf(person) : `${loginOf(person)}+${device}`;
        const others = devices.length === 0 ? '' : `; devices: ${devices.join(', ')}`;
        throw new LdapError('noSuchObject', `${who} has no such secret${others}`);
      }
      const dn = names.text(entry);
      const login = loginOf(entry);
      if (device !== undefined) await write({ op: 'delete', dn }, reason);
      else {
        const remove = held.map(({ id }) => id);
        await write({ op: 'credentials', owner: entry.id, remove, add: [] }, reason);
      }
      return { dn, login, use, device };
    },
  };
}
