/** Authorities, client certificates and revocation lists, made with node-forge. */
import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

const { asn1, pki, util } = forge;
const DAY_MS = 86_400_000;
const SUBJECT_ALT_NAME = '2.5.29.17';
const UPN = '1.3.6.1.4.1.311.20.2.3';

export interface Authority {
  readonly pem: string;
  issue(options: ClientOptions): Client;
  /** A revocation list in PEM; `nextUpdateMs` from now. */
  revoke(serials: readonly string[], nextUpdateMs?: number): string;
}

export interface ClientOptions {
  /** Root first: `[['DC', 'com'], ['CN', 'Ada']]`. */
  readonly subject: readonly (readonly [string, string])[];
  readonly emails?: readonly string[];
  readonly upns?: readonly string[];
  /** Days from now. */
  readonly fromDays?: number;
  readonly toDays?: number;
  readonly purpose?: 'clientAuth' | 'serverAuth';
}

export interface Client {
  readonly pem: string;
  readonly key: string;
  readonly serial: string;
}

const oids: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
};

let serials = 0x1000;
/** The pair of all clients: to find one takes longer than most tests. Each authority has its own. */
let ofClients: ReturnType<typeof keys> | undefined;

function clientKeys(): ReturnType<typeof keys> {
  ofClients ??= keys();
  return ofClients;
}

function keys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function blank(publicKey: string, fromDays: number, toDays: number): forge.pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = (++serials).toString(16);
  certificate.validity.notBefore = new Date(Date.now() + fromDays * DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + toDays * DAY_MS);
  return certificate;
}

const utf8 = asn1.Type.UTF8 as unknown as forge.asn1.Class;

function nameOf(subject: ClientOptions['subject']): forge.pki.CertificateField[] {
  return subject.map(([name, value]) => ({ type: oids[name]!, value, valueTagClass: utf8 }));
}

/** A root of its own. */
export function authority(commonName: string): Authority {
  const { publicKey, privateKey } = keys();
  const root = blank(publicKey, -1, 365);
  const name = nameOf([['CN', commonName]]);
  root.setSubject(name);
  root.setIssuer(name);
  root.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  const signing = pki.privateKeyFromPem(privateKey);
  root.sign(signing, forge.md.sha256.create());
  return {
    pem: pki.certificateToPem(root),
    issue: (options) => issue(options, root, signing),
    revoke: (revoked, nextUpdateMs = 7 * DAY_MS) =>
      revocationList(revoked, nextUpdateMs, root, signing),
  };
}

function issue(
  options: ClientOptions,
  root: forge.pki.Certificate,
  signing: forge.pki.rsa.PrivateKey,
): Client {
  const { subject, emails = [], upns = [], fromDays = -1, toDays = 30 } = options;
  const { publicKey, privateKey } = clientKeys();
  const certificate = blank(publicKey, fromDays, toDays);
  certificate.setSubject(nameOf(subject));
  certificate.setIssuer(root.subject.attributes);
  const names = [
    ...emails.map((value) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 1, false, value)),
    ...upns.map((value) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, otherName(value))),
  ];
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'extKeyUsage', [options.purpose ?? 'clientAuth']: true },
    ...(names.length === 0
      ? []
      : [{ id: SUBJECT_ALT_NAME, value: universal(asn1.Type.SEQUENCE, true, names) }]),
  ]);
  certificate.sign(signing, forge.md.sha256.create());
  const { serialNumber: serial } = certificate;
  return { pem: pki.certificateToPem(certificate), key: privateKey, serial };
}

function universal(type: forge.asn1.Type, constructed: boolean, value: string | forge.asn1.Asn1[]) {
  return asn1.create(asn1.Class.UNIVERSAL, type, constructed, value);
}

/** What stands in an otherName: the OID and, explicitly tagged, the text. */
function otherName(upn: string): forge.asn1.Asn1[] {
  const text = universal(asn1.Type.UTF8, false, util.encodeUtf8(upn));
  return [
    universal(asn1.Type.OID, false, asn1.oidToDer(UPN).getBytes()),
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [text]),
  ];
}

function revocationList(
  revoked: readonly string[],
  nextUpdateMs: number,
  root: forge.pki.Certificate,
  signing: forge.pki.rsa.PrivateKey,
): string {
  const { SEQUENCE, INTEGER, OID, NULL, UTCTIME, BITSTRING } = asn1.Type;
  const time = (ms: number) => universal(UTCTIME, false, asn1.dateToUtcTime(new Date(ms)));
  const algorithm = () =>
    universal(SEQUENCE, true, [
      universal(OID, false, asn1.oidToDer('1.2.840.113549.1.1.11').getBytes()),
      universal(NULL, false, ''),
    ]);
  const issuer = pki.distinguishedNameToAsn1(root.subject);
  const entries = revoked.map((serial) =>
    universal(SEQUENCE, true, [
      universal(
        INTEGER,
        false,
        util.hexToBytes(serial.padStart(serial.length + (serial.length % 2), '0')),
      ),
      time(Date.now() - DAY_MS),
    ]),
  );
  const list = universal(SEQUENCE, true, [
    universal(INTEGER, false, asn1.integerToDer(1).getBytes()),
    algorithm(),
    issuer,
    time(Date.now() - DAY_MS),
    time(Date.now() + nextUpdateMs),
    ...(entries.length === 0 ? [] : [universal(SEQUENCE, true, entries)]),
  ]);
  const digest = forge.md.sha256.create();
  digest.update(asn1.toDer(list).getBytes());
  const signature = `\0${signing.sign(digest)}`;
  const whole = universal(SEQUENCE, true, [
    list,
    algorithm(),
    universal(BITSTRING, false, signature),
  ]);
  const der = Buffer.from(asn1.toDer(whole).getBytes(), 'latin1').toString('base64');
  const lines = der.match(/.{1,64}/g)!.join('\n');
  return `-----BEGIN X509 CRL-----\n${lines}\n-----END X509 CRL-----\n`;
}
