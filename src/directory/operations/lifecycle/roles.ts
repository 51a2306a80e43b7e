/**
 * Which attributes in the bodies of entries open something, and for whom: those of the person
 * themself, and those of rules that name people in a text of their own.
 */
import type { DirectoryReader } from '../../ports.js';
import type { AttributeDescription, AttributeType, Kind, Schema } from '../../schema/index.js';
import { carriesEnd } from './carried.js';
import { dialectKeys } from './dialects.js';

/** What names somebody in a text. */
export type Referring = 'sudo' | 'netgroup' | 'alias';

/**
 * `own`: opens something for the entry that holds it; `dialect`: says that it is on, and something else
 * is shown while it is off; `until`: says until when, and an end may be sooner.
 */
export type Role = 'own' | 'dialect' | 'until' | Referring;

const referring: ReadonlyMap<string, Referring> = new Map([
  ['sudouser', 'sudo'],
  ['nisnetgrouptriple', 'netgroup'],
  ['rfc822mailmember', 'alias'],
]);

const owned: ReadonlySet<string> = new Set([
  'sshpublickey',
  'usercertificate',
  'usersmimecertificate',
  'userpkcs12',
]);

const isDialect = (name: string) => name === 'pwdaccountlockedtime' || dialectKeys.has(name);

/** FreeRADIUS' profile attributes, those of its clients (2.x of that arc) excluded. */
const RADIUS_PROFILE_ARC = '1.3.6.1.4.1.11344.4.2.2.1.';

const known = new WeakMap<AttributeType, { readonly role: Role | undefined }>();

/** What the attribute does, or undefined for nearly all. A subtype does what its supertype does. */
export function roleOf(type: AttributeType): Role | undefined {
  let found = known.get(type);
  if (found === undefined) {
    found = { role: work(type) };
    known.set(type, found);
  }
  return found.role;
}

function work(type: AttributeType): Role | undefined {
  for (let next: AttributeType | undefined = type; next !== undefined; next = next.sup) {
    const name = next.name.toLowerCase();
    if (isDialect(name)) return 'dialect';
    if (owned.has(name) || next.oid.startsWith(RADIUS_PROFILE_ARC)) return 'own';
    if (carriesEnd(next.name)) return 'until';
    const role = referring.get(name);
    if (role !== undefined) return role;
  }
  return undefined;
}

type Descriptions = readonly (AttributeDescription | undefined)[];
const byNumber = new WeakMap<Descriptions, readonly (Role | undefined)[]>();

/** Roles by the numbers under which bodies hold attributes. */
export function rolesByNumber(reader: DirectoryReader): readonly (Role | undefined)[] {
  const descriptions = reader.descriptions();
  let roles = byNumber.get(descriptions);
  if (roles === undefined) {
    roles = descriptions.map((description) => description && roleOf(description.type));
    byNumber.set(descriptions, roles);
  }
  return roles;
}

export const isReferring = (role: Role): role is Referring =>
  role === 'sudo' || role === 'netgroup' || role === 'alias';

const referringTypes = new WeakMap<Schema, readonly AttributeType[]>();
const referringKinds = new WeakMap<Kind, boolean>();

/** Whether entries of the kind may hold values that name people in a text. */
export function showsReferences(kind: Kind, reader: DirectoryReader): boolean {
  let shows = referringKinds.get(kind);
  if (shows === undefined) {
    shows = typesOf(reader.schema()).some((type) => kind.allows(type));
    referringKinds.set(kind, shows);
  }
  return shows;
}

function typesOf(schema: Schema): readonly AttributeType[] {
  let types = referringTypes.get(schema);
  if (types === undefined) {
    types = schema.attributes.filter((type) => {
      const role = roleOf(type);
      return role !== undefined && isReferring(role);
    });
    referringTypes.set(schema, types);
  }
  return types;
}
