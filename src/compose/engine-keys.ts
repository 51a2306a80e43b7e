/** The administration's view of SSH keys: listed with what is known of them, added and removed. */
import type { KeyChange, KeyInfo, KeyList, KeysEngine } from '../admin/keys.js';
import { checkSshKey } from '../credentials/index.js';
import { decodeBody } from '../directory/model/body.js';
import { bytesOf, bytesOfText } from '../directory/model/bytes.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import { sshPrintText } from '../directory/model/ssh-key.js';
import { findEntry, type ModifyChange, type Names } from '../directory/operations/index.js';
import type { EntryRecord } from '../directory/ports.js';
import { defaultConfig } from '../runtime/config.js';
import { errorFromShape, LdapError } from '../runtime/errors.js';
import type { EngineParts } from './engine.js';

/** A key that lies stored, whatever is allowed now. */
const anything = { ...defaultConfig.sshKeys, rsaBitsMin: 0 };
/** Signs of a fingerprint that are enough to mean it. */
const PRINT_LEAST = 6;

export interface KeysParts {
  readonly names: Names;
  readonly administrator: () => Identity;
  readonly origin: Origin;
}

interface Stored {
  readonly value: Buffer;
  readonly info: KeyInfo;
}

export function keysEngine(engine: EngineParts, parts: KeysParts): KeysEngine {
  const { reader } = engine;
  const { names } = parts;

  const stored = (entry: EntryRecord): Stored[] => {
    const number = reader.attributeNumber('sshpublickey');
    const held = decodeBody(entry.body).find((attribute) => attribute.number === number);
    const times = new Map(
      reader.sshKeyTimes(entry.id).map((time) => [sshPrintText(time.print), time]),
    );
    return (held?.values ?? []).map((value) => {
      const checked = checkSshKey(value, anything);
      if (!checked.ok) return { value, info: unreadable(value) };
      const { type, bits, comment, options, expiresAt, print } = checked.key;
      const fingerprint = sshPrintText(print);
      const time = times.get(fingerprint);
      const info: KeyInfo = {
        fingerprint,
        type,
        bits,
        comment,
        options,
        added: iso(time?.addedAt),
        changed: iso(time?.changedAt),
        expires: iso(expiresAt),
        expired: expiresAt !== undefined && expiresAt <= engine.nowMs() / 1000,
      };
      return { value, info };
    });
  };

  const modify = async (
    entry: EntryRecord,
    changes: readonly ModifyChange[],
    reason: string,
  ): Promise<void> => {
    const context = { identity: parts.administrator(), origin: parts.origin };
    const dn = names.text(entry);
    const outcome = await engine.write({ op: 'modify', context, reason, dn, changes });
    if (!outcome.ok) throw errorFromShape(outcome.error);
  };

  /** What was there before or is there now, by its value. */
  const changeOf = (entry: EntryRecord, found: Stored | undefined): KeyChange => {
    if (found === undefined) throw new Error('the key that was changed is not there');
    return { dn: names.text(entry), key: found.info };
  };

  return {
    async list(name): Promise<KeyList> {
      const entry = findEntry(name, reader, names);
      return { dn: names.text(entry), keys: stored(entry).map(({ info }) => info) };
    },

    async add({ name, line, expires, by }) {
      const entry = findEntry(name, reader, names);
      const value = bytesOfText(expires === undefined ? line.trim() : expiring(line, expires));
      const changes: ModifyChange[] = [{ op: 'add', attribute: 'sshPublicKey', values: [value] }];
      if (!entry.kind.holdsSshKeys) {
        changes.unshift({ op: 'add', attribute: 'objectClass', values: ['ldapPublicKey'] });
      }
      await modify(entry, changes, `tenure keys add by ${by}`);
      const now = stored(reader.entry(entry.id)!);
      return changeOf(
        entry,
        now.find((key) => bytesOf(key.value) === value),
      );
    },

    async remove({ name, key, by }) {
      const entry = findEntry(name, reader, names);
      const found = meant(stored(entry), key, names.text(entry));
      const change: ModifyChange = {
        op: 'delete',
        attribute: 'sshPublicKey',
        values: [bytesOf(found.value)],
      };
      await modify(entry, [change], `tenure keys remove by ${by}`);
      return changeOf(entry, found);
    },
  };
}

/** The line with its end in front: sshd reads it there as well. */
function expiring(line: string, expires: string): string {
  // Without Z: versions of sshd that are still in use take a line with it for a broken one.
  const time = expires.replace(/\D/g, '').slice(0, 14);
  const bare = line.trim();
  const option = `expiry-time="${time}"`;
  return /^(?:ssh-|ecdsa-|sk-)/.test(bare) ? `${option} ${bare}` : `${option},${bare}`;
}

/** The one key that is meant by a fingerprint, its beginning, or a comment. */
function meant(keys: readonly Stored[], wanted: string, dn: string): Stored {
  const print = wanted.startsWith('SHA256:') ? wanted : `SHA256:${wanted}`;
  const exact = keys.filter(({ info }) => info.fingerprint === print || info.comment === wanted);
  const near = keys.filter(
    ({ info }) =>
      print.length >= 'SHA256:'.length + PRINT_LEAST && info.fingerprint.startsWith(print),
  );
  const found = exact.length > 0 ? exact : near;
  if (found.length === 1) return found[0]!;
  const list = keys.map(({ info }) => `${info.fingerprint} ${info.comment}`.trim()).join('; ');
  if (found.length > 1) {
    throw new LdapError('unwillingToPerform', `"${wanted}" is several keys; name one of ${list}`);
  }
  const has = list === '' ? 'no keys' : `these keys: ${list}`;
  throw new LdapError('noSuchAttribute', `${dn} has no key "${wanted}"; it has ${has}`);
}

/** A value from before it was checked: shown, so that it can be removed. */
function unreadable(value: Buffer): KeyInfo {
  const comment = value.toString('utf8', 0, 60).trim();
  const nothing = { added: undefined, changed: undefined, expires: undefined };
  return {
    fingerprint: '',
    type: 'not a key',
    bits: 0,
    comment,
    options: '',
    ...nothing,
    expired: false,
  };
}

function iso(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
