/**
 * Whether somebody may write something of an entry, by the questions of a write. What a value would
 * bring about is asked by the write alone: that nobody gains a right by it, and what the schema says.
 */
import { rolesOf } from '../../../policy/core/conditions/index.js';
import type { Role } from '../../../policy/core/language/index.js';
import { assertMayWrite } from '../../access/index.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { TENURE_HOLDER } from '../groups/index.js';
import { isSaid, personOf, policyOf, spokenNames } from '../lifecycle/index.js';
import { isHidden } from '../reads/index.js';
import {
  byGrant,
  byRole,
  lackedOf,
  mayDeleteByRule,
  mayJoin,
  renamingByRule,
} from '../rights/index.js';
import { isAskedOwner } from '../write/grant-rules.js';
import { assertMayModify } from '../write/own.js';
import { couldHoldBelow } from './below.js';
import { type Decided, no, tried, yes } from './decided.js';
import type { Subject } from './subject.js';

export type WriteOperation = 'add' | 'delete' | 'replace';

/** What nobody may write by themselves is asked with a value, where the value decides by whom. */
const probes: Readonly<Record<string, readonly string[]>> = {
  lifecyclestate: ['active', 'suspended', 'offboarded'],
  lifecycleend: ['20300101000000Z'],
  objectclass: ['person'],
};

/** Whether they may put values of the attribute in, take them away, or exchange them. */
export function mayWriteValues(
  op: WriteOperation,
  entry: EntryRecord,
  type: AttributeType,
  subject: Subject,
): Decided {
  const stop = standsInTheWay(entry, subject);
  if (stop !== undefined) return no(stop);
  if (isMaintained(type)) return no('it is maintained by the server');
  if (type.name === TENURE_HOLDER) {
    const granting = mayGrantSomebody(entry, subject);
    if (granting !== undefined) return granting;
  }
  const { identity, origin, reader, nowSeconds } = subject.author;
  const given = op === 'delete' ? undefined : probes[type.name.toLowerCase()];
  const asked = given === undefined ? [[]] : given.map((value) => [value]);
  return firstYes(asked, (values) =>
    attempted(entry.id, subject, () =>
      yes(
        ...assertMayModify(
          identity,
          entry.id,
          [{ op, type, values }],
          reader,
          nowSeconds * 1000,
          origin,
        ),
      ),
    ),
  );
}

/** Whether they may write the attribute, and if not as they like, then how. */
export function mayWrite(entry: EntryRecord, type: AttributeType, subject: Subject): Decided {
  const refused = mayWriteValues('replace', entry, type, subject);
  if (refused.allowed) return refused;
  for (const only of ['add', 'delete'] as const) {
    const decided = mayWriteValues(only, entry, type, subject);
    if (decided.allowed) return { ...decided, only };
  }
  return refused;
}

/** Whether they may add some entry below this one. */
export function mayAddBelow(parent: EntryRecord, subject: Subject): Decided {
  const stop = standsInTheWay(parent, subject);
  if (stop !== undefined) return no(stop);
  const { identity, reader, nowSeconds } = subject.author;
  if (identity.role === 'administrator') return attempted(0, subject, () => administrator(subject));
  const { policy } = policyOf(reader);
  const could = (of: Role['over']) => couldHoldBelow(of, parent, reader);
  // Whoever lets people join adds entries in no other way.
  if (mayJoin(identity, reader, nowSeconds)) {
    const roles = ownRoles(subject).filter(
      ({ may, over, neverOver }) =>
        may.some(({ power }) => power === 'join') &&
        could(over) &&
        (neverOver === undefined || could({ is: 'not', of: neverOver })),
    );
    return roles.length > 0 ? yes(...roles.map(byRole)) : no(NOTHING);
  }
  const { access } = subject.view;
  const grants = (access?.giving('add') ?? []).filter(({ rule, line }) => {
    const named = policy.access?.find(({ name, at }) => name === rule && at.line === line);
    return named !== undefined && named.who.is !== 'self' && could(named.what);
  });
  if (grants.length > 0 && identity.role === 'user') return yes(...grants.map(byGrant));
  return attempted(0, subject, () => no(NOTHING));
}

