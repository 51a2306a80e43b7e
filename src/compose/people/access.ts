/** The administration's view of the access map, and its reports. What is not on the disk yet goes there first. */
import type { AccessEngine, AccessKept, SeenPerson, SeenRow } from '../../admin/access.js';
import { AdminError } from '../../admin/index.js';
import type { LoginsEngine } from '../../admin/logins.js';
import type { Access } from '../../directory/model/access.js';
import type { Identity } from '../../directory/model/identity.js';
import { shownState } from '../../directory/model/timeline.js';
import { type Directory, findEntry, guardOf } from '../../directory/operations/index.js';
import { stateOf } from '../../directory/operations/lifecycle/index.js';
import type { Config } from '../../runtime/config.js';
import {
  accessOf,
  accessSinceMs,
  cacheOfConsumer,
  cacheText,
  departs,
  goneByOf,
} from './gone-by.js';
import { loginOf, type PeopleParts } from './parts.js';
import { reportAs } from './report-as.js';
import { reportOf } from './reports.js';

/** People that are shown of one application. */
const PEOPLE_MAX = 1_000;
/** Rows that are read for that: several of each. */
const ROWS_MAX = 10_000;

export interface AccessParts extends PeopleParts {
  readonly logins: LoginsEngine;
  readonly accessMap: Config['accessMap'];
  readonly turn: () => Promise<void>;
  /** What clients ask, and who somebody proves to be; absent where nothing is served. */
  readonly asking?: {
    readonly search: Directory['search'];
    readonly signIn: (name: string, password: string) => Promise<Identity>;
  };
}

const iso = (ms: number) => new Date(ms).toISOString();

export function accessEngine(parts: AccessParts): AccessEngine {
  const { reader, names, accessMap } = parts;
  const { enabled, days, purpose } = accessMap;
  const kept: AccessKept = { enabled, days, purpose };
  const flushed = async () => void (await guardOf(reader)?.flush());

  const rowOf = ({ consumer: id, address, method, firstMs, lastMs, count }: Access): SeenRow => {
    const consumer = id === 0 ? undefined : reader.entry(id);
    return {
      ...(consumer !== undefined && {
        consumer: loginOf(consumer, reader),
        consumerDn: names.text(consumer),
      }),
      address,
      method,
      first: iso(firstMs),
      last: iso(lastMs),
      count,
    };
  };

  return {
    async seen({ name }) {
      await flushed();
      const entry = findEntry(name, reader, names);
      const rows = accessOf(entry.id, parts);
      return {
        ...(await parts.logins.last(names.text(entry))),
        login: loginOf(entry, reader),
        kept,
        rows: rows.map(rowOf),
        goneBy: goneByOf(rows, departs(entry, reader), parts),
      };
    },

    async through({ service }) {
      await flushed();
      const consumer = findEntry(service, reader, names);
      const since = accessSinceMs(parts);
      const rows = reader.observed.access.through(consumer.id, since, ROWS_MAX);
      const found = new Map<number, Access[]>();
      for (const row of rows) found.set(row.person, [...(found.get(row.person) ?? []), row]);
      const people = [...found].slice(0, PEOPLE_MAX).flatMap(([id, seen]) => personOf(id, seen));
      const cache = cacheOfConsumer(consumer, reader);
      return {
        dn: names.text(consumer),
        now: iso(parts.nowMs()),
        kept,
        people,
        more: found.size > PEOPLE_MAX || rows.length === ROWS_MAX,
        ...(cache && { cache: { seconds: cache.seconds, because: cacheText(cache) } }),
      };
    },

    async report(asked) {
      await flushed();
      const { as } = asked;
      if (as === undefined) return reportOf(asked, parts);
      if (asked.kind !== 'expiring') {
        throw new AdminError('usage', `the report "${asked.kind}" is for administrators alone`);
      }
      const { asking } = parts;
      if (asking === undefined) {
        throw new AdminError('not-ready', 'nobody can sign in: start the server with tenure serve');
      }
      const identity = await asking.signIn(as.name, as.password);
      return reportAs(asked, identity, { ...parts, search: asking.search });
    },
  };

  function personOf(id: number, rows: readonly Access[]): SeenPerson[] {
    const entry = reader.entry(id);
    if (entry === undefined) return [];
    const now = Math.floor(parts.nowMs() / 1000);
    return [
      {
        login: loginOf(entry, reader),
        dn: names.text(entry),
        methods: [...new Set(rows.map(({ method }) => method))],
        last: iso(Math.max(...rows.map(({ lastMs }) => lastMs))),
        count: rows.reduce((sum, { count }) => sum + count, 0),
        state: shownState(stateOf(id, reader, now)),
      },
    ];
  }
}
