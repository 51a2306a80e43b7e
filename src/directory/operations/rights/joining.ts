/**
 * The power to join: adding people of those over whom the role is. Whoever comes in that way is a
 * person with facts (what their kind must have is asked of everybody who comes), gets number and
 * rights from nobody but the server and the policy, and holds no right that the author does not hold.
 */
import { rolesOf } from '../../../policy/core/conditions/index.js';
import type { Role } from '../../../policy/core/language/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';
import type { Kind } from '../../schema/index.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import { rolesWith } from './granting.js';
import { surpasses } from './surpassing.js';

/** Classes of somebody who is nothing but a person with a login. */
const classes: ReadonlySet<string> = new Set([
  'top',
  'person',
  'organizationalPerson',
  'inetOrgPerson',
  'posixAccount',
  'shadowAccount',
  'ldapPublicKey',
  'lifecycleSubject',
]);

/** What the server gives out, and nobody else. */
const given: ReadonlySet<string> = new Set(['uidnumber', 'gidnumber', 'lifecycleprincipal']);

/** Whether one of the roles of the identity has the power at all. */
export function mayJoin(identity: Identity, reader: DirectoryReader, nowSeconds: number): boolean {
  const { role, only, entryId } = identity;
  const { policy } = policyOf(reader);
  if (role !== 'user' || only !== undefined) return false;
  if (!policy.roles.some(({ may }) => may.some(({ power }) => power === 'join'))) return false;
  const author = reader.entry(entryId);
  if (author === undefined) return false;
  return rolesOf(personOf(author, reader), policy, nowSeconds).some(({ may }) =>
    may.some(({ power }) => power === 'join'),
  );
}

/** Before the entry is there. @throws LdapError insufficientAccessRights */
export function assertPlainPerson(kind: Kind, attributes: Iterable<string>): void {
  const other = kind.classes.find(({ name }) => !classes.has(name));
  if (other !== undefined) throw refused(`an entry with the class ${other.name} is more than that`);
  if (!kind.classes.some(({ name }) => name === 'person')) throw refused('the entry is no person');
  for (const name of attributes) {
    if (given.has(name.toLowerCase())) throw refused(`${name} is given by the server`);
  }
}

/** When it is, with all that follows for its groups: by which roles. @throws LdapError insufficientAccessRights */
export function assertJoined(
  id: number,
  kind: Kind,
  identity: Identity,
  reader: DirectoryReader,
  nowSeconds: number,
): readonly Role[] {
  if (!kind.isSubject) throw refused('say since when: lifecycleStart, or lifecycleEngagement');
  const roles = rolesWith(identity.entryId, id, 'join', reader, nowSeconds);
  if (roles.length === 0) throw refused('none of your roles is over somebody like this');
  const { policy } = policyOf(reader);
  if (surpasses(id, identity.entryId, policy, reader, nowSeconds)) {
    throw refused('this account would come with rights that you do not have');
  }
  return roles;
}

const refused = (text: string) =>
  new LdapError('insufficientAccessRights', `your role lets people join, and no more: ${text}`);
