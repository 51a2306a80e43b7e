/** Whether somebody may read, search for or compare something of an entry, by the questions of a search. */
import { rolesOf } from '../../../policy/core/conditions/index.js';
import { mayReadAttribute, type Operation } from '../../access/index.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import { byGrant, byRole, isOver } from '../rights/index.js';
import { type Decided, no, yes } from './decided.js';
import type { Subject } from './subject.js';

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
  const { author, view } = subject;
  const { reader, nowSeconds } = author;
  const power = readers as 'read facts' | 'see end dates';
  const own = reader.entry(author.identity.entryId);
  if (own === undefined || view.identity.readsOf?.(entry.id, power) !== true) {
    return no('none of their roles lets them read it of this entry');
  }
  const { policy } = policyOf(reader);
  const person = personOf(entry, reader);
  const roles = rolesOf(personOf(own, reader), policy, nowSeconds).filter(
    (role) =>
      role.may.some((one) => one.power === power || one.power === 'read facts') &&
      isOver(role, person, policy, nowSeconds),
  );
  return yes(...roles.map(byRole));
}
