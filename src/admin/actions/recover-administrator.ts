/** A new password for an administrator who lost theirs: whoever owns the folder may have one. */
import type { AdminEngine } from '../ports.js';
import type { RecoverResult } from './types.js';

/** The new one-time password, shown here and nowhere else; earlier ones end. */
export async function recoverAdministrator(engine: AdminEngine): Promise<RecoverResult> {
  return engine.recoverAdministrator();
}
