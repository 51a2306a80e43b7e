/** The audit trail for the administration: pages of it, with what Changes changed, and its check. */
import type {
  AuditCheck,
  AuditEngine,
  AuditedChange,
  AuditedEvent,
  AuditPage,
  AuditQuery,
} from '../admin/audit.js';
import { AdminError } from '../admin/index.js';
import type {
  AuditAsk,
  AuditName,
  AuditVerified,
  StoredAuditEvent,
} from '../directory/model/audit.js';
import type { ChangeItem, ChangeValue } from '../directory/model/change.js';
import { findEntry, type Names } from '../directory/operations/index.js';
import { policyOf } from '../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import { beginOf, momentOf } from '../policy/core/index.js';
import type { Company } from '../policy/core/language/index.js';
import { LdapError } from '../runtime/errors.js';

export interface AuditParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
  readonly verifyAudit: (head: string | undefined) => Promise<AuditVerified>;
  /** What was seen so far is written. */
  readonly flushAudit?: (() => Promise<unknown>) | undefined;
  readonly turn: () => Promise<void>;
}

/** Events that one statement looks at; between two, others are served. */
const WINDOW = 20_000;
/** A value that is shown; a photo is not. */
const VALUE_SHOWN_MAX = 200;
/** Values of one attribute that are shown. */
const VALUES_SHOWN_MAX = 20;

export function auditEngine(parts: AuditParts): AuditEngine {
  return {
    list: (query) => list(query, parts),
    async verify({ head }): Promise<AuditCheck> {
      await parts.flushAudit?.();
      const found = await parts.verifyAudit(head?.toLowerCase());
      return { ok: found.problems.length === 0, ...found };
    },
  };
}

async function list(query: AuditQuery, parts: AuditParts): Promise<AuditPage> {
  const { reader, nowMs, turn } = parts;
  await parts.flushAudit?.();
  const { audit } = reader;
  const { company } = policyOf(reader).policy;
  const { zone } = company;
  const asked = askOf(query, company, parts);
  const last = audit.lastId();
  const events: StoredAuditEvent[] = [];
  let at = Math.max(
    query.after ?? 0,
    asked.sinceMs === undefined ? 0 : audit.idBefore(asked.sinceMs),
  );
  while (at < last && events.length < query.limit) {
    const untilId = Math.min(at + WINDOW, last);
    const limit = query.limit - events.length;
    const page = audit.page({ ...asked, afterId: at, untilId, limit });
    events.push(...page);
    at = page.length === limit ? page.at(-1)!.id : untilId;
    await turn();
  }
  return {
    now: new Date(nowMs()).toISOString(),
    zone,
    events: events.map((event) => shown(event, reader)),
    ...(at < last && { next: at }),
    last,
  };
}

function askOf(
  query: AuditQuery,
  company: Company,
  parts: AuditParts,
): Omit<AuditAsk, 'afterId' | 'untilId' | 'limit'> {
  const { name, by, kinds, since, until, run } = query;
  const now = Math.floor(parts.nowMs() / 1000);
  const moment = (words: string, option: string) => {
    const found = momentOf(words, now, company.zone);
    if (typeof found !== 'string') {
      throw new AdminError('usage', `${option}: "${words}" ${found.fault}`);
    }
    return beginOf(found, company) * 1000;
  };
  return {
    ...(name !== undefined && { who: named(name, parts) }),
    ...(by !== undefined && { by: named(by, parts) }),
    ...(kinds !== undefined && { kinds }),
    ...(since !== undefined && { sinceMs: moment(since, '--since') }),
    ...(until !== undefined && { untilMs: moment(until, '--until') }),
    ...(run !== undefined && { run }),
  };
}

/** Somebody who is here, or the name of somebody who is not. */
function named(name: string, { reader, names }: AuditParts): AuditName {
  try {
    const entry = findEntry(name, reader, names);
    return { uuid: entry.uuid, text: names.text(entry) };
  } catch (error) {
    if (!(error instanceof LdapError) || !name.includes('=')) throw error;
    return { uuid: '', text: name };
  }
}

function shown(event: StoredAuditEvent, reader: DirectoryReader): AuditedEvent {
  const { id, atMs, untilMs, count, kind, who, by, from, through, what, why, run, change } = event;
  return {
    id,
    at: new Date(atMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    count: kind === 'forgotten' ? 1 : count,
    kind,
    who: who.text,
    by: by.text,
    from,
    through: through.text,
    what,
    why,
    run,
    change: kind === 'write' ? change : 0,
    changes: kind === 'write' && who.uuid !== '' ? changesOf(change, who.uuid, reader) : [],
  };
}

function changesOf(seq: number, uuid: string, reader: DirectoryReader): AuditedChange[] {
  const items = reader.audit
    .itemsOf(seq)
    .map((text) => JSON.parse(text) as ChangeItem)
    .filter((item) => item.uuid === uuid);
  return items.flatMap(({ values = [], secretsAdded = [], secretsRemoved = [], ...item }) => {
    const changes: AuditedChange[] = values.map(({ attribute, removed, added }) => ({
      attribute,
      before: textsOf(removed),
      after: textsOf(added),
    }));
    const { placeBefore, placeAfter } = item;
    if (placeBefore !== undefined && placeAfter !== undefined) {
      changes.push({ attribute: 'name', before: [placeBefore.rdn], after: [placeAfter.rdn] });
    }
    const kinds = new Set([...secretsAdded, ...secretsRemoved].map(({ kind }) => kind));
    for (const attribute of kinds) {
      const has = (list: readonly { readonly kind: string }[]) =>
        list.some(({ kind }) => kind === attribute) ? ['(secret)'] : [];
      changes.push({ attribute, before: has(secretsRemoved), after: has(secretsAdded) });
    }
    return changes;
  });
}

function textsOf(values: readonly ChangeValue[]): string[] {
  const texts = values.slice(0, VALUES_SHOWN_MAX).map((value) => {
    if (typeof value === 'string') {
      const more = value.length > VALUE_SHOWN_MAX ? '…' : '';
      return value.slice(0, VALUE_SHOWN_MAX) + more;
    }
    if ('ref' in value) return value.dn;
    return `(${Buffer.from(value.b64, 'base64').length} bytes)`;
  });
  const left = values.length - texts.length;
  return left > 0 ? [...texts, `and ${left} more`] : texts;
}
