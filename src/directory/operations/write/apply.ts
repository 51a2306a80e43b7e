/**
 * The second half of a write, in the writer thread, inside the savepoint of the caller: finds the
 * entry, checks the assertion, does the work, appends the Change. What throws changes nothing.
 */
import { LdapError } from '../../../runtime/errors.js';
import { bufferOf } from '../../model/bytes.js';
import type { EntryRecord } from '../../ports.js';
import { parseFilter } from '../../text/index.js';
import { askedText, changeOriginOf, noteDropped, noteRead, noteRun } from '../audit/index.js';
import { applyCase } from '../cases/index.js';
import { Evaluator } from '../evaluate.js';
import { TRUE } from '../leaf.js';
import { assertMayGoOn } from '../lifecycle/index.js';
import type { TogetherRequest } from '../lifecycle-writes.js';
import { newOutgoing, project } from '../project.js';
import { isHidden } from '../reads/index.js';
import {
  administratorsBefore,
  assertAdministratorsLeft,
  forgetAdministrators,
  policyText,
} from '../rights/index.js';
import { noSuchObject } from '../scope.js';
import type { PreparedWrite, ReadEntry, WriteControls, WriteOutcome } from '../types.js';
import { SUBSCHEMA_DN } from '../virtual.js';
import { addEntry } from './add.js';
import { assertStillAsked } from './asked-as.js';
import { changeCredentials } from './credentials.js';
import { deleteEntry } from './delete.js';
import { dispose, purge } from './dispose.js';
import { foldSlice } from './folding.js';
import { bypassSecondFactor, unlockEntry } from './logins.js';
import { modifyEntry } from './modify.js';
import { replaceNtHash } from './nt-hashes.js';
import { recoverEntry, removeOneTime } from './one-time.js';
import { useGrace } from './password-effects.js';
import { renameEntry } from './rename.js';
import { placeOne, placeSlice } from './ruled-members.js';
import { modifySchema } from './schema-change.js';
import { StalePreparation } from './secrets.js';
import { stampEntries } from './stamp.js';
import { answeringView, begin, type Transaction, type WriteTools } from './transaction.js';
import { undoEntries } from './undo.js';
import { byToUnlock } from './unlocking.js';
import { takeOneOfSeveral, useCode } from './use-credential.js';

/** @throws LdapError for a refusal; the caller rolls its savepoint back */
export function applyWrite(request: PreparedWrite, tools: WriteTools): WriteOutcome {
  const { writer } = tools;
  if (request.op === 'rehash') {
    writer.replaceSecretValue(request.secretId, request.revision, bufferOf(request.value));
    return { ok: true };
  }
  if (request.op === 'useCode') {
    useCode(request, writer, tools.box());
    return { ok: true };
  }
  if (request.op === 'together') return applyTogether(request, tools);
  if (request.op === 'sent') {
    for (const sending of request.sendings) writer.records.sent(sending);
    return { ok: true };
  }
  if (request.op === 'case') {
    applyCase(request, writer);
    return { ok: true };
  }
  if (request.op === 'clock') {
    writer.setClock(request.suspicion, request.acceptedMs);
    return { ok: true };
  }
  if (request.op === 'dropRun') {
    writer.runs.drop(request.dropped);
    noteDropped(request.dropped, request, tools);
    return { ok: true };
  }
  if (request.op === 'openRun') {
    const { reason, undoes = 0, context } = request;
    const at = Math.floor(writer.nextCsn().nowMs / 1000);
    const run = writer.runs.open({ at, actor: context.identity.dn, reason, undoes });
    noteRun(run, request, tools);
    return { ok: true, run };
  }
  if (request.op === 'audit') {
    noteRead(request, tools);
    return { ok: true };
  }
  if (request.op === 'consume' && takeOneOfSeveral(request, writer)) return { ok: true };
  const { identity, origin } = request.context;
  const { shutsOut } = request;
  const begun = begin(tools, identity, isApproved(request), request.run, origin);
  const tx = shutsOut === undefined ? begun : { ...begun, shutsOut };
  const administrators = administratorsBefore(writer, tx.names, tx.nowSeconds);
  try {
    // Between prepare and apply, an end may have passed.
    assertMayGoOn(tx.identity, writer, tx.nowSeconds * 1000);
    assertStillAsked(request, tx);
    const outcome = perform(request, tx);
    if (leavesNobody.has(request.op)) forgetAdministrators(writer);
    else assertAdministratorsLeft(administrators, tx);
    const { run } = request;
    const reason = `${request.reason}${askedText(request.context)}`;
    const rule = policyText(tx.by ?? []);
    const from = changeOriginOf(request.context, writer, tx.names);
    const origin = rule === undefined ? from : { ...from, rule };
    const header = { csn: tx.csn, actor: tx.identity.dn, reason, origin };
    if (tx.items.length > 0 || !maybeNothing.has(request.op)) {
      writer.appendChange(run === undefined ? header : { ...header, run: String(run) }, tx.items);
    }
    if (tx.forgotten !== undefined) writer.forgetHistory(tx.forgotten, tx.identity.dn);
    return outcome;
  } catch (error) {
    if (error instanceof StalePreparation) {
      const text = 'the password was changed by somebody else meanwhile';
      return { ok: false, error: { code: 'busy', text, matchedDn: '' }, retry: true };
    }
    throw error;
  }
}

