/**
 * X.509 certificates (RFC 5280) of the development authority, built with node-forge over RSA keys
 * made elsewhere. Pure: no files, no clock, no key generation.
 */
import { constants, privateEncrypt } from 'node:crypto';
import forge from 'node-forge';
import type { Random } from '../runtime/random.js';

export interface KeyPairPem {
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
}

/** Milliseconds since 1970. */
export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Issuer {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface AuthorityOptions {
  readonly keys: KeyPairPem;
  readonly validity: Validity;
  readonly random: Random;
}

/** A self-signed authority that may sign servers but no further authority; PEM. */
export function issueAuthority({ keys, validity, random }: AuthorityOptions): string {
  const certificate = blank(keys, validity, random);
  // The name is unique, so that the authorities of two machines can be trusted side by side.
  const subject = nameOf(`Tenure development CA ${random.bytes(4).toString('hex')}`);
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return sign(certificate, keys.privateKeyPem);
}

export interface ServerOptions extends AuthorityOptions {
  readonly issuer: Issuer;
  readonly names: readonly string[];
  readonly ips: readonly string[];
}

/** A TLS server certificate for DNS names and addresses, signed by `issuer`; PEM. */
export function issueServer(options: ServerOptions): string {
  const { issuer, keys, validity, random, names, ips } = options;
  const authority = forge.pki.certificateFromPem(issuer.certificatePem);
  const certificate = blank(keys, validity, random);
  certificate.setSubject(nameOf(names.find((name) => name.length <= 64) ?? 'Tenure'));
  certificate.setIssuer(authority.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        ...[...new Set(names)].map((value) => ({ type: 2, value })),
        ...[...new Set(ips)].map((ip) => ({ type: 7, ip })),
      ],
    },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes(),
    },
  ]);
  return sign(certificate, issuer.privateKeyPem);
}

function blank(keys: KeyPairPem, validity: Validity, random: Random): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKeyPem);
  certificate.serialNumber = serialNumber(random);
  certificate.validity.notBefore.setTime(validity.fromMs);
  certificate.validity.notAfter.setTime(validity.toMs);
  return certificate;
}

/** 126 random bits behind 01: positive and never zero-led, as RFC 5280 §4.1.2.2 asks. */
function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function nameOf(commonName: string): forge.pki.CertificateField[] {
  // The library's types take the tag for a class; PrintableString, its default, has no `*` or `_`.
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  return [{ name: 'commonName', value: commonName, valueTagClass }];
}

/** DER before a SHA-256 digest in a signature (RFC 8017 §9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** OpenSSL signs in a hundredth of the time that node-forge takes. */
function sign(certificate: forge.pki.Certificate, privateKeyPem: string): string {
  const key = {
    sign(digest: forge.md.MessageDigest): string {
      const info = Buffer.concat([
        SHA256_DIGEST_INFO,
        Buffer.from(digest.digest().getBytes(), 'binary'),
      ]);
      const signature = privateEncrypt(
        { key: privateKeyPem, padding: constants.RSA_PKCS1_PADDING },
        info,
      );
      return signature.toString('binary');
    },
  };
  // The library asks its key for nothing else.
  certificate.sign(key as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}
