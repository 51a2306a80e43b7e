/** By what somebody may do something: a word for answers and for the audit trail. */
import type { Role } from '../../../policy/core/language/index.js';
import type { Grant } from '../../access/index.js';

export type By =
  | { readonly is: 'administrator' | 'own' | 'owner' }
  /** Built in where the line is 0. */
  | { readonly is: 'role' | 'rule'; readonly name: string; readonly line: number };

export const byRole = ({ name, at }: Role): By => ({ is: 'role', name, line: at.line });

export const byGrant = ({ rule, line }: Grant): By => ({ is: 'rule', name: rule, line });

/** `rule phones, line 9`. */
export function byText(by: By): string {
  switch (by.is) {
    case 'administrator':
      return 'administrators may do everything';
    case 'own':
      return 'everybody looks after their own password and SSH keys';
    case 'owner':
      return 'the policy asks the owner of the group';
    default:
      return by.line === 0 ? `built in: ${by.name}` : `${by.is} ${by.name}, line ${by.line}`;
  }
}

/** What the policy says to a write, once each; undefined where it says nothing. */
export function policyText(all: readonly By[]): string | undefined {
  const said = all.filter(({ is }) => is === 'role' || is === 'rule').map(byText);
  return said.length === 0 ? undefined : [...new Set(said)].join('; ');
}