export function mayDelete(entry: EntryRecord, subject: Subject): Decided {
  return (
    placed(entry, 'deleted', subject) ??
    attempted(entry.id, subject, () => {
      const grant = mayDeleteByRule(entry, subject.author);
      return grant === undefined ? administrator(subject) : yes(byGrant(grant));
    })
  );
}

export function mayRename(entry: EntryRecord, subject: Subject): Decided {
  return (
    placed(entry, 'renamed', subject) ??
    attempted(entry.id, subject, () => {
      if (renamingByRule(entry, subject.author) === undefined) return administrator(subject);
      return yes(byGrant(subject.view.access!.decide('rename', entry).grant!));
    })
  );
}

/** The roles that somebody has as such. */
export function ownRoles({ author: { identity, reader, nowSeconds } }: Subject): readonly Role[] {
  const { policy } = policyOf(reader);
  const own = policy.roles.length === 0 ? undefined : reader.entry(identity.entryId);
  return own === undefined ? [] : rolesOf(personOf(own, reader), policy, nowSeconds);
}

/** Why they may write nothing of the entry, whatever the policy says. */
export function standsInTheWay(
  entry: EntryRecord,
  { author, view, stopped }: Subject,
): string | undefined {
  const { identity } = author;
  if (stopped !== undefined) return stopped;
  const asks = identity.role === 'user' && identity.entryId !== entry.id;
  return asks && isHidden(entry.id, view) ? 'the entry is not there for them' : undefined;
}

const NOTHING = 'no rule and no role of the policy lets them';

/** What a write would say; what it says to everybody is said in words about them. */
function attempted(entryId: number, subject: Subject, work: () => Decided): Decided {
  const decided = tried(work);
  if (decided.allowed || subject.author.identity.role === 'anonymous') return decided;
  const { identity } = subject.author;
  const usual = tried(() => {
    assertMayWrite(identity, { entryId, passwordOnly: false });
    return yes();
  });
  return !usual.allowed && usual.because === decided.because ? no(NOTHING) : decided;
}

/** @throws LdapError insufficientAccessRights to everybody else */
function administrator({ author: { identity } }: Subject): Decided {
  assertMayWrite(identity, { entryId: 0, passwordOnly: false });
  return yes({ is: 'administrator' });
}

/** Entries that stay where they are, whoever asks. */
function placed(entry: EntryRecord, what: string, subject: Subject): Decided | undefined {
  const stop = standsInTheWay(entry, subject);
  if (stop !== undefined) return no(stop);
  if (entry.parentId === 0) return no(`a suffix cannot be ${what}`);
  const initial = what === 'deleted' && entry.id === subject.author.reader.administratorId();
  return initial ? no('the administrator cannot be deleted') : undefined;
}

function isMaintained(type: AttributeType): boolean {
  if (isSaid(type) || spokenNames.has(type.name) || type.name === TENURE_HOLDER) return false;
  return type.noUserModification || type.storage === 'virtual' || type.storage === 'column';
}

/** Memberships for a time: whose they are decides it in the end. */
function mayGrantSomebody(group: EntryRecord, subject: Subject): Decided | undefined {
  const { identity, reader, nowSeconds } = subject.author;
  if (identity.role !== 'user') return undefined;
  if (isAskedOwner(identity, group, { writer: reader })) return yes({ is: 'owner' });
  const roles = ownRoles(subject).filter(({ may }) => may.some(({ power }) => power === 'grant'));
  if (roles.length === 0) return undefined;
  const lacking = lackedOf(group.id, identity.entryId, reader, nowSeconds);
  return lacking === undefined
    ? yes(...roles.map(byRole))
    : no(`members of the group have the role ${lacking.name}, which they do not`);
}

function firstYes<T>(all: readonly T[], decide: (one: T) => Decided): Decided {
  let first: Decided | undefined;
  for (const one of all) {
    const decided = decide(one);
    if (decided.allowed) return decided;
    first ??= decided;
  }
  return first ?? no(NOTHING);
}
