/**
 * What it takes to be an extended operation here (RFC 4511 §4.12): an OID, whether it reads, writes
 * or changes the connection, and its value codec. Nothing here touches a socket.
 */
import type { Context, WriteOutcome, WriteRequest } from '../../directory/operations/types.js';

/** Whom an extended operation serves. */
export interface ExtendedCaller {
  readonly context: Context;
  /** False where a password on this connection could be read by others, and config forbids it. */
  readonly passwordsAllowed: boolean;
}

/** Answered at once from what is known. `answer` gives the response value or throws LdapError. */
export interface ExtendedRead {
  readonly kind: 'read';
  readonly oid: string;
  answer(value: Buffer | undefined, caller: ExtendedCaller): Buffer | undefined;
}

/** Submitted like any other write. `request` throws LdapError where the value is refused. */
export interface ExtendedWrite {
  readonly kind: 'write';
  readonly oid: string;
  request(value: Buffer | undefined, caller: ExtendedCaller): WriteRequest;
  /** The response value of a success. */
  answer(outcome: WriteOutcome & { readonly ok: true }): Buffer | undefined;
}

/** Carried out by the connection itself. */
export interface ExtendedStartTls {
  readonly kind: 'startTls';
  readonly oid: string;
}

export type ExtendedDefinition = ExtendedRead | ExtendedWrite | ExtendedStartTls;
