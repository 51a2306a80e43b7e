/** An answer to a question about rights, with what gives them or what stands in the way. */
import { LdapError } from '../../../runtime/errors.js';
import type { By } from '../rights/index.js';

export type Decided =
  | {
      readonly allowed: true;
      readonly by: readonly By[];
      /** Of a write: values are put in, or taken away, and no more. */
      readonly only?: 'add' | 'delete';
    }
  | { readonly allowed: false; readonly because: string };

export const yes = (...by: readonly By[]): Decided => ({ allowed: true, by });
export const no = (because: string): Decided => ({ allowed: false, because });

/** Whatever `work` answers, or the refusal that a write would get. */
export function tried(work: () => Decided): Decided {
  try {
    return work();
  } catch (error) {
    if (error instanceof LdapError && error.code === 'insufficientAccessRights') {
      return no(error.message);
    }
    throw error;
  }
}
