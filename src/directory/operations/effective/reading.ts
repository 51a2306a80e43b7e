/** Whether somebody may read, search for or compare something of an entry, by the questions of a search. */
import type { Role } from '../../../policy/core/language/index.js';
import { mayReadAttribute, type Operation } from '../../access/index.js';
import type { FactPower } from '../../model/identity.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { personOf, policyOf, readsBy } from '../lifecycle/index.js';
import { byGrant, byRole, isOver } from '../rights/index.js';
import { type Decided, no, yes } from './decided.js';
import type { Subject } from './subject.js';
import { ownRoles } from './writing.js';

export type ReadOperation = Extract<Operation, 'search' | 'compare' | 'read'>;

/** Whether the entry is there for them. */
export function mayDiscover(entry: EntryRecord, { view, stopped, blind }: Subject): Decided {
  const { access, withheld } = view;
  const stop = stopped ?? blind;
  if (stop !== undefined) return no(stop);
  if (withheld?.hidesEntry(entry.id) === true) return no('its state hides the entry from them');
  if (access === undefined) return yes({ is: 'administrator' });
  const { grant } = access.decide('discover', entry);
  return grant === undefined ? no('no rule lets them discover the entry') : yes(byGrant(grant));
}

const words = { search: 'search for it', compare: 'compare it', read: 'read it' } as const;

export function mayRead(
  operation: ReadOperation,
  entry: EntryRecord,
  type: AttributeType,
  subject: Subject,
): Decided {
  const there = mayDiscover(entry, subject);
  if (!there.allowed) return there;
  const { identity, access } = subject.view;
  if (type.secret) return no('it is a secret, and nobody reads it');
  if (!mayReadAttribute(identity, type)) {
    const hidden = identity.sees !== undefined && type.readers === 'all';
    if (hidden) return no('the view of their account (tenureView) leaves it out');
    return no(`it is for administrators${powerText(type)} to read`);
  }
  if (access === undefined) return yes({ is: 'administrator' });
  if (type.readers !== 'all') return byPower(entry, type, subject);
  const { grant } = access.decide(operation, entry, type);
  return grant === undefined
    ? no(`no rule lets them ${words[operation]} of this entry`)
    : yes(byGrant(grant));
}

function powerText({ readers }: AttributeType): string {
  return readers === 'administrators' ? '' : `, and roles that may ${readers},`;
}

/** What few read: by a role that is over whom it is about. */
function byPower(entry: EntryRecord, { readers }: AttributeType, subject: Subject): Decided {
  const power = readers as FactPower;
  if (subject.view.identity.readsOf?.(entry.id, power) !== true) {
    return no('none of their roles lets them read it of this entry');
  }
  return yes(...rolesReading(power, entry, subject).map(byRole));
}

/** The roles by which they read facts, or ends, of the entry. */
export function rolesReading(
  power: FactPower,
  entry: EntryRecord,
  subject: Subject,
): readonly Role[] {
  const { reader, nowSeconds } = subject.author;
  const { policy } = policyOf(reader);
  const person = personOf(entry, reader);
  return ownRoles(subject).filter(
    (role) => readsBy(role, power) && isOver(role, person, policy, nowSeconds),
  );
}
