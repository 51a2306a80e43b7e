/**
 * What a search should find, worked out the slow way from a dump of all entries: three-valued
 * logic, matching rules and memberships written anew from the RFCs for the few attributes that the
 * random tests use. Shares no code with the directory but the shape of a filter.
 */
import type { Filter } from '../../src/directory/model/filter.js';
import type { Seen } from './directory-entries.js';

type Truth = 'true' | 'false' | 'undefined';
type Normal = (value: string) => string | undefined;

/** A rule of the slow kind: normal form, order of normal forms, pieces of substrings. */
interface Rule {
  readonly normal: Normal;
  readonly order?: (a: string, b: string) => number;
  readonly piece?: (piece: string, at: 'initial' | 'any' | 'final') => string | undefined;
}

/** RFC 4518 Appendix B: outer spaces go, a run inside becomes two. */
const spaces = (text: string) => text.trim().replace(/ +/g, '  ') || ' ';

function pieceOf(text: string, at: 'initial' | 'any' | 'final'): string {
  if (text.trim() === '') return ' ';
  const head = at !== 'initial' && text.startsWith(' ') ? ' ' : '';
  const tail = at !== 'final' && text.endsWith(' ') ? ' ' : '';
  return head + spaces(text) + tail;
}

const isAscii = (text: string) => !/[^\0-\x7f]/.test(text);
const fold = (text: string) => text.toLowerCase();
const asciiOr =
  (normal: Normal): Normal =>
  (text) =>
    isAscii(text) ? normal(text) : undefined;

export const ignore: Rule = {
  normal: (text) => fold(spaces(text)),
  piece: (text, at) => fold(pieceOf(text, at)),
};
const exact: Rule = { normal: spaces, piece: pieceOf };
const exactIa5: Rule = { normal: asciiOr(spaces), piece: pieceOf };
const exactIa5Whole: Rule = { normal: asciiOr(spaces) };
const ignoreIa5: Rule = { normal: asciiOr(ignore.normal), piece: ignore.piece! };
const digits = (text: string) => fold(text.replace(/[ -]/g, ''));
const telephone: Rule = { normal: digits, piece: digits };
const integer: Rule = {
  normal: (text) => (/^(0|-?[1-9]\d*)$/.test(text) ? text : undefined),
  order: (a, b) => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0),
};
const boolean: Rule = {
  normal: (text) => (/^(true|false)$/i.test(text) ? text.toUpperCase() : undefined),
};

