/**
 * The certificate that a client showed in its TLS handshake, and whether OpenSSL found a way from
 * it to an authority that we take clients from (with the revocation lists, where there are any).
 * Nobody is turned away for lack of one: most clients have none.
 */
import type { TLSSocket } from 'node:tls';

export interface ClientCertificate {
  /** DER. */
  readonly der: Buffer;
  /** Why it proves nothing, in a few words; undefined where it is good. */
  readonly problem: string | undefined;
}

/** The part of a TLS socket that says how the check went; `authorized` is set by tls.Server only. */
interface Verified {
  readonly _handle?: { verifyError?(): NodeJS.ErrnoException | null };
}

/** What the client showed, or undefined where it showed nothing. */
export function clientCertificateOf(secure: TLSSocket): ClientCertificate | undefined {
  const certificate = secure.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const handle = (secure as unknown as Verified)._handle;
  if (handle?.verifyError === undefined) return { der: certificate.raw, problem: 'not checked' };
  const error = handle.verifyError();
  const problem = error === null || error === undefined ? undefined : problemOf(error);
  return { der: certificate.raw, problem };
}

/** Whether a client showed a certificate that it may log in with. */
export function isGood(certificate: ClientCertificate | undefined): boolean {
  return certificate !== undefined && certificate.problem === undefined;
}

const problems: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it was revoked',
  CRL_HAS_EXPIRED: 'the revocation list has expired',
  UNABLE_TO_GET_CRL: 'there is no revocation list of its authority',
  INVALID_PURPOSE: 'it is not meant for clients',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not ours',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not ours',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not ours',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not ours',
};

function problemOf({ code = '' }: NodeJS.ErrnoException): string {
  return problems[code] ?? `it does not verify (${code})`;
}
