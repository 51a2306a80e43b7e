/**
 * What is done for good after somebody has left: credentials are destroyed, memberships forgotten,
 * the entry archived or purged. Each is a Change with its author and reason; each leaves the fact
 * that says so (lifecycleDisposal), out of which the state follows. Nothing of it is ever done to
 * somebody who has not left, and a legal hold keeps the entry from being archived or purged.
 */

import { type Disposal, formatFact } from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { departureOf } from '../../model/cases.js';
import { formatTime } from '../../model/time.js';
import { closedness, type State, shownState } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import { keepItems, resourcesOf } from '../cases/index.js';
import { factsOf, stateOf } from '../lifecycle/index.js';
import type { Disposed, DisposeRequest } from '../lifecycle-writes.js';
import { type Attributes, addValues, attributesOf, deleteValues, describe } from './attributes.js';
import { deleteEntry, devicesOf } from './delete.js';
import { dropEdge } from './edges.js';
import { reviseEntry } from './modify.js';
import { removeSecrets } from './secrets.js';
import type { Transaction } from './transaction.js';

/** What lets somebody in and is no secret. */
const KEYS = ['sshpublickey', 'usercertificate;binary', 'usercertificate'];
/** What the server keeps about a password. */
const OF_PASSWORDS = ['pwdreset', 'pwdchangedtime', 'pwdgraceusetime', 'tenurebypassuntil'];
const MEMBERSHIPS = ['member', 'uniqueMember', 'memberUid', 'roleOccupant'];
const SUDO_USERS_MAX = 10_000;

/** @throws LdapError noSuchObject, unwillingToPerform */
export function dispose(request: DisposeRequest, tx: Transaction): Disposed {
  const { owner, what } = request;
  const entry = disposable(owner, tx);
  const done: Disposed = { secrets: 0, keys: 0, groups: [] };
  if (what === 'archive') assertNotHeld(entry, 'archived', tx);
  // What they have elsewhere may hang on a group that is about to be forgotten.
  const open = tx.writer.cases.openOf(entry.uuid);
  if (open !== undefined) {
    keepItems(
      open.id,
      resourcesOf(entry, departed(owner, tx), tx.writer, tx.nowSeconds),
      tx.writer,
    );
  }
  if (what !== 'groups') destroyCredentials(entry, done, tx);
  if (what !== 'credentials') forgetGroups(entry, done, tx);
  if (what === 'archive') note(owner, 'archived', tx);
  return done;
}

/** When they left. */
function departed(id: number, { writer, nowSeconds }: Transaction): number {
  const timeline = writer.timelines.of(id);
  return (timeline && departureOf(timeline)) ?? nowSeconds;
}

/** The entries go; what stays is a tombstone. @throws LdapError */
export function purge(owners: readonly number[], tx: Transaction): void {
  const uuids = new Set<string>();
  tx.forgotten = uuids;
  for (const owner of owners) {
    const entry = disposable(owner, tx, true);
    assertNotHeld(entry, 'purged', tx);
    const attributes = attributesOf(entry, tx.writer);
    const text = (key: string) => attributes.get(key)?.values[0]?.toString('utf8');
    const { uuid } = entry;
    const login = text('uid') ?? text('cn') ?? uuid;
    const tombstone = {
      uuid,
      login,
      uidNumber: Number(text('uidnumber') ?? 0),
      at: tx.nowSeconds,
    };
    uuids.add(uuid);
    deleteEntry(entry, tx);
    tx.writer.putTombstone(tombstone, text('employeenumber'));
  }
  // Devices and private groups went with their people.
  for (const { op, uuid } of tx.items) if (op === 'delete') uuids.add(uuid);
}

function stateNow(id: number, tx: Transaction): State {
  return stateOf(id, tx.writer, tx.nowSeconds);
}

/** Somebody who has left; for a purge also somebody who never came. */
function disposable(owner: number, tx: Transaction, orStaged = false): EntryRecord {
  assertMayWrite(tx.identity, { entryId: owner, passwordOnly: false });
  const entry = tx.writer.entry(owner);
  if (entry === undefined) throw new LdapError('noSuchObject', 'the entry is gone');
  const state = stateNow(owner, tx);
  if (closedness(state) >= closedness('sealed') || (orStaged && state === 'staged')) return entry;
  throw new LdapError(
    'unwillingToPerform',
    `${tx.names.text(entry)} is ${shownState(state)}: nothing is destroyed before an end has passed`,
  );
}