/** Milliseconds since 1970 as text. */
const time: Rule = {
  normal(text) {
    const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?([.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)$/.exec(
      text,
    );
    if (found === null) return undefined;
    if (+found[2]! > 12) return undefined;
    const [, year, month, day, hour, minute, second, part, zone] = found;
    const unit = second !== undefined ? 1_000 : minute !== undefined ? 60_000 : 3_600_000;
    const whole = Date.UTC(+year!, +month! - 1, +day!, +hour!, +(minute ?? 0), +(second ?? 0));
    const fraction = part === undefined ? 0 : Number(part.replace(',', '.')) * unit;
    const sign = zone!.startsWith('-') ? -1 : 1;
    const offset = zone === 'Z' ? 0 : sign * (+zone!.slice(1, 3) * 60 + +(zone!.slice(3) || 0));
    return String(whole + fraction - offset * 60_000);
  },
  order: (a, b) => Number(a) - Number(b),
};

/** Names without escapes, which is what the random tests make. */
export function normalName(text: string): string | undefined {
  if (text === '') return text;
  const rdns = text.split(',').map((rdn) => /^\s*([a-z]+)\s*=(.+)$/i.exec(rdn));
  if (rdns.some((rdn) => rdn === null)) return undefined;
  return rdns.map((rdn) => `${fold(rdn![1]!)}=${ignore.normal(rdn![2]!)}`).join(',');
}
const name: Rule = { normal: normalName };

const rules: Readonly<Record<string, Rule>> = {
  cn: ignore,
  sn: ignore,
  givenname: ignore,
  uid: ignore,
  ou: ignore,
  title: ignore,
  description: ignore,
  displayname: ignore,
  employeenumber: ignore,
  name: ignore,
  mail: ignoreIa5,
  telephonenumber: telephone,
  homedirectory: exactIa5Whole,
  memberuid: exactIa5,
  uidnumber: integer,
  gidnumber: integer,
  shadowmax: integer,
  shadowflag: integer,
  numsubordinates: integer,
  hassubordinates: boolean,
  createtimestamp: time,
  modifytimestamp: time,
  member: name,
  uniquemember: name,
  memberof: name,
  manager: name,
  seealso: name,
  owner: name,
  entrydn: name,
  lifecyclestate: { normal: ignore.normal },
  nsaccountlock: ignore,
  orclisenabled: ignore,
  useraccountcontrol: integer,
  accountexpires: integer,
  shadowexpire: integer,
  pwdaccountlockedtime: time,
  loginexpirationtime: time,
  loginshell: exactIa5Whole,
  sudouser: exactIa5,
  nisnetgrouptriple: ignore,
  radiusfilterid: ignore,
};
const namesBelowName = ['cn', 'sn', 'givenname', 'ou', 'title'];
const classes = new Set(
  ['top', 'person', 'organizationalperson', 'inetorgperson', 'posixaccount', 'shadowaccount']
    .concat(['groupofnames', 'groupofuniquenames', 'posixgroup', 'organizationalunit', 'domain'])
    .concat(['alias', 'device', 'organizationalrole', 'simplesecurityobject']),
);
const chainRule = '1.2.840.113556.1.4.1941';
const namedRules: Readonly<Record<string, Rule>> = {
  caseignorematch: ignore,
  '2.5.13.2': ignore,
  caseexactmatch: exact,
  distinguishednamematch: name,
  integermatch: integer,
  [chainRule]: name,
};
const bitRules: Readonly<Record<string, (stored: bigint, asked: bigint) => boolean>> = {
  '1.2.840.113556.1.4.803': (stored, asked) => (stored & asked) === asked,
  '1.2.840.113556.1.4.804': (stored, asked) => (stored & asked) !== 0n,
};

/** An entry of the dump. */
interface Known {
  readonly key: string;
  readonly dn: string;
  readonly values: readonly {
    readonly type: string;
    readonly options: readonly string[];
    readonly text: string;
  }[];
  readonly classes: ReadonlySet<string>;
}

const truthOf = (yes: boolean): Truth => (yes ? 'true' : 'false');

export class Oracle {
  readonly #entries: readonly Known[];
  readonly #byKey = new Map<string, Known>();
  /** Direct members by group: keys of names, inside the tree or not. */
  readonly #closures = new Map<string, ReadonlySet<string>>();
  readonly #members = new Map<string, Set<string>>();

  /** `dump` is every entry with all of its attributes. */
  constructor(dump: readonly Seen[]) {
    this.#entries = dump.map(known);
    for (const entry of this.#entries) this.#byKey.set(entry.key, entry);
    for (const entry of this.#entries) this.#members.set(entry.key, this.#directMembers(entry));
  }

  #directMembers(entry: Known): Set<string> {
    const named = [...texts(entry, 'member'), ...texts(entry, 'uniquemember')].map(
      (text) => normalName(text)!,
    );
    const alone = !entry.classes.has('groupofnames') && !entry.classes.has('groupofuniquenames');
    const logins = alone ? texts(entry, 'memberuid') : [];
    const byLogin = logins.flatMap((login) =>
      this.#entries.filter((other) => texts(other, 'uid').includes(login)),
    );
    return new Set([...named, ...byLogin.map((other) => other.key)]);
  }

  /** Everybody in a group, directly or through groups. */
  membersOf(key: string): ReadonlySet<string> {
    const known = this.#closures.get(key);
    if (known !== undefined) return known;
    const all = new Set<string>();
    this.#closures.set(key, all);
    const pending = [key];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const member of this.#members.get(next) ?? []) {
        if (all.has(member)) continue;
        all.add(member);
        pending.push(member);
      }
    }
    return all;
  }

  /** The names of the groups that an entry is in. */
  groupsOf(dn: string): string[] {
    const key = normalName(dn)!;
    const groups = this.#entries.filter((entry) => this.membersOf(entry.key).has(key));
    return groups.map((entry) => entry.dn).sort();
  }

  /** Names of the entries that match, sorted. */
  found(filter: Filter, base: string, scope: 'base' | 'one' | 'sub'): string[] {
    const root = normalName(base)!;
    const inScope = ({ key }: Known) => {
      if (scope === 'base') return key === root;
      if (scope === 'one') return key.slice(key.indexOf(',') + 1) === root;
      return key === root || key.endsWith(`,${root}`);
    };
    return this.#entries
      .filter((entry) => inScope(entry) && this.test(filter, entry) === 'true')
      .map((entry) => entry.dn)
      .sort();
  }

  test(filter: Filter, entry: Known): Truth {
    switch (filter.kind) {
      case 'and': {
        const truths = filter.filters.map((part) => this.test(part, entry));
        if (truths.includes('false')) return 'false';
        return truths.includes('undefined') ? 'undefined' : 'true';
      }
      case 'or': {
        const truths = filter.filters.map((part) => this.test(part, entry));
        if (truths.includes('true')) return 'true';
        return truths.includes('undefined') ? 'undefined' : 'false';
      }
      case 'not': {
        const truth = this.test(filter.filter, entry);
        return truth === 'undefined' ? truth : truthOf(truth === 'false');
      }
      case 'extensible':
        return this.#extensible(filter, entry);
      default:
        return this.#simple(filter, entry);
    }
  }

  #simple(
    filter: Exclude<Filter, { kind: 'and' | 'or' | 'not' | 'extensible' }>,
    entry: Known,
  ): Truth {
    const [type = '', ...options] = fold(filter.attribute).split(';');
    if (type === 'objectclass') {
      if (filter.kind === 'present') return 'true';
      const isEqual = filter.kind === 'equality' || filter.kind === 'approx';
      const asked = isEqual ? fold(filter.value.toString()) : '';
      return classes.has(asked) ? truthOf(entry.classes.has(asked)) : 'undefined';
    }
    const rule = rules[type];
    if (rule === undefined || options.includes('')) return 'undefined';
    const held = heldUnder(entry, type, options);
    if (filter.kind === 'present') return truthOf(held.length > 0);
    if (filter.kind === 'substrings') return substrings(filter, rule, held);
    const asked = rule.normal(filter.value.toString());
    if (filter.kind === 'equality' || filter.kind === 'approx') {
      if (asked === undefined) return 'undefined';
      if (isMembership(type) && options.length === 0) {
        return truthOf(this.#holds(entry, type, asked));
      }
      return truthOf(held.some((text) => rule.normal(text) === asked));
    }
    if (rule.order === undefined || asked === undefined) return 'undefined';
    const side = filter.kind === 'greaterOrEqual' ? 1 : -1;
    return truthOf(held.some((text) => rule.order!(rule.normal(text)!, asked) * side >= 0));
  }

  /** member and uniqueMember: whoever is in the group, where the group shows members so. */
  #holds(entry: Known, type: string, asked: string): boolean {
    const shown = entry.classes.has('groupofnames') ? 'member' : 'uniquemember';
    const isGroup = entry.classes.has('groupofnames') || entry.classes.has('groupofuniquenames');
    return isGroup && shown === type && this.membersOf(entry.key).has(asked);
  }

  #extensible(filter: Extract<Filter, { kind: 'extensible' }>, entry: Known): Truth {
    const text = filter.value.toString();
    const bits = filter.rule === undefined ? undefined : bitRules[filter.rule];
    const type = filter.attribute === undefined ? undefined : fold(filter.attribute);
    if (type !== undefined && rules[type] === undefined) return 'undefined';
    if (filter.rule === undefined) {
      if (type === undefined) return 'undefined';
      const plain = this.test({ kind: 'equality', attribute: type, value: filter.value }, entry);
      if (plain !== 'false' || !filter.dnAttributes) return plain;
      return truthOf(
        inName(entry, type, (value) => rules[type]!.normal(value) === rules[type]!.normal(text)),
      );
    }
    if (filter.rule === chainRule) return this.#chain(type, text, entry);
    if (bits !== undefined) {
      if (type === undefined || integer.normal(text) === undefined) return 'undefined';
      const matches = (value: string) =>
        integer.normal(value) !== undefined && bits(BigInt(value), BigInt(text));
      return truthOf(heldUnder(entry, type, []).some(matches));
    }
    const rule = namedRules[fold(filter.rule)];
    const asked = rule?.normal(text);
    if (rule === undefined || asked === undefined) return 'undefined';
    const matches = (value: string) => rule.normal(value) === asked;
    const types = type === undefined ? Object.keys(rules).filter((t) => rules[t] === rule) : [type];
    const yes = types.some(
      (t) =>
        (isMembership(t) && rule === name
          ? this.#holds(entry, t, asked)
          : heldUnder(entry, t, []).some(matches)) ||
        (filter.dnAttributes && inName(entry, t, matches)),
    );
    return truthOf(yes);
  }

  #chain(type: string | undefined, text: string, entry: Known): Truth {
    const asked = normalName(text);
    if (type === undefined || rules[type] !== name || asked === undefined) return 'undefined';
    if (isMembership(type)) return truthOf(this.#holds(entry, type, asked));
    if (type === 'memberof' || type === 'entrydn') {
      return truthOf(texts(entry, type).some((value) => normalName(value) === asked));
    }
    const seen = new Set<string>();
    const pending = [entry.key];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const at = this.#byKey.get(next);
      for (const value of at === undefined ? [] : texts(at, type)) {
        const key = normalName(value)!;
        if (key === asked) return 'true';
        if (!seen.has(key)) pending.push(key);
        seen.add(key);
      }
    }
    return 'false';
  }
}

