/**
 * Of whom the rights are asked, and by whom. Everybody may ask what they may do themselves;
 * administrators, and roles that may `audit`, ask about everybody; an account about those as whom it
 * may ask anyhow (RFC 4370). Every refusal is the same, whatever exists.
 */
import { LdapError } from '../../../runtime/errors.js';
import { anonymous, type Identity, type Origin } from '../../model/identity.js';
import { isHidden } from '../reads/index.js';
import { identityAs, isAuditor } from '../rights/index.js';
import { type Subject, type SubjectTools, subjectOf } from './subject.js';

export interface Asked {
  readonly subject: Subject;
  /** They ask about themselves. */
  readonly own: boolean;
}

/** @throws LdapError authorizationDenied */
export function askedAbout(
  authzId: string,
  asking: Identity,
  origin: Origin,
  tools: SubjectTools,
): Asked {
  const asker = subjectOf(asking, origin, tools);
  if (authzId === '') return { subject: asker, own: true };
  const { reader, names } = tools;
  const isDn = /^dn:/i.test(authzId);
  const id = isDn && authzId.length > 3 ? idOf(authzId.slice(3), names) : 0;
  if (id !== 0 && id === asking.entryId) return { subject: asker, own: true };
  const of = (identity: Identity): Asked => {
    return { subject: subjectOf(identity, origin, tools), own: false };
  };
  const { identity, nowSeconds } = asker.author;
  if (!isDn || !isAuditor(identity, reader, nowSeconds)) {
    return of(asIfAsking(authzId, asking, tools));
  }
  if (authzId.length === 3) return of(anonymous);
  const entry = reader.entry(id);
  if (entry === undefined || isHidden(id, asker.view)) throw denied();
  const initial = id === reader.administratorId();
  return of({ role: initial ? 'administrator' : 'user', dn: names.text(entry), entryId: id });
}

function asIfAsking(authzId: string, asking: Identity, tools: SubjectTools): Identity {
  try {
    return identityAs(authzId, asking, tools);
  } catch (error) {
    if (error instanceof LdapError && error.code === 'authorizationDenied') throw denied();
    throw error;
  }
}

/** A name that is none is nobody's. */
function idOf(dn: string, names: SubjectTools['names']): number {
  try {
    return names.resolve(names.parse(dn)).id;
  } catch (error) {
    if (error instanceof LdapError) return 0;
    throw error;
  }
}

const denied = () =>
  new LdapError('authorizationDenied', 'this account may not ask what that identity may do');