function assertNotHeld(entry: EntryRecord, what: string, tx: Transaction): void {
  const attributes = attributesOf(entry, tx.writer);
  const texts = (key: string) => attributes.get(key)?.values.map(String) ?? [];
  const facts = factsOf(texts);
  const hold = 'fault' in facts ? undefined : facts.holds[0];
  if (hold === undefined) return;
  throw new LdapError(
    'unwillingToPerform',
    `${tx.names.text(entry)} is on hold (${hold.matter}, by ${hold.by}) and is not ${what} ` +
      'until that is released',
  );
}

/** Of the person, of their devices and of their second accounts. */
function destroyCredentials(entry: EntryRecord, done: Disposed, tx: Transaction): void {
  const principal = tx.writer.schema().attribute('lifecyclePrincipal');
  const second = principal === undefined ? [] : tx.writer.sourcesOf(entry.id, [principal]);
  for (const id of new Set([...devicesOf(entry, tx), ...second])) {
    const other = tx.writer.entry(id);
    if (other !== undefined) reviseEntry(other, tx, (working) => empty(working, done, tx));
  }
  const state = stateNow(entry.id, tx);
  reviseEntry(entry, tx, (working) => {
    const any = empty(working, done, tx);
    if (state !== 'sealed') return any;
    addDisposal(working.attributes, 'destroyed', tx);
    return true;
  });
}

/** Takes away all that proves anything; false where there was nothing. */
function empty(
  { entry, attributes, delta }: Parameters<Parameters<typeof reviseEntry>[2]>[0],
  done: Disposed,
  tx: Transaction,
): boolean {
  const secrets = removeSecrets(entry.id, undefined, delta, tx);
  let keys = 0;
  for (const key of KEYS) {
    keys += attributes.get(key)?.values.length ?? 0;
    attributes.delete(key);
  }
  if (secrets > 0) for (const key of OF_PASSWORDS) attributes.delete(key);
  done.secrets += secrets;
  done.keys += keys;
  return secrets + keys > 0;
}

function addDisposal(attributes: Attributes, kind: Disposal['kind'], tx: Transaction): void {
  const fact = formatFact('lifecycleDisposal', { kind, at: formatTime(tx.nowSeconds) });
  addValues(attributes, describe(tx.writer, 'lifecycleDisposal'), [Buffer.from(fact)]);
}

function note(owner: number, kind: Disposal['kind'], tx: Transaction): void {
  if (stateNow(owner, tx) === kind) return;
  reviseEntry(tx.writer.entry(owner)!, tx, ({ attributes }) => {
    addDisposal(attributes, kind, tx);
    return true;
  });
}

/** Every group that names the person, and every sudo rule that names their login. */
function forgetGroups(entry: EntryRecord, done: Disposed, tx: Transaction): void {
  const { writer } = tx;
  const types = MEMBERSHIPS.map((name) => writer.schema().attribute(name)).filter(
    (type) => type !== undefined,
  );
  for (const source of writer.sourcesOf(entry.id, types)) {
    const group = writer.entry(source);
    if (group === undefined) continue;
    reviseEntry(group, tx, ({ delta }) => {
      for (const attribute of types) {
        dropEdge(source, { attribute, target: entry.id, text: '', textKey: '' }, delta, tx);
      }
      return true;
    });
    done.groups.push(tx.names.text(group));
  }
  const sudo = writer.schema().attribute('sudoUser');
  const logins = attributesOf(entry, writer).get('uid')?.values ?? [];
  for (const login of sudo === undefined ? [] : logins) {
    const key = sudo!.equality?.normalize(login);
    if (key === undefined || !writer.canUse(sudo!, 'equality')) continue;
    for (const id of writer.idsEqual(sudo!, key, SUDO_USERS_MAX).ids) {
      const rule = writer.entry(id)!;
      reviseEntry(rule, tx, ({ attributes }) => {
        deleteValues(attributes, describe(writer, 'sudoUser'), [login]);
        return true;
      });
      done.groups.push(tx.names.text(rule));
    }
  }
}
