/**
 * Binds with a client certificate (SASL EXTERNAL over TLS): whose certificate it is, by the rules
 * of the organisation, and then the same gates as for everybody. That the certificate comes from
 * the right authority, and was not revoked, the transport has checked; its dates are held against
 * the clock of the directory here. A certificate needs no second factor: it is one.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { Origin } from '../../model/identity.js';
import type { EntryRecord } from '../../ports.js';
import { type CertificateNames, certificateNames, normalizeDn } from '../../schema/index.js';
import type { BindOutcome, CertificateBindRequest } from '../types.js';
import { admit, type BindTools, gated, refuse } from './bind.js';
import type { KnownAttempt, Soon } from './types.js';

/** One way from a certificate to an entry; the rules are tried in order. */
export interface CertificateRule {
  /** The subject as the entry's own name, or one of the names in it. */
  readonly from: 'subject' | 'email' | 'upn' | 'cn';
  /** The attribute that holds it; absent for `subject`. */
  readonly attribute?: string;
}

export interface CertificateTools extends BindTools {
  readonly certificateRules: readonly CertificateRule[];
  readonly nowMs: () => number;
}

const noPassword = Buffer.alloc(0);

/** @throws LdapError invalidCredentials, authorizationDenied, and what the gates throw */
export function bindCertificate(
  request: CertificateBindRequest,
  origin: Origin,
  tools: CertificateTools,
): Soon<BindOutcome> {
  const names = certificateNames(request.certificate);
  if (names === undefined) throw refused('the certificate cannot be read');
  const nowMs = tools.nowMs();
  if (nowMs < names.fromMs || nowMs >= names.toMs)
    throw refused('the certificate is not valid now');
  const entry = ownerOf(names, tools);
  const dn = tools.names.text(entry);
  const { authorizationId } = request;
  if (authorizationId !== '' && authorizationId.toLowerCase() !== `dn:${dn.toLowerCase()}`) {
    throw new LdapError('authorizationDenied', 'acting for somebody else is not supported');
  }
  const attempt: KnownAttempt = {
    dn,
    entry,
    secrets: tools.reader.secrets(entry.id),
    origin,
    boundBefore: request.boundBefore,
    wantsPolicy: request.wantsPolicy,
    trackedAddress: undefined,
    password: noPassword,
    code: undefined,
    certified: true,
    // No password was tried: a refusal owes no hash.
    paid: true,
  };
  const refusal = gated(attempt, tools);
  if (refusal !== undefined) return refuse(attempt, refusal, 'attempt', tools);
  return admit(attempt, { by: 'certificate', skipsSecondFactor: true }, tools);
}

/** The one entry that the first rule with any result leads to. */
function ownerOf(names: CertificateNames, tools: CertificateTools): EntryRecord {
  for (const rule of tools.certificateRules) {
    const ids = new Set(idsBy(rule, names, tools));
    if (ids.size > 1) throw refused('several entries go with this certificate');
    const [id] = ids;
    const entry = id === undefined ? undefined : tools.reader.entry(id);
    if (entry !== undefined) return entry;
  }
  throw refused('no entry goes with this certificate');
}

function idsBy(
  { from, attribute }: CertificateRule,
  certificate: CertificateNames,
  { reader, names }: CertificateTools,
): readonly number[] {
  if (attribute === undefined) {
    const dn = normalizeDn(reader.schema(), certificate.subject);
    const id = dn === undefined ? 0 : names.resolve(dn).id;
    return id === 0 ? [] : [id];
  }
  const type = reader.schema().attribute(attribute);
  if (type?.equality === undefined || !reader.canUse(type, 'equality')) {
    const text = `certificateLogin.map names ${attribute}, which has no index`;
    throw new LdapError('unwillingToPerform', text);
  }
  return valuesOf(from, certificate).flatMap((value) => {
    const key = type.equality!.normalize(Buffer.from(value, 'utf8'));
    return key === undefined ? [] : reader.idsEqual(type, key, 2).ids;
  });
}

function valuesOf(from: CertificateRule['from'], names: CertificateNames): readonly string[] {
  if (from === 'email') return names.emails;
  return from === 'upn' ? names.principals : names.commonNames;
}

function refused(text: string): LdapError {
  return new LdapError('invalidCredentials', text);
}
