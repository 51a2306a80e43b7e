/**
 * Machines as this project sees them: hosts with the groups that may log in to them, and devices
 * that somebody was given. OIDs 1.140 to 1.149 and 2.140 to 2.149.
 */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import { dn, eq, exactText, objectClass, text, time } from './define.js';

export const machines: SchemaFile = {
  name: 'machines',
  attributeTypes: [
    dn(`${tenureArc}.1.140`, 'tenureLoginGroup', 'on a host: a group whose members may log in'),
    exactText(
      `${tenureArc}.1.141`,
      'tenureLoginService',
      'on a host: a service, such as sshd, by which they may; without one by all',
    ),
    text(
      `${tenureArc}.1.142`,
      'tenureDeviceKind',
      'what a device is, such as laptop',
      `SINGLE-VALUE ${eq}`,
    ),
    time(
      `${tenureArc}.1.143`,
      'tenureDeviceEnd',
      'when a device is to be given back, or replaced',
      'SINGLE-VALUE',
    ),
  ],
  objectClasses: [
    objectClass(
      `${tenureArc}.2.140`,
      'tenureHost',
      'a machine that people log in to by groups',
      'AUXILIARY',
      { may: 'tenureLoginGroup tenureLoginService tenureServiceAddress userPassword owner' },
    ),
    objectClass(
      `${tenureArc}.2.141`,
      'tenureOwnedDevice',
      'a thing that somebody was given, without a login',
      'AUXILIARY',
      { must: 'serialNumber', may: 'owner tenureDeviceKind tenureDeviceEnd' },
    ),
  ],
};
