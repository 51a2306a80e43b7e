/**
 * Resources outside the directory: which there are, and holding an exported list of users against
 * the cases. Whoever is no longer in the list has been removed; whoever is in it and has left is
 * named, as are accounts that nobody here has.
 */
import type { Reconcile, Reconciled, ResourceInfo } from '../../admin/cases.js';
import { AdminError } from '../../admin/index.js';
import { closedness } from '../../directory/model/timeline.js';
import { findEntry, RESOURCE } from '../../directory/operations/index.js';
import { policyOf, stateOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import type { Policy } from '../../policy/core/language/index.js';
import { LdapError } from '../../runtime/errors.js';
import { suggest } from '../../runtime/suggest.js';
import { casesOf, writeCase } from './cases.js';
import { readCsv } from './csv.js';
import { loginOf, type PeopleParts, textsOf } from './parts.js';

/** Columns by which accounts are known, the likeliest first. */
const COLUMNS = ['login', 'username', 'user', 'uid', 'mail', 'email', 'saml_name_id'];

export function resourceInfos(policy: Policy, parts: PeopleParts): ResourceInfo[] {
  const open = new Map<string, number>();
  for (const { id } of casesOf(false, parts)) {
    for (const { key, done } of parts.reader.cases.items(id)) {
      if (done === 0) open.set(key, (open.get(key) ?? 0) + 1);
    }
  }
  return policy.resources.map(({ name, removedBy, text, checkedAgainst }) => ({
    name,
    owner: removedBy.map((who) => ('name' in who ? who.name : who.is)).join(', '),
    text,
    ...(checkedAgainst !== undefined && { checkedAgainst }),
    open: open.get(`${RESOURCE}${name}`) ?? 0,
  }));
}

/** @throws AdminError, LdapError */
export async function reconcile(order: Reconcile, parts: PeopleParts): Promise<Reconciled> {
  const { resource, by, file, preview } = order;
  const { policy } = policyOf(parts.reader);
  const names = policy.resources.map(({ name }) => name);
  if (!names.includes(resource)) {
    const meant = suggest(resource, names);
    const hint =
      meant !== undefined ? `; did you mean ${meant}?` : `; it has ${names.join(', ') || 'none'}`;
    throw new LdapError('noSuchObject', `the policy has no resource "${resource}"${hint}`);
  }
  const accounts = accountsIn(order);
  const owners = new Map(accounts.map((account) => [account, ownerOf(account, parts)]));
  const found = new Map<string, string>();
  for (const [account, entry] of owners) if (entry !== undefined) found.set(entry.uuid, account);
  const ticked: Reconciled['ticked'][number][] = [];
  const still: Reconciled['still'][number][] = [];
  const inCases = new Set<string>();
  for (const one of casesOf(false, parts)) {
    const key = `${RESOURCE}${resource}`;
    const item = parts.reader.cases.items(one.id).find((other) => other.key === key);
    const account = found.get(one.uuid);
    if (item === undefined) continue;
    inCases.add(one.uuid);
    const { id, login } = one;
    if (account !== undefined) {
      if (hasLeft(owners.get(account), parts)) still.push({ id, login, account });
      continue;
    }
    if (item.done !== 0 || !hasLeft(entryOf(one.uuid, parts), parts)) continue;
    ticked.push({ id, login });
    const note = `not among the ${accounts.length} accounts of ${file}`;
    if (!preview) await writeCase(one, { by, ticks: [{ item, note }] }, parts);
  }
  const left = [...owners].flatMap(([account, entry]) => {
    if (entry === undefined || inCases.has(entry.uuid) || !hasLeft(entry, parts)) return [];
    return [{ login: loginOf(entry, parts.reader), account }];
  });
  const unknown = [...owners].flatMap(([account, entry]) => (entry === undefined ? [account] : []));
  return { resource, accounts: accounts.length, ticked, still, left, unknown };
}

const entryOf = (uuid: string, { reader }: PeopleParts) => reader.entry(reader.idByUuid(uuid));

function hasLeft(entry: EntryRecord | undefined, { reader, nowMs }: PeopleParts): boolean {
  if (entry === undefined) return true;
  const state = stateOf(entry.id, reader, Math.floor(nowMs() / 1000));
  return closedness(state) >= closedness('sealed');
}

/** Logins or mail addresses, each once. @throws AdminError input */
function accountsIn({ csv, file }: Reconcile): string[] {
  const [header, ...rows] = readCsv(csv);
  const columns =
    header?.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replace(/^\uFEFF/, ''),
    ) ?? [];
  const column = COLUMNS.map((name) => columns.indexOf(name)).find((at) => at >= 0);
  if (column === undefined) {
    const text = `${file}: no column is called ${COLUMNS.join(', ')}; the first line names the columns`;
    throw new AdminError('input', text, { line: 1 });
  }
  const accounts = rows.map((row) => row[column]?.trim() ?? '').filter((account) => account !== '');
  if (accounts.length > 0) return [...new Set(accounts)];
  throw new AdminError('input', `${file}: no accounts; an empty list would tick every case`);
}

/** Whose account it is: by login, by mail address, by the part in front of the @. */
function ownerOf(account: string, parts: PeopleParts): EntryRecord | undefined {
  const tries = account.includes('@')
    ? [account, account.slice(0, account.indexOf('@'))]
    : [account];
  for (const name of tries) {
    if (name === '' || name.includes('=')) continue;
    try {
      const entry = findEntry(name, parts.reader, parts.names);
      const known = [
        ...textsOf(entry, 'uid', parts.reader),
        ...textsOf(entry, 'mail', parts.reader),
      ];
      if (known.some((one) => one.toLowerCase() === name.toLowerCase())) return entry;
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
    }
  }
  return undefined;
}