/** The first that fails takes back the others with it: the caller's savepoint is around all. */
function applyTogether(request: TogetherRequest, tools: WriteTools): WriteOutcome {
  const { records } = tools.writer;
  const { context, run = 0 } = request;
  const at = Math.floor(tools.writer.nextCsn().nowMs / 1000);
  for (const { id, state, by } of request.answers ?? []) {
    if (records.answer(id, state, by, at)) continue;
    throw new LdapError('noSuchObject', `decision ${id} is not open`);
  }
  let last: WriteOutcome = { ok: true };
  for (const write of request.writes) {
    last = applyWrite(run === 0 ? write : { ...write, run }, tools);
    if (!last.ok) return last;
  }
  for (const mark of request.marks ?? []) records.mark({ ...mark, at, run });
  const actor = context.identity.dn;
  for (const decision of request.decisions ?? []) records.decide({ ...decision, at, actor });
  for (const message of request.messages ?? []) records.send({ ...message, at, run });
  for (const sending of request.sendings ?? []) records.sent(sending);
  for (const id of request.told ?? []) records.told(id, at);
  return last;
}

/** An undo gives back what was; what is done for good is done to those who have left. */
function isApproved({ op, approved }: PreparedWrite): boolean {
  return approved === true || op === 'undo' || op === 'dispose' || op === 'purge';
}

/** Writes that no administrator is lost by, or that must not fail for that: the login goes on. */
const leavesNobody: ReadonlySet<PreparedWrite['op']> = new Set([
  'consume',
  'grace',
  'recover',
  'unlock',
  'foldPeople',
  'placeMembers',
]);

/** Writes that may have found nothing to do: then there is nothing to log either. */
const maybeNothing: ReadonlySet<PreparedWrite['op']> = new Set([
  'undo',
  'foldPeople',
  'placeMembers',
  'keepOut',
]);

