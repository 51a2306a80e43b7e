/**
 * A department, a site or any other value gets another name: everybody who has it, and the policy's
 * conditions that speak of it, in one run. Between the first and the last write of it the policy knows
 * both names, so that nobody moves: groups stay, and nothing is kept for movers. Cut off anywhere, it
 * is finished by the same command.
 */
import { AdminError } from '../../admin/index.js';
import type { ValueRenamed, ValueRenaming } from '../../admin/policy.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import {
  type ModifyChange,
  type ModifyRequest,
  withShutsOut,
} from '../../directory/operations/index.js';
import {
  factsOf,
  hasNames,
  POLICY_TEXT,
  policyOf,
  vocabularyOf,
} from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import type { AttributeType } from '../../directory/schema/index.js';
import { toldBy } from '../../policy/core/conditions/index.js';
import { formatFact } from '../../policy/core/index.js';
import { renamedValue } from '../../policy/language/index.js';
import { inNewRun, must } from '../../policy/run/index.js';
import { LdapError } from '../../runtime/errors.js';
import { loginOf, textsOf } from '../people/index.js';
import type { PolicyDirectory, PolicyParts } from './index.js';

const PAGE = 128;
/** People in one transaction: other writes wait for it. */
const SLICE = 100;
const NAMES_MAX = 5;

interface Renamed {
  readonly dn: string;
  readonly login: string;
  readonly changes: readonly ModifyChange[];
}

/** @throws AdminError usage; LdapError of the write that failed, or where the policy cannot follow */
export async function renameValue(
  renaming: ValueRenaming,
  engine: PolicyDirectory,
  parts: PolicyParts,
): Promise<ValueRenamed> {
  const { reader } = engine;
  const { from, to, by, because, rehearse } = renaming;
  const { type, key } = attributeOf(renaming, engine);
  const held = policyOf(reader);
  const document = renamedValue(
    held.text,
    { attribute: key, from, to },
    vocabularyOf(reader.schema()),
  );
  if (document === undefined) throw byHand(renaming);
  const people = await whoHas(type, key, renaming, engine, parts);
  const writes = document.lines.length > 0 && held.entryId !== 0;
  const lines = writes ? document.lines : [];
  if (people.length === 0 && lines.length === 0) {
    const text = `nobody has ${type.name} "${from}", and the policy does not speak of it`;
    throw new LdapError('noSuchAttribute', text);
  }
  const names = people.slice(0, NAMES_MAX).map(({ login }) => login);
  const answer = { attribute: type.name, people: { count: people.length, names }, lines };
  if (rehearse) return { ...answer, run: 0 };

  const context = { identity: parts.administrator(), origin: parts.origin };
  const why = because === '' ? '' : `: ${because}`;
  const reason = `tenure rename value ${type.name} "${from}" "${to}" by ${by}${why}`;
  const run = await inNewRun({ write: engine.write, context }, reason, async (run) => {
    const modify = (dn: string, changes: readonly ModifyChange[]): ModifyRequest => {
      return { op: 'modify', context, reason, run, dn, changes };
    };
    const install = async (text: string) => {
      if (!writes) return;
      const entry = reader.entry(held.entryId);
      if (entry === undefined) throw new LdapError('busy', 'the policy was taken away meanwhile');
      const values = [bytesOfText(text)];
      const change = { op: 'replace', attribute: POLICY_TEXT, values } as const;
      const tools = { ...parts, reader, nowMs: engine.nowMs };
      const { request } = await withShutsOut(modify(parts.names.text(entry), [change]), tools);
      await must(engine.write(request));
    };
    await install(document.between);
    for (let at = 0; at < people.length; at += SLICE) {
      const slice = people.slice(at, at + SLICE).map(({ dn, changes }) => modify(dn, changes));
      await must(engine.write({ op: 'together', context, reason, run, writes: slice }));
    }
    await install(document.after);
    return run;
  });
  engine.log.info({ ...answer, run, by }, 'value renamed');
  return { ...answer, run };
}

