/** Whether somebody may use a power of a role over an entry: `reset`, `suspend`, `join` … */
import type { Power } from '../../../policy/core/language/index.js';
import type { EntryRecord } from '../../ports.js';
import { readsOf } from '../lifecycle/index.js';
import { byRole, isAuditor, rolesWith } from '../rights/index.js';
import { type Decided, no, yes } from './decided.js';
import { mayDiscover, rolesReading } from './reading.js';
import type { Subject } from './subject.js';
import { mayWriteValues, ownRoles, standsInTheWay, type WriteOperation } from './writing.js';

/** Powers that are the writing of an attribute, and asked as such: more stands in their way. */
const written: Partial<Readonly<Record<Power, readonly [WriteOperation, string]>>> = {
  reset: ['replace', 'userPassword'],
  unlock: ['delete', 'pwdAccountLockedTime'],
  bypass: ['replace', 'tenureBypassUntil'],
};

export function mayUse(power: Power, entry: EntryRecord, subject: Subject): Decided {
  const { identity, reader, nowSeconds } = subject.author;
  const [op, attribute] = written[power] ?? [];
  const type = attribute === undefined ? undefined : reader.schema().attribute(attribute);
  if (op !== undefined && type !== undefined) return mayWriteValues(op, entry, type, subject);
  const stop = standsInTheWay(entry, subject);
  if (stop !== undefined) return no(stop);
  if (identity.role === 'administrator') return yes({ is: 'administrator' });
  if (identity.role === 'anonymous') return no('anonymous clients have no role');
  const having = ownRoles(subject).filter(({ may }) => may.some((one) => one.power === power));
  switch (power) {
    case 'audit':
    case 'decide': {
      const has = power === 'decide' ? having.length > 0 : isAuditor(identity, reader, nowSeconds);
      return has ? yes(...having.map(byRole)) : no(`none of their roles may ${power}`);
    }
    case 'read facts':
    case 'see end dates': {
      const there = mayDiscover(entry, subject);
      if (!there.allowed) return there;
      if (!readsOf(subject.view.identity, entry, power)) return no(notOver(power));
      return yes(...rolesReading(power, entry, subject).map(byRole));
    }
    case 'grant':
      if (identity.entryId === entry.id) return no('nobody grants anything to themselves');
      break;
    default:
  }
  const roles = rolesWith(identity.entryId, entry.id, power, reader, nowSeconds);
  return roles.length > 0 ? yes(...roles.map(byRole)) : no(notOver(power));
}

const notOver = (power: Power) => `none of their roles that may ${power} is over this entry`;
