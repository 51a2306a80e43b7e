/**
 * How whoever asks sees people who are not active, and how much it sees at all: the view of a consumer, which is an application, a
 * host, a person or the administrator. Its words are values of tenureView on the account that asks:
 *
 *   host                as a machine sees them: everybody who has a name here, without a shell
 *   leavers=hide|show   those who have left: not at all, or as disabled
 *   suspended=hide|show, leave=hide|show
 *   mirror              keeps the memberships of people on leave
 *   staged=14           people from 14 days before their first day on, as disabled
 *   hash=wifi,password  which NT hash it receives, the first that somebody has: wifi, files, password
 *   rename=mail:email   the attribute is called email for this consumer
 *   quarantine          dialupAccess says `suspended` of the suspended: a network of their own
 *   base=ou=people      sees nothing but what is there; several are added up
 *   sees=uid,cn,mail    and of that nothing but these attributes, and the classes
 *
 * Without words a machine shows all but those who are not here yet, and of the archived the name;
 * all others hide who has left and show the rest, disabled: whoever is on leave must never be deleted
 * by an application that mirrors people. The administrator sees everybody.
 */
import { bodyFind, bodyValuesAt } from '../../model/body.js';
import type { Identity } from '../../model/identity.js';
import type { State } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { Kind } from '../../schema/index.js';

export const ntHashNames = ['wifi', 'files', 'password'] as const;
export type NtHashName = (typeof ntHashNames)[number];

export interface ConsumerView {
  readonly hides: ReadonlySet<State>;
  /** Shown with the name and nothing else. */
  readonly nameOnly: ReadonlySet<State>;
  /** How long before their first day staged people are seen. */
  readonly leadSeconds: number;
  readonly mirrors: boolean;
  readonly quarantines: boolean;
  readonly hashes: readonly NtHashName[] | undefined;
  /** Our names in lower case → the consumer's. */
  readonly renames: ReadonlyMap<string, string>;
  /** Names of entries as they were written, whole or below the suffix; empty: all is seen. */
  readonly bases: readonly string[];
  /** Names of attributes in lower case; undefined: all are seen. */
  readonly sees: ReadonlySet<string> | undefined;
}

const gone: readonly State[] = ['sealed', 'destroyed'];
const none: ReadonlySet<State> = new Set();
const plain = {
  leadSeconds: 0,
  mirrors: false,
  quarantines: false,
  hashes: undefined,
  renames: new Map(),
  bases: [],
  sees: undefined,
} as const;

const ofApps: ConsumerView = {
  ...plain,
  hides: new Set<State>(['staged', ...gone, 'archived', 'purged']),
  nameOnly: none,
};

const ofHosts: ConsumerView = {
  ...plain,
  hides: new Set<State>(['staged', 'purged']),
  nameOnly: new Set<State>(['archived']),
};

export const ofAdministrators: ConsumerView = { ...plain, hides: none, nameOnly: none };

/** Why the words are none of a view, as a phrase that follows the name of the attribute. */
export interface ViewFault {
  readonly fault: string;
}

const hidden: Readonly<Record<string, readonly State[]>> = {
  leavers: gone,
  suspended: ['suspended'],
  leave: ['leave'],
};
const form =
  'host, mirror, quarantine, leavers=hide|show, suspended=hide|show, leave=hide|show, staged=DAYS, ' +
  'hash=wifi|files|password, rename=NAME:THEIRS, base=DN or sees=NAME,NAME…';

/** What the words say. */
export function readView(words: readonly string[], isHost: boolean): ConsumerView | ViewFault {
  const base = isHost || words.includes('host') ? ofHosts : ofApps;
  const hides = new Set(base.hides);
  const renames = new Map<string, string>();
  const bases: string[] = [];
  const seen: string[] = [];
  let { leadSeconds, mirrors, quarantines, hashes } = base;
  for (const text of words) {
    if (/^base=./.test(text)) {
      bases.push(text.slice('base='.length));
      continue;
    }
    const [, word = '', value] = /^([a-z]+)(?:=(\S+))?$/.exec(text.trim()) ?? [];
    const states = hidden[word];
    if (states !== undefined && (value === 'hide' || value === 'show')) {
      for (const state of states) value === 'hide' ? hides.add(state) : hides.delete(state);
    } else if (word === 'mirror' && value === undefined) mirrors = true;
    else if (word === 'quarantine' && value === undefined) quarantines = true;
    else if (word === 'staged' && /^\d{1,3}$/.test(value ?? '')) {
      leadSeconds = Number(value) * 86_400;
    } else if (word === 'hash') {
      const names = (value ?? '').split(',');
      const unknown = names.find((name) => !(ntHashNames as readonly string[]).includes(name));
      if (unknown !== undefined) return { fault: `"${text}" names no hash: ${form}` };
      hashes = names as NtHashName[];
    } else if (word === 'rename' && /^[A-Za-z][\w-]*:[A-Za-z][\w-]*$/.test(value ?? '')) {
      const [ours = '', theirs = ''] = value!.split(':');
      renames.set(ours.toLowerCase(), theirs);
    } else if (word === 'sees' && /^[A-Za-z][\w.;-]*(?:,[A-Za-z][\w.;-]*)*$/.test(value ?? '')) {
      seen.push(...value!.toLowerCase().split(','));
    } else if (word !== 'host' || value !== undefined) {
      return { fault: `"${text.slice(0, 60)}" is no word of a view: ${form}` };
    }
  }
  // Every client's filter asks for the classes: without them it would find nothing.
  const sees = seen.length === 0 ? undefined : new Set([...seen, 'objectclass']);
  return { ...base, hides, leadSeconds, mirrors, quarantines, hashes, renames, bases, sees };
}

const DEVICE = '2.5.6.14';
const IP_HOST = '1.3.6.1.1.1.2.6';
const notHosts: ReadonlySet<string> = new Set([
  'tenureDevice',
  'tenureOwnedDevice',
  'tenureService',
]);
const hosts = new WeakMap<Kind, boolean>();

/** Machines; a phone with a login of its own is its owner's, and a service is one wherever it runs. */
export function isHost(kind: Kind): boolean {
  let is = hosts.get(kind);
  if (is === undefined) {
    const other = kind.classes.some(({ name }) => notHosts.has(name));
    is = !other && kind.classes.some(({ oid }) => oid === DEVICE || oid === IP_HOST);
    hosts.set(kind, is);
  }
  return is;
}

/** Key of the attribute that holds the words. */
export const VIEW = 'tenureview';
const views = new WeakMap<EntryRecord, ConsumerView>();

/** The view of an account. A value that is none, from before it was checked, says nothing. */
export function viewOfAccount(entry: EntryRecord, reader: DirectoryReader): ConsumerView {
  let view = views.get(entry);
  if (view === undefined) {
    const number = reader.attributeNumber(VIEW);
    const slot = number === 0 ? -1 : bodyFind(entry.body, number);
    const words = slot < 0 ? [] : bodyValuesAt(entry.body, slot).map(String);
    const host = isHost(entry.kind);
    const read = readView(words, host);
    view = 'fault' in read ? (host ? ofHosts : ofApps) : read;
    views.set(entry, view);
  }
  return view;
}

/** How the identity sees people. */
export function consumerView(identity: Identity, reader: DirectoryReader): ConsumerView {
  if (identity.role === 'administrator') return ofAdministrators;
  const entry = identity.entryId === 0 ? undefined : reader.entry(identity.entryId);
  return entry === undefined ? ofApps : viewOfAccount(entry, reader);
}
