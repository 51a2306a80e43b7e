/**
 * Which part of the tree a search covers, alias entries included (RFC 4511 §4.5.1.2–3). A scope is
 * a set of bases: dereferencing adds the target of each alias in scope as a further base.
 */
import { LdapError } from '../../runtime/errors.js';
import { fixedBounds } from '../../runtime/limits.js';
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { EntryRecord } from '../ports.js';
import type { Kind } from '../schema/index.js';
import { normalizeDn } from '../schema/index.js';
import { isHidden, namesHidden } from './reads/index.js';
import type { SearchRequest } from './types.js';
import type { View } from './view.js';

export interface Scope {
  readonly kind: 'base' | 'one' | 'sub';
  /** The base object first. */
  readonly bases: readonly number[];
  /** Entries in scope by themselves: targets of aliases directly below a one-level base. */
  readonly single: readonly number[];
  /** Alias entries are followed, so not returned themselves. */
  readonly skipAliases: boolean;
}

const isAlias = (kind: Kind) => kind.structural.oid === '2.5.6.1';

/** Entries found and named by how far the name led. */
export function noSuchObject(nearestId: number, dn: string, view: View): LdapError {
  let nearest = nearestId;
  while (nearest !== 0 && isHidden(nearest, view)) {
    nearest = view.names.parentOf(nearest);
  }
  const matched = nearest === 0 ? '' : view.names.dnOfId(nearest).toString('utf8');
  const shown = dn.length > 200 ? `${dn.slice(0, 200)}…` : dn;
  return new LdapError('noSuchObject', `there is no entry "${shown}"`, matched);
}

/** The target of an alias entry. @throws LdapError aliasProblem */
function aliasTarget(entry: EntryRecord, view: View): EntryRecord {
  const number = view.reader.attributeNumber('aliasedobjectname');
  const slot = number === 0 ? -1 : bodyFind(entry.body, number);
  const value = slot < 0 ? undefined : bodyValuesAt(entry.body, slot)[0];
  const dn = value && normalizeDn(view.reader.schema(), value.toString('utf8'));
  const target = dn && view.reader.entry(view.names.resolve(dn).id);
  if (target === undefined || namesHidden(target.id, view)) {
    const name = view.names.text(entry);
    throw new LdapError('aliasProblem', `the alias "${name}" names no entry`, name);
  }
  return target;
}

/** Follows aliases to an entry that is none. @throws LdapError aliasDereferencingProblem, loops */
export function dereference(entry: EntryRecord, view: View): EntryRecord {
  let current = entry;
  for (let hops = 0; isAlias(current.kind); hops++) {
    if (hops >= fixedBounds.aliasHopsMax) {
      throw new LdapError('aliasDereferencingProblem', 'the alias leads through too many others');
    }
    current = aliasTarget(current, view);
  }
  return current;
}

/** What stands above all that a view shows is a place to begin below, and nothing to look at. */
function isNoBase(id: number, { scope }: SearchRequest, view: View): boolean {
  const { withheld } = view;
  if (namesHidden(id, view)) return true;
  if (withheld?.hidesEntry(id) !== true) return false;
  return scope === 'base' || !withheld.leadsTo(id);
}

/** The base object, dereferenced where the request asks for it. @throws LdapError noSuchObject */
export function findBase(request: SearchRequest, view: View): EntryRecord {
  const known = view.names.idOf(request.base);
  const follow = request.deref === 'findingBase' || request.deref === 'always';
  if (known !== 0) {
    if (isNoBase(known, request, view)) throw noSuchObject(known, request.base, view);
    const entry = view.reader.entry(known)!;
    return follow ? dereference(entry, view) : entry;
  }
  const { nearestId, missing } = view.names.resolve(view.names.parse(request.base));
  const nearest =
    nearestId === 0 || namesHidden(nearestId, view) ? undefined : view.reader.entry(nearestId);
  if (follow && nearest !== undefined && missing > 0 && isAlias(nearest.kind)) {
    return throughAlias(request, nearest, missing, view);
  }
  throw noSuchObject(nearestId, request.base, view);
}

/** A name that goes on below an alias: the rest is looked up below its target. */
function throughAlias(
  request: SearchRequest,
  alias: EntryRecord,
  missing: number,
  view: View,
): EntryRecord {
  const target = dereference(alias, view);
  const rest = view.names.parse(request.base).rdns.slice(0, missing);
  const dn = [...rest.map((rdn) => rdn.text), view.names.text(target)].join(',');
  const { id, nearestId } = view.names.resolve(view.names.parse(dn));
  if (id === 0 || namesHidden(id, view)) throw noSuchObject(nearestId, dn, view);
  return dereference(view.reader.entry(id)!, view);
}

/** The scope of a search below `base`. */
export function makeScope(request: SearchRequest, base: EntryRecord, view: View): Scope {
  const follow = request.deref === 'inSearching' || request.deref === 'always';
  const plain: Scope = { kind: request.scope, bases: [base.id], single: [], skipAliases: false };
  if (!follow || request.scope === 'base') return plain;
  const kinds = view.reader.kinds().filter(isAlias);
  if (kinds.length === 0) return plain;
  const { ids } = view.reader.idsOfKinds(kinds, fixedBounds.aliasesMax);
  const bases = [base.id];
  const single: number[] = [];
  // Each new base may bring further aliases into scope: repeat until nothing is added.
  for (let added = true; added; ) {
    added = false;
    for (const id of ids) {
      const alias = view.reader.entry(id);
      if (alias === undefined || namesHidden(id, view) || !covers(plain.kind, bases, alias, view))
        continue;
      const target = targetOrNone(alias, view);
      const list = plain.kind === 'one' ? single : bases;
      if (target === 0 || list.includes(target)) continue;
      list.push(target);
      added = plain.kind === 'sub';
    }
  }
  return { kind: plain.kind, bases, single, skipAliases: true };
}

/** An alias that leads nowhere is passed over: it must not make all it lies beside unfindable. */
function targetOrNone(alias: EntryRecord, view: View): number {
  try {
    return dereference(alias, view).id;
  } catch (error) {
    if (error instanceof LdapError) return 0;
    throw error;
  }
}

function covers(kind: Scope['kind'], bases: readonly number[], entry: EntryRecord, view: View) {
  if (kind === 'base') return bases[0] === entry.id;
  for (const base of bases) {
    if (kind === 'one' ? entry.parentId === base : view.names.isWithin(entry, base)) return true;
  }
  return false;
}

/** Whether a search with this scope returns the entry. */
export function inScope(scope: Scope, entry: EntryRecord, view: View): boolean {
  if (scope.skipAliases && isAlias(entry.kind)) return false;
  return covers(scope.kind, scope.bases, entry, view) || scope.single.includes(entry.id);
}
