/** Extended operations (RFC 4511 §4.12): the table, and the list for the root DSE. */
import { passwordModify } from './password-modify.js';
import { startTls } from './start-tls.js';
import type { ExtendedDefinition } from './table.js';
import { whoAmI } from './who-am-i.js';

export { checkStartTlsValue } from './start-tls.js';
export type {
  ExtendedCaller,
  ExtendedDefinition,
  ExtendedRead,
  ExtendedWrite,
} from './table.js';

const byOid = new Map<string, ExtendedDefinition>(
  [startTls, whoAmI, passwordModify].map((definition) => [definition.oid, definition]),
);

/** OIDs for the root DSE's supportedExtension (RFC 4512 §5.1). */
export const supportedExtensions: readonly string[] = [...byOid.keys()];

/** The operation of that name, or undefined: answered with protocolError. */
export function findExtended(oid: string): ExtendedDefinition | undefined {
  return byOid.get(oid);
}
