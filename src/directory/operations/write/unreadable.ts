/**
 * What the author of a write may not read of what is written. A write never takes away what its
 * author cannot see, and its answer does not tell whether it was there: adding such a value twice, and
 * deleting one that is not there, succeed and change nothing. A value that names an entry names one of
 * which its author may know: otherwise it would be told by what is shown of it afterwards.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { EdgeWrite, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { isHidden, namesHidden, shows } from '../reads/index.js';
import { noSuchObject } from '../scope.js';
import type { View } from '../view.js';
import { answeringView, type Transaction } from './transaction.js';

export interface Unreadable {
  /** Whether the author may not read the attribute of the entry. */
  readonly isBlind: (type: AttributeType) => boolean;
  /** Whether a value names an entry that may not be discovered. */
  readonly isHidden: (edge: { readonly target: number }) => boolean;
  /** @throws LdapError constraintViolation where the author may know of no such entry */
  readonly assertKnown: (type: AttributeType, edge: EdgeWrite, given: Buffer) => void;
}

/** Of those who may read everything; nothing is asked. */
const nothing: Unreadable = {
  isBlind: () => false,
  isHidden: () => false,
  assertKnown: () => undefined,
};

/** What of an entry its author does not see. */
export function unreadableOf(entry: EntryRecord, tx: Transaction): Unreadable {
  const view = restricted(tx);
  if (view === undefined) return nothing;
  return { isBlind: (type) => !shows(type, entry, view), ...namesOf(view, tx, entry.id) };
}

/** The same of the names in a new one: whoever writes it knows the rest. */
export function unknownNames(tx: Transaction): Pick<Unreadable, 'assertKnown'> {
  const view = restricted(tx);
  return view === undefined ? nothing : namesOf(view, tx, 0);
}

function restricted(tx: Transaction): View | undefined {
  if (tx.identity.role !== 'user' || tx.origin === undefined) return undefined;
  const view = answeringView(tx);
  return view.access === undefined ? undefined : view;
}

function namesOf(view: View, tx: Transaction, source: number): Omit<Unreadable, 'isBlind'> {
  const { writer, names } = tx;
  const hides: Unreadable['isHidden'] = ({ target }) => namesHidden(target, view);
  return {
    isHidden: hides,
    assertKnown(type, edge, given) {
      if (view.access?.discoversAll !== false) return;
      if (edge.target === 0) {
        const { attribute, textKey, text } = edge;
        // A name outside the tree is nobody's here; what is there already was seen.
        const isOurs = !type.dnValued || names.resolve(names.parse(text)).nearestId !== 0;
        if (!isOurs || writer.hasEdge(source, attribute, 0, textKey)) return;
      } else if (!hides(edge)) return;
      throw new LdapError(
        'constraintViolation',
        `${type.name}: there is no "${given.toString('utf8').slice(0, 200)}" of which you may know`,
      );
    },
  };
}

/** Whether the author may not know that the entry is there. */
export function isUnknown(id: number, tx: Transaction): boolean {
  const view = restricted(tx);
  return view !== undefined && isHidden(id, view);
}

/**
 * A key that no name has, for the time in which a write is tried out whose name is taken by an entry
 * of which the author may not know.
 */
export const besides = (rdnKey: string): string => `${rdnKey}\0`;

/** Nobody puts an entry below one of which they may not know. @throws LdapError noSuchObject */
export function assertPlaceKnown(id: number, name: () => string, tx: Transaction): void {
  const view = restricted(tx);
  if (view !== undefined && isHidden(id, view)) throw noSuchObject(id, name(), view);
}

/** A sum of what may not be read would tell it. */
export const mayNotBeCounted = ({ name }: AttributeType) =>
  new LdapError(
    'insufficientAccessRights',
    `${name} may not be incremented by whoever may not read it`,
  );
