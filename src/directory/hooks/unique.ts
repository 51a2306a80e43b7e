/**
 * Uniqueness: a login name and a uidNumber belong to one entry in the whole directory. A number
 * that somebody gave up stays theirs: only the same login name gets it again.
 */
import { LdapError } from '../../runtime/errors.js';
import { isHidden } from '../operations/reads/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import { answeringView, type Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

const UNIQUE = ['uid', 'uidNumber'] as const;

/** First value of an attribute as text, or undefined. */
export function firstText(attributes: Attributes, key: string): string | undefined {
  return attributes.get(key)?.values[0]?.toString('utf8');
}

function check(
  self: number,
  before: Attributes | undefined,
  after: Attributes,
  tx: Transaction,
): void {
  for (const name of UNIQUE) {
    const held = after.get(name.toLowerCase());
    if (held === undefined) continue;
    const { type } = held.description;
    const old = before?.get(name.toLowerCase())?.values ?? [];
    for (const value of held.values) {
      if (old.some((other) => other.equals(value))) continue;
      const key = type.equality?.normalize(value);
      if (key === undefined) continue;
      const { ids } = tx.writer.idsEqual(type, key, 2);
      const other = ids.find((id) => id !== self);
      if (other !== undefined) {
        const text = value.toString('utf8');
        const whose = isHidden(other, answeringView(tx)) ? '' : ` by ${tx.names.dnOfId(other)}`;
        throw new LdapError('constraintViolation', `${name} "${text}" is already taken${whose}`);
      }
      if (name === 'uidNumber') checkRetired(value, after, tx);
      else checkPurged(value.toString('utf8'), after, tx);
    }
  }
}

function checkRetired(value: Buffer, after: Attributes, tx: Transaction): void {
  const text = value.toString('latin1');
  const holder = tx.writer.retiredHolder('uidNumber', Number(text));
  if (holder === undefined || holder === firstText(after, 'uid')) return;
  throw new LdapError(
    'constraintViolation',
    `uidNumber ${text} belonged to "${holder}", who left; a number is never given to another person`,
  );
}

/** The login of somebody who was purged is theirs, by their employee number. */
function checkPurged(login: string, after: Attributes, tx: Transaction): void {
  const purged = tx.writer.tombstones.byLogin(login);
  if (purged === undefined) return;
  const number = firstText(after, 'employeenumber');
  const known = number === undefined ? [] : tx.writer.tombstones.byEmployeeNumber(number);
  if (known.some(({ uuid }) => uuid === purged.uuid)) return;
  throw new LdapError(
    'constraintViolation',
    `uid "${login}" belonged to somebody who was purged; it is given again only to the same ` +
      'person, known by the employeeNumber',
  );
}

export const unique: WriteHook = {
  name: 'unique',
  onAdd: (draft, tx) => check(0, undefined, draft.attributes, tx),
  onChange: ({ entry, before, after }, tx) => check(entry.id, before, after, tx),
};
