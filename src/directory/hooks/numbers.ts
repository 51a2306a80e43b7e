/**
 * Numbers for POSIX accounts and groups: allocated where none is given, never given twice. A
 * person without gidNumber gets a private group of the same name and number below ou=groups, which
 * goes when the person does.
 */
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { DirectoryWriter, EntryRecord } from '../ports.js';
import type { Draft, WriteHook } from './types.js';
import { firstText } from './unique.js';

const isAccount = (names: readonly { readonly name: string }[]) =>
  names.some((cls) => cls.name === 'posixAccount');
const isGroup = (names: readonly { readonly name: string }[]) =>
  names.some((cls) => cls.name === 'posixGroup');

function setNumber(attributes: Attributes, name: string, number: number, tx: Transaction): void {
  const description = tx.writer.schema().describe(name)!;
  attributes.set(description.key, { description, values: [Buffer.from(String(number))] });
}

function allocate(draft: Draft, tx: Transaction): void {
  const { kind, attributes } = draft;
  if (isAccount(kind.classes)) {
    const wantsUser = !attributes.has('uidnumber');
    if (wantsUser) setNumber(attributes, 'uidNumber', tx.writer.nextNumber('uidNumber'), tx);
    if (!attributes.has('gidnumber')) {
      const own = Number(firstText(attributes, 'uidnumber'));
      const free = numberFree(tx.writer, 'gidNumber', own);
      setNumber(attributes, 'gidNumber', free ? own : tx.writer.nextNumber('gidNumber'), tx);
      privateGroups.set(draft, Number(firstText(attributes, 'gidnumber')));
    }
  } else if (isGroup(kind.classes) && !attributes.has('gidnumber')) {
    setNumber(attributes, 'gidNumber', tx.writer.nextNumber('gidNumber'), tx);
  }
}

/** Drafts that asked for a private group, until they are added. */
const privateGroups = new WeakMap<Draft, number>();

function numberFree(writer: DirectoryWriter, counter: string, number: number): boolean {
  const type = writer.schema().attribute(counter);
  const key = type?.equality?.normalize(Buffer.from(String(number)));
  if (type === undefined || key === undefined) return false;
  const taken = writer.idsEqual(type, key, 1);
  const used = taken.ids.length > 0 || !taken.complete;
  return !used && writer.retiredHolder(counter, number) === undefined;
}

/** The private group to make for a draft, or undefined. */
export function privateGroupOf(draft: Draft): { name: string; number: number } | undefined {
  const number = privateGroups.get(draft);
  const name = firstText(draft.attributes, 'uid');
  return number === undefined || name === undefined ? undefined : { name, number };
}

function firstOf(entry: EntryRecord, key: string, writer: DirectoryWriter): string | undefined {
  const slot = bodyFind(entry.body, writer.attributeNumber(key));
  return slot < 0 ? undefined : bodyValuesAt(entry.body, slot)[0]?.toString('utf8');
}

/** The holder's name goes with the number, so that the same person may have it again. */
function retire(entry: EntryRecord, tx: Transaction): void {
  const holder = firstOf(entry, 'uid', tx.writer) ?? firstOf(entry, 'cn', tx.writer) ?? entry.uuid;
  for (const [counter, key] of [
    ['uidNumber', 'uidnumber'],
    ['gidNumber', 'gidnumber'],
  ] as const) {
    // A person's gidNumber is the group's number, not the person's.
    if (counter === 'gidNumber' && !isGroup(entry.kind.classes)) continue;
    const number = firstOf(entry, key, tx.writer);
    if (number !== undefined) tx.writer.retireNumber(counter, Number(number), holder);
  }
}

export const numbers: WriteHook = {
  name: 'numbers',
  onAdd: allocate,
  onChange({ entry, before, after }, tx) {
    const oldUser = firstText(before, 'uidnumber');
    if (oldUser !== undefined && oldUser !== firstText(after, 'uidnumber')) {
      tx.writer.retireNumber('uidNumber', Number(oldUser), firstText(before, 'uid') ?? '');
    }
    const oldGroup = isGroup(entry.kind.classes) ? firstText(before, 'gidnumber') : undefined;
    if (oldGroup !== undefined && oldGroup !== firstText(after, 'gidnumber')) {
      tx.writer.retireNumber('gidNumber', Number(oldGroup), firstText(before, 'cn') ?? '');
    }
  },
  onDelete: retire,
};
