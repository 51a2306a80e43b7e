/** The versions of the policy, read back from the log: who installed which document, when and why. */
import { createHash } from 'node:crypto';
import type { PolicyVersion } from '../../admin/policy.js';
import type { ChangeItem, ChangeValue, LoggedChange } from '../../directory/model/change.js';
import { timeOfCsn } from '../../directory/model/csn.js';
import { POLICY_TEXT } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../../directory/ports.js';

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The oldest first. What came with an import of the whole directory is in no Change. */
export function versionsOf(reader: DirectoryReader): readonly PolicyVersion[] {
  return reader.history
    .ofPolicy()
    .flatMap((change) => change.items.flatMap((item) => versionOf(change, item)));
}

function versionOf(change: LoggedChange, item: ChangeItem): PolicyVersion[] {
  const delta = item.values?.find(({ attribute }) => attribute === POLICY_TEXT);
  if (delta === undefined) return [];
  const text = textOf(delta.added[0]);
  const what = text === undefined ? 'removed' : delta.removed.length > 0 ? 'replaced' : 'installed';
  const { seq, run, actor, reason, csn } = change;
  return [
    {
      seq,
      run: Number(run),
      at: new Date(timeOfCsn(csn)).toISOString(),
      actor,
      reason,
      what,
      sha256: text === undefined ? undefined : digestOf(text),
      text,
    },
  ];
}

function textOf(value: ChangeValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return 'b64' in value ? Buffer.from(value.b64, 'base64').toString('utf8') : undefined;
}
