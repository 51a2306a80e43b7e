/**
 * A report that somebody of the directory asks for as themself: who is going to leave, for a role that
 * may see end dates. In it is what their own search shows, and nothing else: over whom the role is, the
 * rules about reading, and what their view hides are asked by that search.
 */
import type { Report, ReportAsked } from '../../admin/access.js';
import type { Filter } from '../../directory/model/filter.js';
import type { Identity } from '../../directory/model/identity.js';
import { formatTime } from '../../directory/model/time.js';
import type { Directory } from '../../directory/operations/index.js';
import { readingIdentity } from '../../directory/operations/lifecycle/index.js';
import { isAdministrator } from '../../directory/operations/rights/index.js';
import { parseFilter } from '../../directory/text/index.js';
import { LdapError } from '../../runtime/errors.js';
import { loginOf } from './parts.js';
import { type ReportParts, reportMade } from './reports.js';

export interface AskedAs extends ReportParts {
  readonly search: Directory['search'];
}

/** Entries between two turns of others. */
const SLICE = 64;
const DAY = 86_400;

/** @throws LdapError insufficientAccessRights where no role lets them see end dates */
export async function reportAs(
  asked: ReportAsked,
  identity: Identity,
  parts: AskedAs,
): Promise<Report> {
  const { reader, nowMs } = parts;
  const now = Math.floor(nowMs() / 1000);
  const entry = reader.entry(identity.entryId)!;
  const login = loginOf(entry, reader);
  assertMaySee(identity, login, now, parts);
  const span = `(lifecycleEnd<=${formatTime(now + asked.days * DAY)})`;
  const filter = parseFilter(`(&(lifecycleEnd>=${formatTime(now)})${span})`);
  const showing = (attribute: string) => shownIn(attribute, filter, identity, parts);
  const [ends, logins, departments] = [
    await showing('lifecycleEnd'),
    await showing('uid'),
    await showing('departmentNumber'),
  ];
  const { columns, look } = reportMade(asked, parts);
  const rows = reader.entries([...ends]).flatMap((one) => {
    const [end, name, department] = look(one, now) ?? [];
    if (end === undefined) return [];
    return [
      [
        end,
        logins.has(one.id) ? (name ?? '') : one.rdn,
        departments.has(one.id) ? (department ?? '') : '',
      ],
    ];
  });
  rows.sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1));
  const title = `who leaves within ${asked.days} days, of those whose end ${login} may see`;
  return { kind: asked.kind, now: new Date(now * 1000).toISOString(), title, columns, rows };
}

function assertMaySee(
  identity: Identity,
  login: string,
  now: number,
  { reader, nowMs }: AskedAs,
): void {
  if (isAdministrator(identity.entryId, reader, now)) return;
  if (readingIdentity(identity, reader, nowMs).reads?.('see end dates') === true) return;
  throw new LdapError(
    'insufficientAccessRights',
    `${login} has no role that may see end dates; a role of the policy gives that: ` +
      'may: [see end dates]',
  );
}

/** Ids of the entries that a search finds and shows the attribute of. */
async function shownIn(
  attribute: string,
  filter: Filter,
  identity: Identity,
  { search, reader, names, origin, turn }: AskedAs,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const { dn: base } of reader.suffixes()) {
    const whole = { scope: 'sub', deref: 'never', sizeLimit: 0, timeLimit: 0 } as const;
    const request = { base, ...whole, typesOnly: false, filter, attributes: [attribute] };
    const run = search(request, { identity, origin });
    let room = SLICE;
    const sink = ({ dn, count }: { readonly dn: Buffer; readonly count: number }) => {
      if (count > 0) found.add(names.idOf(dn.toString('utf8')));
      room -= 1;
      return room > 0;
    };
    while (run.pull(sink, Number.POSITIVE_INFINITY) !== 'done') {
      room = SLICE;
      await turn();
    }
    const { code, text } = run.result!;
    // Whoever may not discover a suffix finds nothing in it.
    if (code !== 'success' && code !== 'noSuchObject') throw new LdapError(code, text);
  }
  return found;
}