function perform(
  request: Exclude<
    PreparedWrite,
    {
      op:
        | 'rehash'
        | 'useCode'
        | 'clock'
        | 'openRun'
        | 'dropRun'
        | 'together'
        | 'sent'
        | 'case'
        | 'audit';
    }
  >,
  tx: Transaction,
): WriteOutcome {
  switch (request.op) {
    case 'add': {
      const id = addEntry(request, tx);
      if (request.ntHash !== undefined) replaceNtHash(id, bufferOf(request.ntHash), tx);
      return { ok: true, ...postRead(request.controls, id, tx) };
    }
    case 'consume':
      removeOneTime(request.owner, request.secretId, tx);
      return { ok: true };
    case 'credentials':
      changeCredentials(request, tx);
      return { ok: true };
    case 'grace':
      useGrace(request.owner, request.limit, tx);
      return { ok: true };
    case 'recover':
      recoverEntry(request.owner, bufferOf(request.value), tx);
      return { ok: true };
    case 'unlock':
      tx.by = byToUnlock(request.owner, tx);
      unlockEntry(request.owner, tx);
      return { ok: true };
    case 'dispose':
      return { ok: true, disposed: dispose(request, tx) };
    case 'foldPeople':
      foldSlice(tx);
      return { ok: true };
    case 'placeMembers':
      placeSlice(tx);
      return { ok: true };
    case 'keepOut':
      placeOne(request.owner, tx);
      return { ok: true };
    case 'stamp':
      stampEntries(request, tx);
      return { ok: true };
    case 'purge':
      purge(request.owners, tx);
      return { ok: true };
    case 'undo':
      return {
        ok: true,
        undone: undoEntries(request.entries, tx),
        ...(request.rehearse && { rehearsed: true }),
      };
    case 'bypass':
      bypassSecondFactor(request.owner, request.until, tx);
      return { ok: true };
    default: {
      if (request.op === 'modify' && isSubschema(request.dn, tx)) {
        modifySchema(request.changes, tx);
        return { ok: true };
      }
      const entry = existing(request.dn, tx);
      assertHolds(request.controls, entry, tx);
      const before = preRead(request.controls, entry, tx);
      if (request.op === 'modify') {
        modifyEntry(entry, request, tx);
        if (request.ntHash !== undefined) replaceNtHash(entry.id, bufferOf(request.ntHash), tx);
      } else if (request.op === 'rename') renameEntry(entry, request, tx);
      else deleteEntry(entry, tx);
      const after = request.op === 'delete' ? {} : postRead(request.controls, entry.id, tx);
      return { ok: true, ...before, ...after };
    }
  }
}

function isSubschema(dn: string, tx: Transaction): boolean {
  return tx.names.parse(dn).key === tx.names.parse(SUBSCHEMA_DN).key;
}

/** @throws LdapError noSuchObject; anonymous learns nothing of what exists */
function existing(dn: string, tx: Transaction): EntryRecord {
  if (tx.identity.role === 'anonymous') {
    throw new LdapError('insufficientAccessRights', 'anonymous clients may not write; bind first');
  }
  const { id, nearestId } = tx.names.resolve(tx.names.parse(dn));
  const entry = id === 0 ? undefined : tx.writer.entry(id);
  const isSeen =
    tx.identity.role !== 'user' || id === tx.identity.entryId || !isHidden(id, answeringView(tx));
  if (entry !== undefined && isSeen) return entry;
  throw noSuchObject(nearestId, dn, answeringView(tx));
}

function assertHolds(
  controls: WriteControls | undefined,
  entry: EntryRecord,
  tx: Transaction,
): void {
  if (controls?.assertion === undefined) return;
  const node = tx.compiler.compile(parseFilter(controls.assertion), tx.identity);
  if (new Evaluator(answeringView(tx)).test(node, entry) !== TRUE) {
    throw new LdapError('assertionFailed', 'the assertion does not hold for the entry');
  }
}

function preRead(controls: WriteControls | undefined, entry: EntryRecord, tx: Transaction) {
  if (controls?.preRead === undefined) return {};
  return { preRead: read(entry, controls.preRead, tx) };
}

function postRead(controls: WriteControls | undefined, id: number, tx: Transaction) {
  if (controls?.postRead === undefined) return {};
  return { postRead: read(tx.writer.entry(id)!, controls.postRead, tx) };
}

/** The entry as the one who asks may read it (RFC 4527). */
function read(entry: EntryRecord, attributes: readonly string[], tx: Transaction): ReadEntry {
  const out = newOutgoing();
  project(entry, tx.selections.select(attributes, false, tx.identity), answeringView(tx), out);
  let bytes = '';
  for (let i = 0; i < out.count; i++) {
    bytes += out.parts[i]!.latin1Slice(out.starts[i]!, out.ends[i]!);
  }
  return { dn: out.dn.toString('utf8'), attributes: bytes };
}
