/** What a test expects of a write, or of anything that may be refused. */
import { expect } from '@jest/globals';
import type { WriteOutcome } from '../../src/directory/operations/index.js';
import { LdapError, type ResultCodeName } from '../../src/runtime/errors.js';

/** The write has to succeed. */
export async function ok(outcome: Promise<WriteOutcome>): Promise<WriteOutcome & { ok: true }> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(`${settled.error.code}: ${settled.error.text}`);
  return settled;
}

/** The write has to be refused with this code; returns the sentence. */
export async function refused(
  outcome: Promise<WriteOutcome>,
  code: ResultCodeName,
): Promise<string> {
  const settled = await outcome;
  expect(settled).toMatchObject({ ok: false, error: { code } });
  return settled.ok ? '' : settled.error.text;
}

/** What was thrown has to be this refusal; returns it. */
export async function refusal(work: () => unknown, code: ResultCodeName): Promise<LdapError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(LdapError);
    expect((error as LdapError).code).toBe(code);
    return error as LdapError;
  }
  throw new Error(`expected ${code}, and nothing was refused`);
}
