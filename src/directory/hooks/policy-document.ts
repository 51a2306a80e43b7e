/**
 * The entry of the lifecycle policy: a document with a mistake is refused with its place, there is
 * one in a directory, and it stays where it is. What a new policy means for the states of people holds
 * from the same write on: it is made in it, or where they are many in slices (write/folding.ts).
 */
import type { Policy } from '../../policy/core/language/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { ShutsOut } from '../operations/index.js';
import {
  builtInPolicy,
  foldingOf,
  foldsByPlace,
  POLICY_CLASS,
  POLICY_RDN,
  POLICY_TEXT,
  type PolicyInForce,
  policyEntry,
  policyOf,
  readText,
} from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import { type Concerned, foldAll, foldLater, foldsInSlices } from '../operations/write/folding.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import { type Kind, normalizeRdn } from '../schema/index.js';
import type { WriteHook } from './types.js';

const textIn = (attributes: Attributes): string =>
  attributes.get(POLICY_TEXT.toLowerCase())?.values[0]?.toString('utf8') ?? '';

function isPolicy(kind: Kind, tx: Transaction): boolean {
  const cls = tx.writer.schema().objectClass(POLICY_CLASS);
  return cls !== undefined && kind.has(cls);
}

function check(attributes: Attributes, tx: Transaction): void {
  const { policy, problems } = readText(textIn(attributes), tx.writer.schema());
  if (policy !== undefined) return;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const { line, column, message } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new LdapError(
    'constraintViolation',
    `the policy, line ${line}, column ${column}: ${message}${more}; ` +
      '"tenure policy check FILE" lists everything',
  );
}

function misplaced(text: string): LdapError {
  return new LdapError('constraintViolation', `the lifecycle policy ${text}`);
}

/**
 * Folds everybody's facts anew under the policy, or those of the concerned, in this write or in slices
 * behind it. `over`: CSN of the policy's entry before, empty where there was none.
 * @throws LdapError where it shuts out too many
 */
function refoldAll(
  policy: Policy,
  before: Policy,
  over: string,
  tx: Transaction,
  whom: Concerned = {},
  what: What = 'the policy',
): void {
  if (!foldsInSlices(tx, whom)) {
    const closed = foldAll(policy, tx, whom);
    if (tx.approved !== true) assertFew(shutOut(closed, tx), before, what);
    return;
  }
  if (tx.approved !== true) {
    // It was counted in slices where the write arrived; what nobody has counted is counted here.
    const counted = tx.shutsOut?.over === over ? tx.shutsOut : undefined;
    assertFew(counted ?? shutOut(foldAll(policy, tx, whom, true), tx), before, what);
  }
  foldLater(policy, tx);
}

/** Where the policy that goes has no guard of its own. */
const CLOSED_MAX = 5;

type Shut = Pick<ShutsOut, 'count' | 'dns'>;

function shutOut(closed: readonly EntryRecord[], { names }: Transaction): Shut {
  return { count: closed.length, dns: closed.slice(0, 5).map((entry) => names.text(entry)) };
}

/** What shuts people out, with how to go on where that is meant. */
const goOn = {
  'the policy': (count: number) => `tenure policy install --expect ${count}`,
  'what holds without a policy': (count: number) =>
    `install that first: tenure policy example built-in, tenure policy install --expect ${count}`,
  'the move': () => 'give the guard of the policy a greater number for so long',
} as const;

type What = keyof typeof goOn;

/** The guard is that of the policy before: a new one must not let itself pass. */
function assertFew({ count, dns }: Shut, before: Policy, what: What): void {
  const max = before.guards.peopleClosed?.count ?? CLOSED_MAX;
  if (count <= max) return;
  throw new LdapError(
    'unwillingToPerform',
    `${what} would shut out ${count} people at once (${dns.join('; ')} …), and no more ` +
      `than ${max} may be; where that is meant: ${goOn[what](count)}`,
  );
}

/**
 * After an import that began with `firstAdded` and found `before` in force: one that brought a policy
 * means something for those who were there. @throws LdapError where it shuts out too many
 */
export function foldImported(before: PolicyInForce, firstAdded: number, tx: Transaction): void {
  const { policy, text } = policyOf(tx.writer);
  if (text === before.text || foldingOf(policy) === foldingOf(before.policy)) return;
  refoldAll(policy, before.policy, before.csn, tx, firstAdded === 0 ? {} : { before: firstAdded });
}

export const policyDocument: WriteHook = {
  name: 'lifecycle policy',
  onAdd({ kind, attributes, parentId, dn }, tx) {
    if (!isPolicy(kind, tx)) return;
    const root = tx.writer.suffixes().some(({ id }) => id === parentId);
    const named = dn.rdns[0]?.key === normalizeRdn(tx.writer.schema(), POLICY_RDN)?.key;
    if (!root || !named) throw misplaced(`is the entry ${POLICY_RDN} directly below a suffix`);
    const other = policyEntry(tx.writer);
    if (other !== undefined) throw misplaced(`of this directory is ${tx.names.text(other)}`);
    check(attributes, tx);
  },
  afterAdd(_id, { kind, attributes }, tx) {
    if (!isPolicy(kind, tx)) return;
    const after = readText(textIn(attributes), tx.writer.schema()).policy;
    if (after !== undefined) refoldAll(after, builtInPolicy(tx.writer), '', tx);
  },
  onChange({ kind, entry, after }, tx) {
    if (isPolicy(kind, tx)) check(after, tx);
    else if (isPolicy(entry.kind, tx)) throw misplaced('keeps its class; delete the entry instead');
  },
  afterChange({ entry, kind, before, after }, tx) {
    if (!isPolicy(kind, tx)) return;
    const schema = tx.writer.schema();
    const was = readText(textIn(before), schema).policy;
    const is = readText(textIn(after), schema).policy;
    if (is !== undefined && (was === undefined || foldingOf(was) !== foldingOf(is))) {
      refoldAll(is, was ?? is, entry.csn, tx);
    }
  },
  afterRename(entry, tx) {
    if (isPolicy(entry.kind, tx)) throw misplaced(`keeps its name ${POLICY_RDN}`);
    const { policy, csn } = policyOf(tx.writer);
    if (foldsByPlace(policy) && tx.writer.childCount(entry.id) > 0) {
      refoldAll(policy, policy, csn, tx, { below: entry.id }, 'the move');
    }
  },
  onDelete(entry, tx) {
    if (!isPolicy(entry.kind, tx)) return;
    const { policy: before, csn } = policyOf(tx.writer);
    const after = builtInPolicy(tx.writer);
    if (foldingOf(before) === foldingOf(after)) return;
    refoldAll(after, before, csn, tx, {}, 'what holds without a policy');
  },
};
