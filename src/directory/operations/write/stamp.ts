/**
 * Time stamps that move because an instant has passed, or because a write turned a state: whoever
 * asks for what has changed since then has to find what looks different.
 */
import { appearanceOf } from '../lifecycle/index.js';
import type { StampRequest } from '../lifecycle-writes.js';
import { metaOf, type Transaction } from './transaction.js';

/** Writes down that they look different since an instant; who modified them stays who it was. */
export function stampEntries(
  { entries, until }: Pick<StampRequest, 'entries' | 'until'>,
  tx: Transaction,
): void {
  const { writer } = tx;
  for (const { id, at } of entries) {
    const entry = writer.entry(id);
    if (entry === undefined) continue;
    const before = metaOf(entry);
    const after = { ...before, csn: tx.csn, modifiedAt: Math.max(before.modifiedAt, at) };
    writer.updateEntry(entry, { meta: after });
    tx.items.push({ op: 'touch', uuid: entry.uuid, dn: tx.names.text(entry), before, after });
  }
  if (until !== undefined && until > writer.timelines.stampedTo) writer.setStampedTo(until);
}

/** Everything else that looks different because this write turned the state of an entry. */
export function touchAppearance(id: number, tx: Transaction): void {
  const { writer, csn, nowSeconds: modifiedAt, identity } = tx;
  const found = [...appearanceOf(new Map([[id, modifiedAt]]), writer).keys()];
  const ids = found.filter((other) => other !== id && writer.entry(other)?.csn !== csn);
  const modifiedBy = identity.dn;
  for (const entry of writer.entries(ids)) {
    const before = metaOf(entry);
    const after = { ...before, csn, modifiedAt, modifiedBy };
    tx.items.push({ op: 'touch', uuid: entry.uuid, dn: tx.names.text(entry), before, after });
  }
  writer.touchEntries(ids, { csn, modifiedAt, modifiedBy });
}
