/**
 * Password Modify (RFC 3062). Who may change whose password, and to what, is the directory's to
 * say; here the value is taken apart, and refused on a connection where it could be read.
 */
import { bytesOf } from '../../directory/model/bytes.js';
import { LdapError } from '../../runtime/errors.js';
import {
  decodePasswordModifyRequest,
  encodePasswordModifyResponse,
  type PasswordModifyRequestValue,
  passwordModifyOid,
} from '../protocol/index.js';
import type { ExtendedWrite } from './table.js';

const nothingGiven: PasswordModifyRequestValue = {
  userIdentity: undefined,
  oldPassword: undefined,
  newPassword: undefined,
};

/** The DN in `dn:…`, a plain DN, or nothing for oneself; user names have no meaning here. */
function dnOf(userIdentity: string | undefined): string {
  if (userIdentity === undefined) return '';
  const prefix = userIdentity.slice(0, 3).toLowerCase();
  if (prefix === 'dn:') return userIdentity.slice(3);
  if (prefix.startsWith('u:')) {
    throw new LdapError('unwillingToPerform', 'name the user by DN; "u:" names are not understood');
  }
  return userIdentity;
}

export const passwordModify: ExtendedWrite = {
  kind: 'write',
  oid: passwordModifyOid,
  request(value, { context, passwordsAllowed }) {
    const decoded = value === undefined ? nothingGiven : decodePasswordModifyRequest(value);
    if (decoded === undefined) {
      throw new LdapError('protocolError', 'the value of Password Modify is malformed');
    }
    if (!passwordsAllowed) {
      throw new LdapError('confidentialityRequired', 'passwords are taken over TLS only');
    }
    const { oldPassword, newPassword } = decoded;
    return {
      op: 'changePassword',
      context,
      reason: 'ldap password modify',
      dn: dnOf(decoded.userIdentity),
      oldPassword: oldPassword === undefined ? undefined : bytesOf(oldPassword),
      newPassword: newPassword === undefined ? undefined : bytesOf(newPassword),
    };
  },
  answer({ generated }) {
    if (generated === undefined) return undefined;
    return encodePasswordModifyResponse({ generatedPassword: Buffer.from(generated, 'utf8') });
  },
};
