/**
 * No write leaves fewer than two administrators who can log in, now or at any instant that is
 * stored already, and where there are fewer, none takes one of them away. Looked at behind each
 * write that touched what administrators hang on; all others pay one look into a set.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { ChangeValue } from '../../model/change.js';
import type { Identity } from '../../model/identity.js';
import { spokenTime } from '../../model/time.js';
import type { DirectoryWriter } from '../../ports.js';
import { POLICY_TEXT } from '../lifecycle/index.js';
import type { Names } from '../names.js';
import type { Transaction } from '../write/transaction.js';
import {
  type AbleAdministrator,
  type AbleAdministrators,
  ableAdministrators,
  NO_ADMINISTRATOR,
  stepOf,
} from './able.js';

/** So many are always left. */
export const ADMINISTRATORS_MIN = 2;

/** As things were before the write in progress. Dropped by whatever may move it. */
const known = new WeakMap<DirectoryWriter, AbleAdministrators>();

/** Who is able before a write; kept from write to write. */
export function administratorsBefore(
  writer: DirectoryWriter,
  names: Names,
  now: number,
): AbleAdministrators {
  let found = known.get(writer);
  if (found === undefined) {
    found = ableAdministrators(writer, names, now);
    known.set(writer, found);
  }
  return found;
}

/** What was found is not to be relied on: something moved, or was taken back. */
export function forgetAdministrators(writer: DirectoryWriter): void {
  known.delete(writer);
}

/** What policies say that may stand between anybody and a login. */
const policyAttributes: ReadonlySet<string> = new Set([
  POLICY_TEXT,
  'tenureSecondFactor',
  'tenureSecondFactorAfterDays',
  'tenurePolicyFilter',
  'tenurePolicyOrder',
]);

/** Whether the write did anything to what administrators hang on. */
function touches({ items }: Transaction, { support }: AbleAdministrators): boolean {
  const names = (value: ChangeValue) =>
    typeof value === 'object' && 'ref' in value && support.has(value.ref);
  return items.some(
    ({ op, uuid, values }) =>
      // A move may turn the states of everybody below it.
      op === 'rename' ||
      support.has(uuid) ||
      values?.some(
        ({ attribute, removed, added }) =>
          policyAttributes.has(attribute) || removed.some(names) || added.some(names),
      ) === true,
  );
}

/** @throws LdapError unwillingToPerform where an administrator too many would be lost */
export function assertAdministratorsLeft(before: AbleAdministrators, tx: Transaction): void {
  if (touches(tx, before)) assertLeft(before, tx, tx.nowSeconds, tx.identity);
}

/** The same of whatever happened since. @throws LdapError unwillingToPerform */
export function assertLeft(
  before: AbleAdministrators,
  { writer, names }: Pick<Transaction, 'writer' | 'names'>,
  now: number,
  { role }: Pick<Identity, 'role'>,
): void {
  forgetAdministrators(writer);
  const lost = tooFew(before, ableAdministrators(writer, names, now), now);
  if (lost === undefined) return;
  throw new LdapError('unwillingToPerform', role === 'administrator' ? named(lost, now) : unnamed);
}

/** The first instant at which too few are left. */
interface TooFew {
  readonly at: number;
  readonly left: readonly AbleAdministrator[];
  readonly lost: readonly AbleAdministrator[];
  readonly why: ReadonlyMap<number, string>;
}

function tooFew(
  before: AbleAdministrators,
  after: AbleAdministrators,
  now: number,
): TooFew | undefined {
  const instants = new Set([now]);
  for (const { at } of [...before.steps, ...after.steps]) if (at > now) instants.add(at);
  for (const at of [...instants].sort((a, b) => a - b)) {
    const { able: had } = stepOf(before, at);
    const { able: left, unable: why } = stepOf(after, at);
    if (left.length >= Math.min(ADMINISTRATORS_MIN, had.length)) continue;
    const lost = had.filter(({ id }) => !left.some((one) => one.id === id));
    return { at, left, lost, why };
  }
  return undefined;
}

/** To whoever is no administrator: who they are, and when one leaves, is not for everybody. */
const unnamed =
  'this would leave fewer than two administrators who can log in; an administrator has to look at it';

function named({ at, left, lost, why }: TooFew, now: number): string {
  const when = at > now ? `from ${spokenTime(at)} on, ` : '';
  const gone = lost
    .map(({ id, dn }) => `"${dn}" (${why.get(id) ?? NO_ADMINISTRATOR})`)
    .join(' and ');
  const could = `${gone} would be lost`;
  if (left.length === 0) return `${when}no administrator would be left: ${could}. ${help}`;
  const stays = left.map(({ dn }) => `"${dn}"`).join(' and ');
  return (
    `${when}${stays} would be the only administrator who can log in, ${could}, and two always ` +
    `stay. ${help}`
  );
}

const help = 'Make another one first';
