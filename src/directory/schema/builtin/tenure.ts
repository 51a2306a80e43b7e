/** What this project defines itself, under its own arc: see arc.ts. */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import {
  attributeType,
  boolean,
  exactIa5,
  exactText,
  integer,
  objectClass,
  syntaxOid,
  time,
} from './define.js';

function need(id: number, name: string, desc: string): string {
  return integer(`${tenureArc}.1.${id}`, name, desc, 'SINGLE-VALUE');
}

export const tenure: SchemaFile = {
  name: 'tenure',
  attributeTypes: [
    // Not in any RFC, but asked for by clients that look for one base DN.
    attributeType(
      `${tenureArc}.1.1`,
      'defaultNamingContext',
      'the suffix to use where only one can be',
      `SYNTAX ${syntaxOid(12)} SINGLE-VALUE NO-USER-MODIFICATION USAGE dSAOperation`,
    ),
    // 1.40 to 1.49: binds.
    time(
      `${tenureArc}.1.40`,
      'tenureBypassUntil',
      'until when the second factor is not asked for',
      'SINGLE-VALUE USAGE directoryOperation',
    ),
    exactIa5(
      `${tenureArc}.1.41`,
      'tenureArgon2',
      'what hashes of passwords cost, such as m=19456,t=2,p=1',
      'SINGLE-VALUE',
    ),
    exactText(
      `${tenureArc}.1.42`,
      'tenureAccess',
      'where somebody was seen: through what, from where, by which way, when',
      'NO-USER-MODIFICATION USAGE directoryOperation',
    ),
    exactText(
      `${tenureArc}.1.43`,
      'tenureCache',
      'on the account of an application or machine: how long it goes by what it has read',
      'SINGLE-VALUE USAGE directoryOperation',
    ),
    exactText(
      `${tenureArc}.1.44`,
      'tenureBrownout',
      'on a group: from when until when it has no members, by whom and why',
      'SINGLE-VALUE USAGE directoryOperation',
    ),
    // 1.20 to 1.39: password policies.
    integer(
      `${tenureArc}.1.20`,
      'tenurePolicyOrder',
      'which policy is asked first: the lowest',
      'SINGLE-VALUE',
    ),
    exactText(
      `${tenureArc}.1.21`,
      'tenurePolicyFilter',
      'for whom the policy holds (RFC 4515); without it for everybody who is left',
      'SINGLE-VALUE',
    ),
    boolean(
      `${tenureArc}.1.22`,
      'tenurePolicyAware',
      'on a service account: it deals with passwords that must be changed, control or not',
      'SINGLE-VALUE USAGE directoryOperation',
    ),
    need(23, 'tenureMinLower', 'small letters that a password needs'),
    need(24, 'tenureMinUpper', 'capital letters that a password needs'),
    need(25, 'tenureMinDigits', 'digits that a password needs'),
    need(26, 'tenureMinSymbols', 'signs that are neither letters nor digits'),
    need(27, 'tenureMinKinds', 'how many of the four kinds of characters a password needs'),
    need(28, 'tenureMinScore', 'how hard a password is to guess at least, 0 to 4'),
    boolean(
      `${tenureArc}.1.29`,
      'tenureRefuseCommon',
      'refuse common passwords; TRUE where absent',
      'SINGLE-VALUE',
    ),
    boolean(
      `${tenureArc}.1.30`,
      'tenureRefuseBreached',
      'refuse what is in the file of breached passwords; TRUE where absent',
      'SINGLE-VALUE',
    ),
  ],
  objectClasses: [
    // 2.20 to 2.39: password policies.
    objectClass(
      `${tenureArc}.2.20`,
      'tenurePasswordPolicy',
      'a password policy that finds its people itself',
      'AUXILIARY',
      {
        sup: 'pwdPolicy',
        may: `tenurePolicyOrder tenurePolicyFilter tenureMinLower tenureMinUpper tenureMinDigits
          tenureMinSymbols tenureMinKinds tenureMinScore tenureRefuseCommon tenureRefuseBreached
          tenureSecondFactor tenureSecondFactorAfterDays tenureSecondFactorSince
          tenureOtpSeparators tenureArgon2`,
      },
    ),
  ],
};
