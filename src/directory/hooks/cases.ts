/**
 * Opens a departure case with the write that says that somebody leaves, and closes it with the one
 * that says that they stay. What the person has outside the directory is kept in it at once, as the
 * policy sees it now: memberships may be forgotten before anybody looks.
 */
import { departureOf } from '../model/cases.js';
import { keepItems, knownOf, resourcesOf } from '../operations/cases/index.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import type { WriteHook } from './types.js';

function follow(id: number, login: string | undefined, tx: Transaction): void {
  const { writer, nowSeconds, identity } = tx;
  const timeline = writer.timelines.of(id);
  const leaves = timeline !== undefined && departureOf(timeline) !== undefined;
  const entry = writer.entry(id);
  if (entry === undefined) return;
  const open = writer.cases.openOf(entry.uuid);
  if (!leaves) {
    if (open !== undefined) writer.cases.close(open.id, nowSeconds, identity.dn, 'they stay');
    return;
  }
  const { uuid, rdn } = entry;
  const number = open?.id ?? writer.cases.begin(uuid, login ?? rdn, identity.dn, nowSeconds);
  keepItems(number, entry, resourcesOf, tx);
  keepItems(number, entry, knownOf, tx);
}

const loginIn = (attributes: ReadonlyMap<string, { readonly values: readonly Buffer[] }>) =>
  attributes.get('uid')?.values[0]?.toString('utf8');

export const cases: WriteHook = {
  name: 'cases',
  afterAdd(id, { kind, attributes }, tx) {
    if (kind.isSubject) follow(id, loginIn(attributes), tx);
  },
  afterChange({ entry, kind, after }, tx) {
    if (kind.isSubject || entry.kind.isSubject) follow(entry.id, loginIn(after), tx);
  },
  onDelete(entry: EntryRecord, { writer, nowSeconds, identity }) {
    if (!entry.kind.isSubject) return;
    const open = writer.cases.openOf(entry.uuid);
    if (open !== undefined) writer.cases.close(open.id, nowSeconds, identity.dn, 'the entry went');
  },
};
