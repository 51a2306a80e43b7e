/**
 * NT hashes on their way out. They are worth as much as passwords, so they are given to whom an
 * administrator made a RADIUS or file server, over a connection that nobody reads along, by name
 * and never with `*`; for everybody else, the administrator included, and in every filter, they do
 * not exist. Which hash it is depends on who asks.
 */
import {
  decodeNtSecret,
  type NtSources,
  ntHashText,
  ntKindsFor,
  type SealedKind,
  type SecretBox,
} from '../../credentials/index.js';
import { bodyFind } from '../model/body.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';
import { evaluateBind, isLocked } from '../ppolicy/index.js';
import type { AttributeDescription } from '../schema/index.js';
import { admittedState, type NtHashName, viewOfAccount } from './lifecycle/index.js';
import { policiesOf } from './policies/index.js';
import { classNamed, consumerOf } from './service-role.js';
import type { Context } from './types.js';

/** What rendering needs beyond the reader. */
export interface NtHashTools {
  readonly sources: NtSources;
  readonly box: () => SecretBox;
  readonly nowMs: () => number;
  /** A hash that does not open: a defect, or a key file that lost a key. */
  readonly onDefect: (error: unknown) => void;
}

/** Attributes that hold the hash, and the one with the flags that go with it; lower case. */
const hashNames = new Set(['sambantpassword', 'ntpassword']);
const FLAGS = 'sambaacctflags';
const able = Buffer.from('[U          ]');

/** Names among those asked for that a consumer of hashes would be shown. */
export function consumedAmong(picked: readonly AttributeDescription[]): readonly string[] {
  const names = picked.filter(({ key }) => hashNames.has(key)).map(({ type }) => type.name);
  if (names.length === 0) return names;
  const flags = picked.find(({ key }) => key === FLAGS);
  return flags === undefined ? names : [...names, flags.type.name];
}

/** The kinds of hashes that whoever asks may be shown, or undefined for nearly everybody. */
export function kindsShownTo(
  { identity, origin }: Context,
  reader: DirectoryReader,
  { sources }: NtHashTools,
): readonly SealedKind[] | undefined {
  if (!origin.confidential || identity.role !== 'user') return undefined;
  const entry = reader.entry(identity.entryId);
  const consumer = entry === undefined ? undefined : consumerOf(entry, reader);
  if (entry === undefined || consumer === undefined) return undefined;
  const { hashes } = viewOfAccount(entry, reader);
  return hashes?.map((name) => kindOf[name]) ?? ntKindsFor(consumer, sources);
}

/** The kinds of secrets by the names that views have for them. */
const kindOf: Readonly<Record<NtHashName, SealedKind>> = {
  wifi: 'wifiHash',
  files: 'fileHash',
  password: 'ntHash',
};

/** Adds what the entry has for such a consumer to what goes out. */
export function putNtHash(
  entry: EntryRecord,
  shown: { readonly names: readonly string[]; readonly kinds: readonly SealedKind[] },
  reader: DirectoryReader,
  tools: NtHashTools,
  put: (name: string, values: readonly Buffer[]) => void,
): void {
  const now = tools.nowMs() / 1000;
  if (!isAble(entry, reader, now)) return;
  const kinds = shown.kinds.filter((kind) => kind !== 'ntHash' || opens(entry, reader, now));
  const hash = hashOf(entry, kinds, reader, tools);
  if (hash === undefined) return;
  for (const name of shown.names) {
    const key = name.toLowerCase();
    const stored = bodyFind(entry.body, reader.attributeNumber(key)) >= 0;
    if (!stored) put(name, [key === FLAGS ? able : hash]);
  }
}

/** Active, and neither the entry nor an owner of the device that it is has been locked, or is out of its time. */
function isAble(entry: EntryRecord, reader: DirectoryReader, now: number): boolean {
  if (admittedState(entry.id, reader, Math.floor(now)) !== 'active') return false;
  const { policy, state } = policiesOf(reader).of(entry);
  const { validFrom = -Infinity, validUntil = Infinity } = state;
  if (isLocked(policy, state, now) || now < validFrom || now >= validUntil) return false;
  const device = classNamed('tenureDevice', reader.schema());
  const owner = reader.schema().attribute('owner');
  if (device === undefined || owner === undefined || !entry.kind.has(device)) return true;
  return reader.edgesFrom(entry.id, owner).every(({ target }) => {
    const person = reader.entry(target);
    return person === undefined || person.kind.has(device) || isAble(person, reader, now);
  });
}

/** The login password would open a login now: it has not expired, and need not be changed first. */
function opens(entry: EntryRecord, reader: DirectoryReader, now: number): boolean {
  const { policy, state } = policiesOf(reader).of(entry);
  const verdict = evaluateBind(policy, state, { now, lastSeen: () => undefined });
  return verdict.open && !verdict.mustChange && !verdict.grace;
}

function hashOf(
  entry: EntryRecord,
  kinds: readonly SealedKind[],
  reader: DirectoryReader,
  { box, onDefect }: NtHashTools,
): Buffer | undefined {
  const secrets = reader.secrets(entry.id);
  for (const kind of kinds) {
    const secret = secrets.find((other) => other.kind === kind);
    if (secret === undefined) continue;
    try {
      const opened = decodeNtSecret(box().open(secret.value, secret));
      return opened && Buffer.from(ntHashText(opened.hash));
    } catch (error) {
      onDefect(error);
      return undefined;
    }
  }
  return undefined;
}
