/**
 * Answering what waits for a human. Held runs and changes want a yes of each of those whom the policy
 * names; somebody may sign in to answer as themself, which is how those who do not command the server
 * say yes. What the answer sets going is done in the transaction that notes it.
 */
import { AdminError } from '../admin/index.js';
import type { DecideAsk, Decided } from '../admin/runs.js';
import { bytesOfText } from '../directory/model/bytes.js';
import type { Decision } from '../directory/model/records.js';
import { formatTime } from '../directory/model/time.js';
import { Names, type PreparedWrite } from '../directory/operations/index.js';
import { formatFact } from '../policy/core/index.js';
import { answeredKey } from '../policy/core/plan/index.js';
import {
  type ApprovalTools,
  counts,
  decidersOf,
  inNewRun,
  mayAnswer,
  missingOf,
  missingText,
  must,
  nameOfStep,
  POLICY,
  SHUTS,
} from '../policy/run/index.js';
import { LdapError } from '../runtime/errors.js';
import type { EngineParts } from './engine.js';
import type { RunsParts } from './engine-runs.js';

interface Answered {
  readonly answer: Decided;
  /** Keys of the steps of a run that may go on. */
  readonly approved?: ReadonlySet<string>;
}

export const namesIn = (by: string) => by.split('\n').filter((name) => name !== '');

/** @throws LdapError where it is not open, or the write that it approves is refused */
export async function decide(
  ask: DecideAsk,
  { reader, write }: Pick<EngineParts, 'reader' | 'write'>,
  parts: RunsParts,
): Promise<Answered> {
  const { id, because } = ask;
  const decision = reader.records.decision(id);
  if (decision?.state !== 'open') {
    throw new LdapError('noSuchObject', `there is no open decision ${id}`);
  }
  assertAnswer(ask, decision);
  const by = await signedIn(ask, parts);
  const { tools } = parts.scheduler;
  const now = Math.floor(tools.clock.nowMs() / 1000);
  const approval: ApprovalTools = { reader, names: new Names(reader), now };
  assertMayAnswer(by, decision, approval);
  const yes = [...new Set([...namesIn(decision.by), by])];
  const missing =
    ask.answer === 'yes' && isHeld(decision) ? missingOf(yes, decision, approval) : [];
  const state = missing.length > 0 ? 'open' : ask.answer;
  const told = because === '' ? '' : `: ${because}`;
  const reason = `tenure decide ${id} ${ask.answer} by ${by}${told}`;
  const passes = state === 'yes' && decision.kind === 'write';
  const kept = passes ? [JSON.parse(decision.detail) as PreparedWrite] : [];
  const shut = state === 'yes' ? shutting(decision, now, by, reason, reader, parts) : [];
  const steps = decision.kind === 'run' ? stepsIn(decision) : [];
  const context = { identity: parts.administrator(), origin: parts.origin };
  const whole = (run?: number) =>
    write({
      op: 'together',
      context,
      reason,
      writes: [
        ...kept.map(({ run: _held, ...one }) => ({
          ...one,
          ...(run !== undefined && { run }),
          reason: `${one.reason}; ${reason}`,
          approved: true,
        })),
        ...shut,
      ],
      // What was refused is not planned again.
      marks: [
        ...(state === 'no' ? steps.map(([entry, key]) => ({ entry, key })) : []),
        ...answered(decision, state),
      ],
      answers: [{ id, state, by: yes.join('\n') }],
    });
  // What was part of a run can be taken back as one: that of its first try was forgotten.
  const [held] = kept;
  if (held?.run === undefined) await must(whole());
  else await inNewRun({ write, context }, held.reason, (run) => must(whole(run)));
  const needs = missingText(missing);
  const answer: Decided = { id, text: decision.text, state, missing: missing.length, needs };
  if (state !== 'yes' || decision.kind !== 'run') return { answer };
  return { answer, approved: new Set(steps.map(([id, key]) => nameOfStep({ id, key }))) };
}

/** The name under which the answer counts. @throws AdminError, LdapError invalidCredentials */
async function signedIn({ by, as }: DecideAsk, { signIn }: RunsParts): Promise<string> {
  if (as === undefined) return by;
  if (signIn === undefined) {
    throw new AdminError('not-ready', 'nobody can sign in: start the server with tenure serve');
  }
  return signIn(as.name, as.password);
}

/** @throws LdapError insufficientAccessRights naming those who are asked */
function assertMayAnswer(by: string, decision: Decision, tools: ApprovalTools): void {
  const may = isHeld(decision) ? counts(by, decision, tools) : mayAnswer(by, decision, tools);
  if (may) return;
  const who = isHeld(decision) ? missingText(decidersOf(decision, tools.reader)) : decision.who;
  throw new LdapError(
    'insufficientAccessRights',
    `${by} is not asked: decision ${decision.id} waits for ${who} (sign in with --as LOGIN)`,
  );
}

/** What a yes to shutting an account that is in use writes. */
function shutting(
  { kind, about, detail }: Decision,
  now: number,
  by: string,
  reason: string,
  reader: EngineParts['reader'],
  parts: RunsParts,
): PreparedWrite[] {
  const entry = kind === 'ask' && about !== 0 ? reader.entry(about) : undefined;
  if (entry === undefined || (JSON.parse(detail) as { onYes?: string }).onYes !== SHUTS) return [];
  const since = formatTime(now);
  const why = `shut by ${by}`;
  const block = { kind: 'administrative', by: POLICY, since, reason: why } as const;
  return [
    {
      op: 'modify',
      context: { identity: parts.administrator(), origin: parts.origin },
      reason,
      approved: true,
      dn: new Names(reader).text(entry),
      changes: [
        {
          op: 'add',
          attribute: 'lifecycleBlock',
          values: [bytesOfText(formatFact('lifecycleBlock', block))],
        },
      ],
    },
  ];
}

/** Whoever was answered is not passed over in silence; a no is what a silence that ends would be. */
function answered({ kind, key, about, detail }: Decision, state: Decision['state']) {
  if (kind !== 'ask' || state === 'open') return [];
  const { silence } = JSON.parse(detail) as { silence?: string };
  if (state === 'no' && silence === 'end') return [];
  return [{ entry: about, key: answeredKey(key.slice(key.indexOf('|') + 1)) }];
}

const isHeld = ({ kind }: Decision) => kind === 'run' || kind === 'write';

function stepsIn({ detail }: Decision): readonly (readonly [number, string])[] {
  return (JSON.parse(detail) as { steps: [number, string][] }).steps;
}

function assertAnswer({ answer }: DecideAsk, { kind, id }: Decision): void {
  const fits = kind === 'task' || kind === 'failed' ? answer !== 'yes' : answer !== 'done';
  if (fits) return;
  const words = answer === 'done' ? 'yes or no' : 'done or no';
  throw new LdapError('unwillingToPerform', `decision ${id} is answered with ${words}`);
}
