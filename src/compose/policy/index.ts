/**
 * The lifecycle policy of one directory: shown, checked, held against the one in force, installed.
 * An installation is looked at before it is written, and refused where it would shut out more
 * people than were expected.
 */
import type {
  PolicyEngine,
  PolicyOrder,
  PolicyPreview,
  PolicyProblem,
} from '../../admin/policy.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import type { Identity, Origin } from '../../directory/model/identity.js';
import type { Names, PreparedWrite } from '../../directory/operations/index.js';
import {
  POLICY_CLASS,
  POLICY_RDN,
  POLICY_TEXT,
  policyEntry,
  policyOf,
  readText,
} from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import type { Policy } from '../../policy/core/language/index.js';
import { differences, pageOf, waysIn } from '../../policy/language/index.js';
import { inNewRun, must } from '../../policy/run/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { EngineParts } from '../engine.js';
import { directoryComplaints } from './complaints.js';
import { digestOf, versionsOf } from './history.js';
import { effectsOf, peopleUnder } from './people.js';
import { renameValue } from './rename-value.js';

export { everybody } from './people.js';

export interface PolicyParts {
  readonly names: Names;
  readonly administrator: () => Identity;
  readonly origin: Origin;
  readonly turn: () => Promise<void>;
}

/** What it works on. */
export type PolicyDirectory = Pick<EngineParts, 'write' | 'nowMs' | 'log'> & {
  readonly reader: DirectoryReader;
};

/** Where the policy in force names no guard of its own. */
const CLOSED_MAX = 5;

export function policyEngine(engine: PolicyDirectory, parts: PolicyParts): PolicyEngine {
  const { reader } = engine;
  const at = () => ({ reader, now: Math.floor(engine.nowMs() / 1000), turn: parts.turn });
  const read = (text: string) => readText(text, reader.schema());

  const withDirectory = (problems: readonly PolicyProblem[], policy: Policy) =>
    [...problems, ...directoryComplaints(policy, reader)].sort(
      (a, b) => a.line - b.line || a.column - b.column,
    );

  const preview = async (text: string): Promise<PolicyPreview> => {
    const { policy } = sound(read(text));
    const before = policyOf(reader).policy;
    return {
      problems: withDirectory(read(text).problems, policy),
      differences: differences(before, policy),
      ...(await effectsOf(before, policy, at())),
    };
  };

  return {
    async show() {
      const { text, entryId } = policyOf(reader);
      const entry = entryId === 0 ? undefined : reader.entry(entryId);
      return { text, dn: entry && parts.names.text(entry), sha256: digestOf(text) };
    },

    async read({ text }) {
      const held = policyOf(reader);
      const { policy } = text === undefined ? held : sound(read(text));
      const sha256 = digestOf(text ?? held.text);
      return { lines: pageOf(policy), sha256, inForce: sha256 === digestOf(held.text) };
    },

    async check({ text }) {
      const { policy, problems } = read(text);
      if (policy === undefined) return { ok: false, problems, ways: [], people: undefined };
      const ways = waysIn(policy).map(({ at: { line }, ...way }) => ({ ...way, line }));
      const all = withDirectory(problems, policy);
      return { ok: true, problems: all, ways, people: await peopleUnder(policy, at()) };
    },

    preview: ({ text }) => preview(text),

    async install(order) {
      const before = policyOf(reader);
      if (order.over !== undefined && order.over !== digestOf(before.text)) {
        throw new LdapError('busy', 'another policy was installed meanwhile; look again');
      }
      const seen = await preview(order.text);
      assertExpected(seen, order, before.policy);
      const dn = nameOf(engine, parts);
      const sha256 = digestOf(order.text);
      if (before.entryId !== 0 && before.text === order.text) {
        return { ...seen, dn, sha256, written: false, run: 0 };
      }
      const request = requestOf(order, dn, engine, parts);
      const run = await inNewRun({ ...engine, ...request }, request.reason, async (number) => {
        await must(engine.write({ ...request, run: number }));
        return number;
      });
      engine.log.info({ dn, sha256, by: order.by, run }, 'policy installed');
      return { ...seen, dn, sha256, written: true, run };
    },

    renameValue: (renaming) => renameValue(renaming, engine, parts),

    history: async () => versionsOf(reader),
  };
}

function sound(read: { policy: Policy | undefined; problems: readonly PolicyProblem[] }) {
  const { policy, problems } = read;
  if (policy !== undefined) return { policy };
  const errors = problems.filter(({ severity }) => severity === 'error');
  const { line, column, message } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new LdapError(
    'constraintViolation',
    `line ${line}, column ${column}: ${message}${more}; "tenure policy check" lists everything`,
  );
}

/** @throws LdapError where more people would be shut out than may be, or than were expected */
function assertExpected({ closed }: PolicyPreview, { expect }: PolicyOrder, before: Policy): void {
  const { count, names } = closed;
  if (expect !== undefined) {
    if (expect === count) return;
    const text = `${count} people would be shut out, and ${expect} were expected; nothing was done`;
    throw new LdapError('unwillingToPerform', text);
  }
  const max = before.guards.peopleClosed?.count ?? CLOSED_MAX;
  if (count <= max) return;
  const some = `${names.join(', ')}${count > names.length ? ' …' : ''}`;
  throw new LdapError(
    'unwillingToPerform',
    `${count} people would be shut out at once (${some}), and no more than ${max} may be; ` +
      `where that is meant, say --expect ${count}`,
  );
}

function nameOf({ reader }: PolicyDirectory, { names }: PolicyParts): string {
  const entry = policyEntry(reader);
  if (entry !== undefined) return names.text(entry);
  const suffix = reader.suffixes()[0];
  if (suffix === undefined) throw new LdapError('noSuchObject', 'the directory has no suffix yet');
  return `${POLICY_RDN},${suffix.dn}`;
}

function requestOf(
  { text, by, because }: PolicyOrder,
  dn: string,
  { reader }: PolicyDirectory,
  parts: PolicyParts,
): PreparedWrite {
  const context = { identity: parts.administrator(), origin: parts.origin };
  const why = because === '' ? '' : `: ${because}`;
  const base = { context, reason: `tenure policy install by ${by}${why}`, approved: true, dn };
  const values = [bytesOfText(text)];
  if (policyEntry(reader) !== undefined) {
    const changes = [{ op: 'replace' as const, attribute: POLICY_TEXT, values }];
    return { ...base, op: 'modify', changes };
  }
  const attributes = [
    { attribute: 'objectClass', values: [POLICY_CLASS] },
    { attribute: 'cn', values: ['policy'] },
    { attribute: POLICY_TEXT, values },
  ];
  return { ...base, op: 'add', attributes };
}
