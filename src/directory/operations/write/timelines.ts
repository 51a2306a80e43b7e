/** Timelines as writes make them: stored with each entry that is written, and closed when in doubt. */
import { LdapError } from '../../../runtime/errors.js';
import { formatTime } from '../../model/time.js';
import type { Timeline } from '../../model/timeline.js';
import type { EntryRecord } from '../../ports.js';
import {
  addFact,
  derive,
  type Foldable,
  hasState,
  PRINCIPALS_MAX,
  policyOf,
  stateOf,
  textsIn,
} from '../lifecycle/index.js';
import { type Attributes, attributesOf, bodyOf, describe } from './attributes.js';
import { recordBody } from './body-delta.js';
import { touchAppearance } from './stamp.js';
import { Delta, metaAfter, recordModify, type Transaction } from './transaction.js';

/** An entry whose timeline is made. */
export interface Refolded extends Omit<Foldable, 'texts'> {
  readonly attributes: Attributes;
}

interface Refolding {
  /** An entry that goes. */
  readonly except?: number;
  /** Nothing else looks different by it: the entry is new. */
  readonly alone?: boolean;
}

/** Makes the timeline of an entry anew. @throws LdapError */
export function refold(
  { attributes, ...entry }: Refolded,
  tx: Transaction,
  { except = 0, alone = false }: Refolding = {},
): void {
  const { writer } = tx;
  const { id, kind } = entry;
  const had = hasState(kind) || writer.timelines.of(id) !== undefined;
  if (!had) return;
  if (kind.isSubject) assertPrincipal(id, tx);
  const folded = derive(
    { ...entry, texts: textsIn(attributes) },
    policyOf(writer).policy,
    writer,
    except,
  );
  const after = id === writer.administratorId() ? alwaysActive(folded) : folded;
  if (after !== undefined && after.principal !== 0) assertNoCircle(id, after.principal, tx);
  if (after === undefined && writer.timelines.of(id) === undefined) return;
  const state = stateOf(id, writer, tx.nowSeconds);
  writer.setTimeline(id, after);
  if (!alone && stateOf(id, writer, tx.nowSeconds) !== state) touchAppearance(id, tx);
}

/** Whatever new entries are: nobody but the administrator could open the directory again. */
function alwaysActive(timeline: Timeline | undefined): undefined {
  if (timeline === undefined || (timeline.at.length === 0 && timeline.principal === 0)) return;
  throw new LdapError(
    'unwillingToPerform',
    'the administrator has neither a start, an end nor a block: nobody could manage the directory',
  );
}

/** The same for an entry as it is stored. */
export function refoldStored(entry: EntryRecord, tx: Transaction, how: Refolding): void {
  const { id, kind, parentId, createdBy } = entry;
  if (!hasState(kind)) return;
  const attributes = attributesOf(entry, tx.writer);
  refold({ id, kind, parentId, createdBy, attributes }, tx, how);
}

/** @throws LdapError where the principal that is named is nobody */
function assertPrincipal(id: number, { writer }: Transaction): void {
  const type = writer.schema().attribute('lifecyclePrincipal');
  const edge = type && writer.edgesFrom(id, type).find(({ target }) => target === 0);
  if (edge === undefined) return;
  throw new LdapError(
    'constraintViolation',
    `lifecyclePrincipal names "${edge.text}", which does not exist`,
  );
}

function assertNoCircle(id: number, principal: number, { writer }: Transaction): void {
  let next = principal;
  for (let depth = 1; next !== 0; depth += 1) {
    if (next === id) {
      throw new LdapError('constraintViolation', 'nobody can be the principal of themselves');
    }
    if (depth >= PRINCIPALS_MAX) {
      throw new LdapError(
        'constraintViolation',
        `more than ${PRINCIPALS_MAX} accounts would stand behind one another`,
      );
    }
    next = writer.timelines.of(next)?.principal ?? 0;
  }
}

/** Accounts of somebody who goes are blocked, and know only those who are left. */
export function closeBounded(entry: EntryRecord, tx: Transaction): void {
  const { writer } = tx;
  const [principal, owner] = ['lifecyclePrincipal', 'owner'].map((n) =>
    writer.schema().attribute(n),
  );
  if (principal !== undefined) {
    for (const id of writer.sourcesOf(entry.id, [principal])) {
      if (id !== entry.id) block(writer.entry(id)!, tx.names.text(entry), tx);
    }
  }
  const types = [principal, owner].filter((type) => type !== undefined);
  for (const id of writer.sourcesOf(entry.id, types)) {
    const other = writer.entry(id);
    if (other !== undefined && id !== entry.id) refoldStored(other, tx, { except: entry.id });
  }
}

function block(account: EntryRecord, gone: string, tx: Transaction): void {
  const { writer } = tx;
  const before = attributesOf(account, writer);
  const after: Attributes = new Map([...before].map(([key, held]) => [key, { ...held }]));
  addFact(after, describe(writer, 'lifecycleBlock'), 'lifecycleBlock', {
    kind: 'administrative',
    by: 'policy',
    since: formatTime(tx.nowSeconds),
    reason: `${gone} was deleted`,
  });
  const delta = new Delta();
  recordBody(before, after, delta);
  const meta = metaAfter(account, tx);
  writer.updateEntry(account, { meta, attributes: bodyOf(after) });
  recordModify(tx, account, meta, delta, tx.names.text(account));
}
