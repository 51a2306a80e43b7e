/**
 * The one error that operations throw on purpose, and the registry of result codes (RFC 4511
 * §4.1.9, Appendix A) it draws from. Anything else that is thrown is a defect and becomes `other`.
 */

/** Every LDAP result code that this server sends, by its RFC name. */
export const resultCodes = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  saslBindInProgress: 14,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  constraintViolation: 19,
  attributeOrValueExists: 20,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  aliasProblem: 33,
  invalidDNSyntax: 34,
  aliasDereferencingProblem: 36,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  loopDetect: 54,
  namingViolation: 64,
  objectClassViolation: 65,
  notAllowedOnNonLeaf: 66,
  notAllowedOnRDN: 67,
  entryAlreadyExists: 68,
  objectClassModsProhibited: 69,
  affectsMultipleDSAs: 71,
  other: 80,
  canceled: 118,
  noSuchOperation: 119,
  tooLate: 120,
  cannotCancel: 121,
  assertionFailed: 122,
  authorizationDenied: 123,
} as const;

export type ResultCodeName = keyof typeof resultCodes;
export type ResultCode = (typeof resultCodes)[ResultCodeName];

/** What a password policy names as the reason (draft-behera-ldap-password-policy §6.2). */
export type PolicyErrorName =
  | 'passwordExpired'
  | 'accountLocked'
  | 'changeAfterReset'
  | 'passwordModNotAllowed'
  | 'mustSupplyOldPassword'
  | 'insufficientPasswordQuality'
  | 'passwordTooShort'
  | 'passwordTooYoung'
  | 'passwordInHistory';

/** A refusal with its result code and a sentence that may be shown to the client as it is. */
export class LdapError extends Error {
  readonly code: ResultCodeName;
  /** The deepest ancestor that exists (only for the codes of RFC 4511 §4.1.9), else empty. */
  readonly matchedDn: string;
  /** For the password policy control, where the request carried it; never shown otherwise. */
  readonly policyError: PolicyErrorName | undefined;

  constructor(
    code: ResultCodeName,
    safeText: string,
    matchedDn = '',
    policyError: PolicyErrorName | undefined = undefined,
  ) {
    super(safeText);
    this.name = 'LdapError';
    this.code = code;
    this.matchedDn = matchedDn;
    this.policyError = policyError;
  }

  get resultCode(): ResultCode {
    return resultCodes[this.code];
  }
}

/** The error as it crosses a thread boundary: class instances do not survive a structured clone. */
export interface ErrorShape {
  readonly code: ResultCodeName;
  readonly text: string;
  readonly matchedDn: string;
  readonly policyError?: PolicyErrorName;
}

/** What a client may be told of any thrown value; a defect shows nothing of its inside. */
export function errorShape(error: unknown): ErrorShape {
  if (error instanceof LdapError) {
    const { code, message: text, matchedDn, policyError } = error;
    return policyError === undefined
      ? { code, text, matchedDn }
      : { code, text, matchedDn, policyError };
  }
  return { code: 'other', text: 'internal error; the server log has the details', matchedDn: '' };
}

/** The inverse of {@link errorShape}. */
export function errorFromShape(shape: ErrorShape): LdapError {
  return new LdapError(shape.code, shape.text, shape.matchedDn, shape.policyError);
}
