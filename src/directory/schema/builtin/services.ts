/** Service accounts: which entries are some, and from where they come. OIDs 1.60–1.79, 2.60–2.79. */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import {
  attributeType,
  dn,
  exactText,
  integer,
  objectClass,
  octets,
  secret,
  time,
} from './define.js';

/** Syntax of an address or a network of addresses. */
export const networkSyntax = `${tenureArc}.3.1`;
const one = 'SINGLE-VALUE';

export const services: SchemaFile = {
  name: 'services',
  attributeTypes: [
    attributeType(
      `${tenureArc}.1.60`,
      'tenureServiceAddress',
      'where the service comes from: an address or a network such as 192.0.2.0/24',
      `EQUALITY caseIgnoreIA5Match SYNTAX ${networkSyntax}`,
    ),
    // On policies: who is asked for a second factor, and how a code may be written.
    exactText(
      `${tenureArc}.1.61`,
      'tenureSecondFactor',
      'off, optional (who has one is asked for it) or required',
      one,
    ),
    integer(
      `${tenureArc}.1.62`,
      'tenureSecondFactorAfterDays',
      'days that somebody new may do without a second factor that is required',
      one,
    ),
    time(
      `${tenureArc}.1.63`,
      'tenureSecondFactorSince',
      'when those days begin at the earliest',
      one,
    ),
    exactText(
      `${tenureArc}.1.64`,
      'tenureOtpSeparators',
      'what may stand between password and code: none and any of , ; : such as none,;',
      one,
    ),
    exactText(
      `${tenureArc}.1.70`,
      'tenureRole',
      'what a service account may be shown: radius, fileServer',
    ),
    exactText(
      `${tenureArc}.1.71`,
      'tenureView',
      'how the account sees people who are not active, such as leavers=show or staged=14',
      'USAGE directoryOperation',
    ),
    dn(
      `${tenureArc}.1.144`,
      'tenureProxyFor',
      'people, and groups of people, as whom the account may ask (RFC 4370)',
      'USAGE directoryOperation',
    ),
    // Named as the rows are kept; in exports alone.
    octets(
      `${tenureArc}.1.72`,
      'serviceSecret',
      'a credential made for a service: its digest, when it was made, how long those before it go on',
      `NO-USER-MODIFICATION USAGE directoryOperation ${secret}`,
    ),
  ],
  objectClasses: [
    objectClass(
      `${tenureArc}.2.60`,
      'tenureService',
      'the account of an application through which people log in',
      'AUXILIARY',
      { may: 'tenureServiceAddress tenureRole owner userPassword' },
    ),
    objectClass(`${tenureArc}.2.70`, 'tenureDevice', 'a device with a login', 'AUXILIARY', {
      must: 'uid owner',
    }),
  ],
};
