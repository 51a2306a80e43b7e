/** Ticks and ends of cases, in the writer thread. Nothing here is directory data. */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import type { DirectoryWriter } from '../../ports.js';
import type { CaseRequest } from '../lifecycle-writes.js';

/** @throws LdapError noSuchObject, unwillingToPerform */
export function applyCase(request: CaseRequest, writer: DirectoryWriter): void {
  const { id, by, ticks = [], close, context } = request;
  assertMayWrite(context.identity, { entryId: 0, passwordOnly: false });
  const found = writer.cases.one(id);
  if (found === undefined) throw new LdapError('noSuchObject', `there is no case ${id}`);
  if (found.closed !== 0) throw new LdapError('unwillingToPerform', `case ${id} is closed`);
  const now = Math.floor(writer.nextCsn().nowMs / 1000);
  for (const { item, note, undo } of ticks) {
    writer.cases.keep(id, item);
    writer.cases.tick(id, item.key, undo === true ? 0 : now, undo === true ? '' : by, note);
  }
  if (close !== undefined) writer.cases.close(id, now, by, close);
}
