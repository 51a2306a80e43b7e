/**
 * Writing by the rules of the section `access:`: which attributes of which entries, and which entries
 * come, go and are renamed. A rule is no way to a right: what opens an account, or says who is in a
 * group that gives a role, is for those alone who hold every right that comes with it; and whatever
 * was written, nobody holds more by it than its author does.
 */
import { isPowers, type Role } from '../../../policy/core/language/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Grant, ReadAccess } from '../../access/index.js';
import type { Identity, Origin } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { policyOf } from '../lifecycle/index.js';
import { accessOf } from '../reads/index.js';
import { gainingBy, lackedOf } from './gaining.js';
import { lastingRoles } from './roles-of.js';
import { surpasses } from './surpassing.js';

/** Who writes, from where, and when. */
export interface Author {
  readonly identity: Identity;
  readonly origin: Origin | undefined;
  readonly reader: DirectoryReader;
  readonly nowSeconds: number;
}

/** Whoever writes one of these of an account can be the one whose it is. */
const opening: ReadonlySet<string> = new Set([
  'sshpublickey',
  'usercertificate',
  'usersmimecertificate',
  'userpkcs12',
  'owner',
]);

/** Whether whoever writes the attribute can come in as the one whose it is. */
export const opensAccount = (type: AttributeType): boolean =>
  type.secret || opening.has(type.name.toLowerCase());

/** What rules let the author do; undefined where they let nobody write: one look at a list. */
function writing({ identity, origin, reader, nowSeconds }: Author): ReadAccess | undefined {
  const { access } = policyOf(reader).policy;
  if (access === undefined || !access.some(({ writes }) => writes.length > 0)) return undefined;
  if (identity.role !== 'user' || identity.only !== undefined || origin === undefined) {
    return undefined;
  }
  return accessOf(identity, origin, reader, nowSeconds * 1000);
}

const isGiven = (type: AttributeType) =>
  !type.secret && type.readers === 'all' && !isPowers(type.name);

/** The rules that let the author write all of these attributes of the entry; undefined: none do. */
export function mayWriteByRule(
  entryId: number,
  types: readonly (AttributeType | undefined)[],
  author: Author,
): readonly Grant[] | undefined {
  const access = writing(author);
  const { reader } = author;
  const entry = access && reader.entry(entryId);
  if (entry === undefined || entryId === reader.administratorId() || types.length === 0) {
    return undefined;
  }
  const grants = types.flatMap((type) => {
    const given = type !== undefined && isGiven(type) && access!.may('write', type, entry);
    return given ? (access!.decide('write', entry, type).grant ?? []) : [];
  });
  if (grants.length < types.length) return undefined;
  if (types.some((type) => opening.has(type!.name.toLowerCase()))) assertNoMore(entry, author);
  const { membership } = entry.kind;
  if (membership !== undefined && types.includes(membership)) assertGivesNothing(entry, author);
  return grants;
}

/** What has to hold of an entry behind the write, and by which rule. @throws LdapError insufficientAccessRights */
type Afterwards = (entry: EntryRecord, types: readonly AttributeType[]) => Grant;

/** The roles of the author before anything was written. */
function rolesOf({ identity, reader, nowSeconds }: Author): readonly Role[] {
  return lastingRoles(identity.entryId, policyOf(reader).policy, reader, nowSeconds);
}

/** Where a rule lets the author add entries: what has to hold of one that is there, with its attributes. */
export function addingByRule(author: Author): Afterwards | undefined {
  const access = writing(author);
  if (access?.gives('add') !== true) return undefined;
  const own = rolesOf(author);
  return (entry, types) => {
    const refused = types.find(
      (type) => type.name !== 'objectClass' && (!isGiven(type) || !access.may('add', type, entry)),
    );
    if (refused !== undefined) {
      throw denied(`no rule lets you add such an entry there with ${refused.name}`);
    }
    const { grant } = access.decide('add', entry);
    if (grant === undefined) throw denied('no rule lets you add an entry there');
    const special = entry.kind.classes.find(({ name }) => /^(?:tenure|pwd|lifecycle)/i.test(name));
    if (special !== undefined) {
      throw denied(`entries with the class ${special.name} are not for rules`);
    }
    assertNoMore(entry, author, own);
    if (entry.kind.membership !== undefined) assertGivesNothing(entry, author, own);
    return grant;
  };
}

/** The rule that lets the author take the entry away. */
export function mayDeleteByRule(entry: EntryRecord, author: Author): Grant | undefined {
  const access = writing(author);
  if (access === undefined || entry.id === author.reader.administratorId()) return undefined;
  const { grant } = access.decide('delete', entry);
  if (grant === undefined) return undefined;
  assertNoPolicy(entry);
  assertNoMore(entry, author);
  if (entry.kind.membership !== undefined) assertGivesNothing(entry, author);
  return grant;
}

/** Where rules let the author rename the entry: what has to hold of it at its new place. */
export function renamingByRule(entry: EntryRecord, author: Author): Afterwards | undefined {
  const access = writing(author);
  if (access === undefined || entry.id === author.reader.administratorId()) return undefined;
  if (!access.decide('rename', entry).allowed) return undefined;
  assertNoPolicy(entry);
  const own = rolesOf(author);
  assertNoMore(entry, author, own);
  return (renamed) => {
    access.forget();
    const { grant } = access.decide('rename', renamed);
    if (grant === undefined) throw denied('no rule lets you move an entry there');
    assertNoMore(renamed, author, own);
    if (renamed.kind.membership !== undefined) assertGivesNothing(renamed, author, own);
    return grant;
  };
}

/** A policy that is gone, or not found any more, lets everybody do what it forbade. */
function assertNoPolicy({ kind }: EntryRecord): void {
  const policy = kind.classes.find(({ name }) => policyClasses.has(name));
  if (policy !== undefined) throw denied(`entries with the class ${policy.name} are not for rules`);
}

const policyClasses: ReadonlySet<string> = new Set([
  'tenureLifecyclePolicy',
  'tenurePasswordPolicy',
  'pwdPolicy',
]);

/** Call before a write by a rule, and what it answers behind it. */
export function nothingGained(entryId: number, author: Author): () => void {
  const { identity, reader, nowSeconds } = author;
  const gained = gainingBy(entryId, identity.entryId, reader, nowSeconds);
  return () => {
    if (gained()) throw denied('the entry would have a right that you do not have');
  };
}

function assertNoMore(
  { id }: EntryRecord,
  { identity, reader, nowSeconds }: Author,
  own?: readonly Role[],
): void {
  const { policy } = policyOf(reader);
  if (!surpasses(id, identity.entryId, policy, reader, nowSeconds, own)) return;
  throw denied('this account comes with rights that you do not have');
}

function assertGivesNothing(
  { id }: EntryRecord,
  { identity, reader, nowSeconds }: Author,
  own?: readonly Role[],
): void {
  if (lackedOf(id, identity.entryId, reader, nowSeconds, own) === undefined) return;
  throw denied('this group gives rights that you do not have');
}

const denied = (text: string) =>
  new LdapError('insufficientAccessRights', `${text}; an administrator can do it`);
