/** How a directory under test differs from an ordinary one, and what a search of it gives. */
import type { Argon2Params, NtSources, SshKeyRules } from '../../src/credentials/index.js';
import type { PasswordJudge } from '../../src/credentials/quality/index.js';
import type { CertificateRule } from '../../src/directory/operations/bind/index.js';
import type { SearchDone } from '../../src/directory/operations/index.js';
import {
  supportedControls,
  supportedExtensions,
  supportedFeatures,
  supportedSaslMechanisms,
} from '../../src/ldap/index.js';
import type { Config } from '../../src/runtime/config.js';
import type { Limits } from '../../src/runtime/limits.js';
import type { Seen } from './directory-entries.js';

/** What the root DSE says that the wire can. */
export const offered = {
  controls: supportedControls,
  extensions: supportedExtensions,
  features: supportedFeatures,
  saslMechanisms: supportedSaslMechanisms,
  vendorVersion: 'test',
};

export interface DirectoryTestOptions {
  readonly limits?: Partial<Limits>;
  readonly argon2?: Argon2Params;
  readonly rehashOnBind?: boolean;
  readonly cacheVerified?: boolean;
  readonly sshKeys?: Partial<SshKeyRules>;
  /** None is kept unless given. */
  readonly accessMap?: Partial<Config['accessMap']>;
  readonly ntHash?: NtSources;
  readonly seed?: number;
  readonly judged?: boolean;
  /** One that several directories share, and somebody else closes: its dictionaries take a second. */
  readonly judge?: PasswordJudge;
  readonly certificateRules?: readonly CertificateRule[];
}

export interface Answer {
  readonly entries: readonly Seen[];
  readonly done: SearchDone;
}
