/**
 * The questions that searches and comparisons ask about whoever reads: is the entry there for them,
 * may they test this attribute of it, is this value's entry one of which they know. Where nobody is
 * restricted each is one look at a field.
 */
import type { ReadAccess } from '../../access/index.js';
import type { Identity } from '../../model/identity.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import type { Leaf, Node } from '../leaf.js';
import type { View } from '../view.js';

/** Whether the entry is not there for whoever asks: by its state, or by a rule. */
export function isHidden(id: number, view: View): boolean {
  return view.withheld?.hidesEntry(id) === true || namesHidden(id, view);
}

/** Whether a value that names the entry says what whoever asks may not know: that it is there. */
export function namesHidden(id: number, { access, reader }: View): boolean {
  if (access === undefined || access.discoversAll || id === 0) return false;
  const entry = reader.entry(id);
  return entry !== undefined && !access.discovers(entry);
}

/** Whether whoever asks may know that the entry is there. */
export function isDiscovered(entry: EntryRecord, { access }: View): boolean {
  return access === undefined || access.discovers(entry);
}

/** Whether values of the attribute are shown of the entry. */
export function shows(type: AttributeType, entry: EntryRecord, { access }: View): boolean {
  return access === undefined || type.readers !== 'all' || access.may('read', type, entry);
}

type Descriptions = ReturnType<View['reader']['descriptions']>;

interface Numbers {
  readonly descriptions: Descriptions;
  /** By body attribute number: 1 = of every entry. */
  readonly free: Uint8Array;
  readonly all: boolean;
}

const numbersOf = new WeakMap<ReadAccess, Numbers>();

/** What bodies hold, as far as it may be read of every entry: worked out once a session. */
function numbers(access: ReadAccess, { reader }: View): Numbers {
  const descriptions = reader.descriptions();
  let known = numbersOf.get(access);
  if (known === undefined || known.descriptions !== descriptions) {
    const free = new Uint8Array(descriptions.length);
    let all = true;
    descriptions.forEach((description, number) => {
      if (description === undefined) return;
      const { type } = description;
      if (type.readers !== 'all' || access.always('read', type)) free[number] = 1;
      else all = false;
    });
    known = { descriptions, free, all };
    numbersOf.set(access, known);
  }
  return known;
}

/** Whether whatever bodies hold may be read, of every entry. */
export function readsAll(view: View): boolean {
  return view.access === undefined || numbers(view.access, view).all;
}

/** Whether what the body holds under the number may be read of the entry. */
export function readsNumber(number: number, entry: EntryRecord, view: View): boolean {
  const { access } = view;
  if (access === undefined || numbers(access, view).free[number] === 1) return true;
  const description = view.reader.descriptions()[number];
  return description !== undefined && shows(description.type, entry, view);
}

/** Whether the attribute may be tested of the entry. */
export function findsBy(type: AttributeType, entry: EntryRecord, view: View): boolean {
  const { access, asks = 'search' } = view;
  return access === undefined || type.readers !== 'all' || access.may(asks, type, entry);
}

/** Whether the leaf is Undefined of every entry, so that no index is asked. */
export function isUnsearchable({ type }: Leaf, { access }: View): boolean {
  if (access === undefined || type.readers !== 'all') return false;
  return access.never('search', type) && type.subtypes.every((one) => access.never('search', one));
}

/** Whoever has not bound reads as a user without an account, where a rule is for anyone. */
export function known(identity: Identity, access: View['access']): Identity {
  if (identity.role !== 'anonymous' || access?.any !== true) return identity;
  return { ...identity, role: 'user' };
}

/** Whether what an index says about the filter has to be tested by entry, for whoever asks. */
export function isRestricted(node: Node, view: View): boolean {
  const { access } = view;
  if (access === undefined) return false;
  if (!access.discoversAll) return true;
  const free = ({ type }: Pick<Leaf, 'type'>) =>
    [type, ...type.subtypes].every((one) => one.readers !== 'all' || access.always('search', one));
  switch (node.node) {
    case 'constant':
      return false;
    case 'class': {
      const type = view.reader.schema().attribute('objectClass');
      return type === undefined || !free({ type });
    }
    case 'not':
      return isRestricted(node.child, view);
    case 'anyOf':
      return !node.leaves.every(free);
    case 'leaf':
      return !free(node);
    default:
      return node.children.some((child) => isRestricted(child, view));
  }
}
