/**
 * Password policy (draft-behera-ldap-password-policy-10 §5, and pwdLastSuccess of -11): the policy
 * entry's attributes and the operational ones that clients read on a person.
 */
import type { SchemaFile } from '../types.js';
import { boolean, dn, eqOrd, integer, objectClass, octets, oid, secret, time } from './define.js';

const a = '1.3.6.1.4.1.42.2.27.8.1';
const one = 'SINGLE-VALUE';
const shown = 'USAGE directoryOperation';
const kept = 'NO-USER-MODIFICATION USAGE directoryOperation';

function number(id: number, name: string, desc: string): string {
  return integer(`${a}.${id}`, name, desc, one);
}

export const ppolicy: SchemaFile = {
  name: 'ppolicy',
  attributeTypes: [
    oid(`${a}.1`, 'pwdAttribute', 'attribute the policy is about'),
    number(2, 'pwdMinAge', 'seconds before a password may be changed'),
    number(3, 'pwdMaxAge', 'seconds after which a password expires'),
    number(4, 'pwdInHistory', 'former passwords that may not be used'),
    number(5, 'pwdCheckQuality', '0 no check, 1 if possible, 2 always'),
    number(6, 'pwdMinLength', 'shortest password'),
    number(7, 'pwdExpireWarning', 'seconds of warning before expiry'),
    number(8, 'pwdGraceAuthNLimit', 'logins with an expired password'),
    boolean(`${a}.9`, 'pwdLockout', 'lock after too many failures', one),
    number(10, 'pwdLockoutDuration', 'seconds of a lock, 0 for ever'),
    number(11, 'pwdMaxFailure', 'failures that lock'),
    number(12, 'pwdFailureCountInterval', 'seconds after which failures are forgotten'),
    boolean(`${a}.13`, 'pwdMustChange', 'change after a reset', one),
    boolean(`${a}.14`, 'pwdAllowUserChange', 'users may change their password', one),
    boolean(`${a}.15`, 'pwdSafeModify', 'the old password is needed', one),
    time(`${a}.16`, 'pwdChangedTime', 'time of the last change', `${one} ${kept}`),
    time(`${a}.17`, 'pwdAccountLockedTime', 'time of the lock', `${one} ${shown} ${eqOrd}`),
    time(`${a}.19`, 'pwdFailureTime', 'times of recent failures', kept),
    octets(`${a}.20`, 'pwdHistory', 'former passwords', `${kept} ${secret}`),
    time(`${a}.21`, 'pwdGraceUseTime', 'times of logins after expiry', kept),
    boolean(`${a}.22`, 'pwdReset', 'the password was set by somebody else', `${one} ${shown}`),
    dn(`${a}.23`, 'pwdPolicySubentry', 'policy in force', `${one} ${shown}`),
    number(24, 'pwdMinDelay', 'seconds of delay after one failure'),
    number(25, 'pwdMaxDelay', 'longest delay, seconds'),
    number(26, 'pwdMaxIdle', 'seconds without login that lock'),
    time(`${a}.27`, 'pwdStartTime', 'the password is valid from', `${one} ${shown}`),
    time(`${a}.28`, 'pwdEndTime', 'the password is valid until', `${one} ${shown}`),
    time(`${a}.29`, 'pwdLastSuccess', 'time of the last login', `${one} ${kept}`),
    number(30, 'pwdGraceExpiry', 'seconds that grace logins are possible'),
    number(31, 'pwdMaxLength', 'longest password'),
    number(32, 'pwdMaxRecordedFailure', 'failures that are kept'),
    time(`${a}.33`, 'pwdAccountTmpLockoutEnd', 'end of a delay', `${one} ${kept}`),
  ],
  objectClasses: [
    objectClass('1.3.6.1.4.1.42.2.27.8.2.1', 'pwdPolicy', 'password policy', 'AUXILIARY', {
      must: 'pwdAttribute',
      may: `pwdMinAge pwdMaxAge pwdInHistory pwdCheckQuality pwdMinLength pwdMaxLength
        pwdExpireWarning pwdGraceAuthNLimit pwdGraceExpiry pwdLockout pwdLockoutDuration
        pwdMaxFailure pwdFailureCountInterval pwdMustChange pwdAllowUserChange pwdSafeModify
        pwdMinDelay pwdMaxDelay pwdMaxIdle pwdMaxRecordedFailure`,
    }),
  ],
};