function byHand({ from, to }: ValueRenaming): LdapError {
  return new LdapError(
    'unwillingToPerform',
    `the policy speaks of "${from}" where it cannot be replaced by "${to}" without a look: ` +
      'write both names there by hand, install that, and say this again',
  );
}

function attributeOf({ attribute, from, to }: ValueRenaming, { reader }: PolicyDirectory) {
  const { words } = policyOf(reader).policy;
  const key = words[attribute.toLowerCase()] ?? attribute.toLowerCase();
  const type = reader.schema().attribute(key);
  if (type === undefined) {
    throw new AdminError(
      'usage',
      `"${attribute}" is neither an attribute nor a word of the policy`,
    );
  }
  if (!hasNames(type)) {
    throw new AdminError('usage', `${type.name} has no values that could be called otherwise`);
  }
  if (from === to || to.trim() === '' || /["\r\n]/.test(to)) {
    throw new AdminError(
      'usage',
      `"${to}" is no other name: say one without quotes, not the old one`,
    );
  }
  return { type, key: type.name.toLowerCase() };
}

async function whoHas(
  type: AttributeType,
  key: string,
  renaming: ValueRenaming,
  { reader }: PolicyDirectory,
  { names, turn }: PolicyParts,
): Promise<Renamed[]> {
  const found: Renamed[] = [];
  for (let after = 0; ; ) {
    const page = reader.entriesAfter(after, PAGE);
    for (const entry of page) {
      const changes = [
        ...valueChanges(entry, type, key, renaming, reader),
        ...factChanges(entry, key, renaming, reader),
      ];
      if (changes.length === 0) continue;
      found.push({ dn: names.text(entry), login: loginOf(entry, reader), changes });
    }
    if (page.length < PAGE) return found;
    after = page.at(-1)!.id;
    await turn();
  }
}

type Reader = PolicyDirectory['reader'];

function valueChanges(
  entry: EntryRecord,
  type: AttributeType,
  key: string,
  { from, to }: ValueRenaming,
  reader: Reader,
): ModifyChange[] {
  const same = (a: string, b: string) => {
    const [one, other] = [a, b].map((text) => type.equality?.normalize(Buffer.from(text)));
    return a === b || (one !== undefined && other !== undefined && one.equals(other));
  };
  const stored = textsOf(entry, key, reader);
  const old = stored.filter((value) => same(value, from));
  if (old.length === 0) return [];
  const gone = { op: 'delete' as const, attribute: type.name, values: old.map(bytesOfText) };
  const there = stored.some((value) => !old.includes(value) && same(value, to));
  const come = { op: 'add' as const, attribute: type.name, values: [bytesOfText(to)] };
  return there ? [gone] : [gone, come];
}

/** What engagements say in place of the attribute. */
function factChanges(
  entry: EntryRecord,
  key: string,
  { from, to }: ValueRenaming,
  reader: Reader,
): ModifyChange[] {
  const told = entry.kind.isSubject ? toldBy(key, policyOf(reader).policy) : undefined;
  if (told === undefined) return [];
  const attribute = 'lifecycleEngagement';
  const stored = textsOf(entry, attribute.toLowerCase(), reader);
  const facts = factsOf((name) => (name === attribute.toLowerCase() ? stored : []));
  if ('fault' in facts) return [];
  const gone: string[] = [];
  const come: string[] = [];
  facts.engagements.forEach((one, i) => {
    if (one[told]?.toLowerCase() !== from.toLowerCase()) return;
    gone.push(stored[i]!);
    come.push(formatFact(attribute, { ...one, [told]: to }));
  });
  if (gone.length === 0) return [];
  return [
    { op: 'delete', attribute, values: gone.map(bytesOfText) },
    { op: 'add', attribute, values: come.map(bytesOfText) },
  ];
}
