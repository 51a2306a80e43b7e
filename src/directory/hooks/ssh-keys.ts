/**
 * SSH keys are looked at on every write: that they are keys, of a type and strength that is allowed,
 * and nobody else's. Values that were there before are left alone, so that rules that become
 * stricter never block a change of something else. When a key came and when its line last changed
 * is noted beside the entry.
 */
import { checkSshKey, type SshKey } from '../../credentials/index.js';
import { LdapError } from '../../runtime/errors.js';
import { readSshKeyLine, sshKeyPrint, sshPrintText } from '../model/ssh-key.js';
import type { Attributes, Held } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

const KEY = 'sshpublickey';
/** Keys of one entry: sshd tries them one after the other. */
const KEYS_MOST = 64;
const none: readonly Buffer[] = [];

/** Checks what is new. @throws LdapError */
function check(self: number, before: Attributes | undefined, after: Attributes, tx: Transaction) {
  refuseOptions(after);
  const held = after.get(KEY);
  const old = before?.get(KEY)?.values ?? none;
  if (held === undefined || held.values === old) return;
  if (held.values.length > KEYS_MOST && held.values.length > old.length) {
    const text = `an entry may have ${KEYS_MOST} SSH keys at most`;
    throw new LdapError('constraintViolation', text);
  }
  for (const value of held.values) {
    if (old.some((other) => other.equals(value))) continue;
    const checked = checkSshKey(value, tx.sshKeys);
    if (!checked.ok) {
      throw new LdapError('constraintViolation', `the SSH key is refused: ${checked.reason}`);
    }
    refuseExpired(checked.key, tx);
    refuseOthers(self, held, checked.key, tx);
  }
}

/** Options would hide a key from those who look for them by the plain name. */
function refuseOptions(after: Attributes): void {
  for (const [key, { description }] of after) {
    if (key === KEY || description.type.name !== 'sshPublicKey') continue;
    const text = `sshPublicKey takes no options (${description.text})`;
    throw new LdapError('constraintViolation', text);
  }
}

function refuseExpired({ expiresAt }: SshKey, tx: Transaction): void {
  if (expiresAt === undefined || expiresAt > tx.nowSeconds) return;
  const at = new Date(expiresAt * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const text = `the SSH key is refused: it expired on ${at} UTC`;
  throw new LdapError('constraintViolation', text);
}

function refuseOthers(self: number, held: Held, key: SshKey, tx: Transaction): void {
  if (tx.sshKeys.duplicates === 'allow') return;
  const { ids } = tx.writer.idsEqual(held.description.type, key.print, 2);
  const other = ids.find((id) => id !== self);
  if (other === undefined) return;
  const owner = tx.names.dnOfId(other).toString('utf8');
  const print = sshPrintText(key.print);
  const text = `the SSH key ${print} belongs to ${owner}; a key stands for one person`;
  throw new LdapError('constraintViolation', text);
}

/** Notes which keys there are now. */
function note(id: number, before: Attributes | undefined, after: Attributes, tx: Transaction) {
  const values = after.get(KEY)?.values ?? none;
  const old = before?.get(KEY)?.values ?? none;
  if (values === old) return;
  const prints = printsOf(values);
  const changed = printsOf(values.filter((value) => !old.some((other) => other.equals(value))));
  tx.writer.noteSshKeys(id, prints, changed, tx.nowSeconds);
}

/** Of an entry of an import: its keys came with the file. */
export function noteImportedKeys(id: number, values: readonly Buffer[], tx: Transaction): void {
  const prints = printsOf(values);
  tx.writer.noteSshKeys(id, prints, prints, tx.nowSeconds);
}

function printsOf(values: readonly Buffer[]): Buffer[] {
  return values.flatMap((value) => {
    const read = readSshKeyLine(value);
    return read.ok ? [sshKeyPrint(read.line.blob)] : [];
  });
}

export const sshKeys: WriteHook = {
  name: 'ssh keys',
  onAdd: (draft, tx) => check(0, undefined, draft.attributes, tx),
  afterAdd: (id, draft, tx) => note(id, undefined, draft.attributes, tx),
  onChange: ({ entry, before, after }, tx) => check(entry.id, before, after, tx),
  afterChange: ({ entry, before, after }, tx) => note(entry.id, before, after, tx),
};
