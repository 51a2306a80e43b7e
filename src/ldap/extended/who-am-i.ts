/** Who am I (RFC 4532): the authorization identity of the connection, empty when anonymous. */
import { LdapError } from '../../runtime/errors.js';
import type { ExtendedRead } from './table.js';

export const whoAmI: ExtendedRead = {
  kind: 'read',
  oid: '1.3.6.1.4.1.4203.1.11.3',
  answer(value, { context }) {
    if (value !== undefined) throw new LdapError('protocolError', 'Who am I? takes no value');
    const { role, dn } = context.identity;
    return Buffer.from(role === 'anonymous' ? '' : `dn:${dn}`, 'utf8');
  },
};
