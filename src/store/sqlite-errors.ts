/** Telling SQLite's errors apart by their result code. Owns no message texts. */

/** Whether `error` came from SQLite with `code` or one of its extended codes. */
export function hasSqliteCode(error: unknown, code: string): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const actual = error.code;
  return typeof actual === 'string' && (actual === code || actual.startsWith(`${code}_`));
}