function known(seen: Seen): Known {
  const values = [...seen.attributes].flatMap(([description, list]) => {
    const [type = '', ...options] = fold(description).split(';');
    return list.map((value) => ({ type, options, text: value.toString() }));
  });
  const own = values.filter((value) => value.type === 'objectclass').map(({ text }) => fold(text));
  return { key: normalName(seen.dn)!, dn: seen.dn, values, classes: new Set(own) };
}

function texts(entry: Known, type: string): string[] {
  return heldUnder(entry, type, []);
}

function heldUnder(entry: Known, type: string, options: readonly string[]): string[] {
  const types = type === 'name' ? namesBelowName : [type];
  return entry.values
    .filter((value) => types.includes(value.type))
    .filter((value) => options.every((option) => value.options.includes(option)))
    .map(({ text }) => text);
}

function inName(entry: Known, type: string, matches: (value: string) => boolean): boolean {
  const types = type === 'name' ? namesBelowName : [type];
  return entry.dn.split(',').some((rdn) => {
    const at = rdn.indexOf('=');
    return types.includes(fold(rdn.slice(0, at))) && matches(rdn.slice(at + 1));
  });
}

const isMembership = (type: string) => type === 'member' || type === 'uniquemember';

function substrings(
  filter: Extract<Filter, { kind: 'substrings' }>,
  rule: Rule,
  held: readonly string[],
): Truth {
  if (rule.piece === undefined) return 'undefined';
  const piece = (part: Buffer | undefined, at: 'initial' | 'any' | 'final') =>
    part === undefined ? '' : rule.piece!(part.toString(), at)!;
  const initial = piece(filter.initial, 'initial');
  const middle = filter.any.map((part) => piece(part, 'any'));
  const final = piece(filter.final, 'final');
  const pattern = [initial, ...middle, final].map(quoted).join('[^]*');
  const matcher = new RegExp(`^${pattern}$`);
  return truthOf(held.some((text) => matcher.test(rule.normal(text) ?? '\0')));
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
