/** What waits for a yes is told again, as often as the policy says, to those who may say it. */
import type { NewMessage } from '../../directory/model/records.js';
import { policyOf } from '../../directory/operations/lifecycle/index.js';
import { noFacts, shifted } from '../core/index.js';
import { recipientsOf } from './recipients.js';
import { nowOf, type RunTools } from './tools.js';
import { must } from './undo.js';

const DECISIONS_MAX = 1_000;

/** Sends a reminder of each held run and change whose time for one has come. */
export async function remind(tools: RunTools): Promise<void> {
  const { reader } = tools;
  const { guards, company } = policyOf(reader).policy;
  const every = guards.tellAgainEvery;
  if (every === undefined) return;
  const now = nowOf(tools);
  const calendar = { ...company };
  const held = reader.records.openDecisions(0, DECISIONS_MAX).filter(({ kind, toldAt }) => {
    if (kind !== 'run' && kind !== 'write') return false;
    return shifted(toldAt, every, 1, calendar) <= now;
  });
  const administrator = reader.entry(reader.administratorId());
  if (held.length === 0 || administrator === undefined) return;
  const who = [...guards.yesFrom, { is: 'admins' as const }];
  const messages: Omit<NewMessage, 'at' | 'run'>[] = [];
  for (const { id, text, at } of held) {
    for (const { role, to } of recipientsOf(who, administrator, noFacts, reader)) {
      messages.push({
        key: `decision ${id}|${now}|${role}|${to}`,
        channel: 'mail',
        to,
        subject: `still waiting for a yes: ${text}`,
        body: `${text}\n\nsince ${new Date(at * 1000).toISOString()}; answer with: tenure decide ${id}\n`,
      });
    }
  }
  const told = held.map(({ id }) => id);
  const context = tools.context();
  await must(
    tools.write({ op: 'together', context, reason: 'reminder', writes: [], messages, told }),
  );
}
