/**
 * The private group of an account: of the same name and number, below ou=groups. It comes with the
 * account, has its name, and goes with it, for as long as it is as it was made.
 */
import { privateGroupOf } from '../../hooks/index.js';
import type { Draft } from '../../hooks/types.js';
import { bodyFind, bodyValuesAt } from '../../model/body.js';
import { bytesOfText } from '../../model/bytes.js';
import { escapeDnValue } from '../../model/dn.js';
import type { EntryRecord } from '../../ports.js';
import type { NormalDn } from '../../schema/index.js';
import { loginName } from '../edge-values.js';
import { addEntry } from './add.js';
import { attributesOf, bodyOf } from './attributes.js';
import { recordBody } from './body-delta.js';
import { renameEntry } from './rename.js';
import { Delta, metaAfter, recordModify, type Transaction } from './transaction.js';

const NOTE = 'description';

/** What a private group says of itself, so that it can go with its person. */
const noteOf = (login: string) => `private group of ${login}`;

export function addPrivateGroup(draft: Draft, tx: Transaction): void {
  const group = privateGroupOf(draft);
  if (group === undefined) return;
  const dn = dnOf(group.name, draft.dn, tx);
  if (dn === undefined || tx.names.resolve(tx.names.parse(dn)).id !== 0) return;
  addEntry(
    {
      dn,
      attributes: [
        { attribute: 'objectClass', values: ['posixGroup'] },
        { attribute: 'cn', values: [bytesOfText(group.name)] },
        { attribute: 'gidNumber', values: [String(group.number)] },
        { attribute: NOTE, values: [bytesOfText(noteOf(group.name))] },
      ],
    },
    tx,
  );
}

/** Below ou=groups of the suffix, or undefined where there is no such container. */
function dnOf(login: string, dn: NormalDn, tx: Transaction): string | undefined {
  for (const suffix of tx.writer.suffixes()) {
    if (!dn.key.endsWith(suffix.key)) continue;
    const container = `ou=groups,${suffix.dn}`;
    if (tx.names.resolve(tx.names.parse(container)).id === 0) return undefined;
    return `cn=${escapeDnValue(login)},${container}`;
  }
  return undefined;
}

/** The person's private group, where it is still as it was made; `login` is what it is called by. */
export function privateGroup(
  entry: EntryRecord,
  tx: Transaction,
  login = loginName(entry, tx.writer.attributeNumber('uid')),
): EntryRecord | undefined {
  if (!entry.kind.classes.some((cls) => cls.name === 'posixAccount')) return undefined;
  if (login === undefined) return undefined;
  const dn = dnOf(login, tx.names.parse(tx.names.text(entry)), tx);
  const id = dn === undefined ? 0 : tx.names.resolve(tx.names.parse(dn)).id;
  const group = id === 0 ? undefined : tx.writer.entry(id);
  if (group === undefined || group.hasEdges || tx.writer.childCount(id) > 0) return undefined;
  const slot = bodyFind(group.body, tx.writer.attributeNumber(NOTE));
  const notes = slot < 0 ? [] : bodyValuesAt(group.body, slot);
  const ours = notes.some((note) => note.toString('utf8') === noteOf(login));
  return ours ? group : undefined;
}

/** The person has another login, and the group its name; where that is taken it keeps its own. */
export function renamePrivateGroup(
  entry: EntryRecord,
  { from, to }: { readonly from: string; readonly to: string },
  tx: Transaction,
): void {
  const { writer, names } = tx;
  const group = privateGroup(entry, tx, from);
  const wanted = dnOf(to, names.parse(names.text(entry)), tx);
  if (group === undefined || wanted === undefined) return;
  const there = names.resolve(names.parse(wanted)).id;
  if (there !== 0 && there !== group.id) return;
  const newRdn = `cn=${escapeDnValue(to)}`;
  renameEntry(group, { newRdn, deleteOldRdn: true, newSuperior: undefined }, tx, true);
  const renamed = writer.entry(group.id)!;
  const before = attributesOf(renamed, writer);
  const after = new Map([...before].map(([key, held]) => [key, { ...held }]));
  const note = after.get(NOTE)!;
  note.values = note.values.map((value) =>
    value.toString('utf8') === noteOf(from) ? Buffer.from(noteOf(to)) : value,
  );
  const delta = new Delta();
  recordBody(before, after, delta);
  const meta = metaAfter(renamed, tx);
  writer.updateEntry(renamed, { meta, attributes: bodyOf(after) });
  recordModify(tx, renamed, meta, delta, names.text(renamed));
}
