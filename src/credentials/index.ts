/** Passwords: making, recognising and verifying their hashes, and generating new secrets. */
export {
  type Argon2Params,
  defaultArgon2Params,
  hashPassword,
  needsRehash,
  parseArgon2Cost,
  saltOf,
  verifyDummy,
} from './argon2.js';
export { generatePassword, generateSecret } from './generate.js';
export {
  type Generated,
  type GeneratedKind,
  generatedAtEnd,
  generatedId,
  isGenerated,
  makeGenerated,
} from './generated.js';
export {
  type AppPassword,
  decodeGrant,
  encodeGrant,
  type FirstPassword,
  grantKinds,
  isGrant,
  type RecoveryCode,
  type ServiceSecret,
} from './grants.js';
export { type HashLimits, HashPool, type HashPoolOptions } from './hash-pool.js';
export {
  formatKeyFile,
  KeyFileError,
  parseKeyFile,
  readKeyFile,
  writeKeyFile,
} from './key-file.js';
export { ntHash, ntHashText } from './nt-hash.js';
export {
  decodeNtSecret,
  encodeNtSecret,
  makeNtSecret,
  type NtConsumer,
  type NtSecret,
  type NtSources,
  ntKindsFor,
  readNtHash,
} from './nt-secret.js';
export { type HashScheme, type Recognised, recogniseScheme } from './scheme.js';
export {
  type BoxKey,
  isSealedKind,
  makeBoxKey,
  SealedError,
  type SealedKind,
  type SealedName,
  SecretBox,
  sealedKinds,
  sealedWith,
} from './secret-box.js';
export {
  dueAt,
  endOfFormer,
  endOfServiceSecret,
  type Renewal,
  serviceSecretsIn,
} from './service-secrets.js';
export {
  checkSshKey,
  type SshKey,
  type SshKeyRules,
} from './ssh-key.js';
export { failureIsPaid, type Match, matchPassword, verifyPassword } from './verify.js';
