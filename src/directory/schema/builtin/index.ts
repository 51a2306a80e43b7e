/** The schema files that every directory has, in the order in which they are published. */
import type { SchemaFile } from '../types.js';
import { changelog } from './changelog.js';
import { dialects } from './dialects.js';
import { eduPerson } from './eduperson.js';
import { holders } from './holders.js';
import { apple, ldapns, opensshLpk, sudo } from './hosts.js';
import { lifecycle } from './lifecycle.js';
import { machines } from './machines.js';
import { ppolicy } from './ppolicy.js';
import { radius } from './radius.js';
import { rfc2307 } from './rfc2307.js';
import { rfc2798 } from './rfc2798.js';
import { rfc4512 } from './rfc4512.js';
import { rfc4519 } from './rfc4519.js';
import { rfc4524 } from './rfc4524.js';
import { samba } from './samba.js';
import { services } from './services.js';
import { tenure } from './tenure.js';

export { tenureArc } from './arc.js';
export { networkSyntax } from './services.js';

export const builtinFiles: readonly SchemaFile[] = [
  rfc4512,
  rfc4519,
  rfc4524,
  rfc2798,
  rfc2307,
  opensshLpk,
  sudo,
  ldapns,
  samba,
  radius,
  ppolicy,
  eduPerson,
  apple,
  tenure,
  services,
  lifecycle,
  dialects,
  holders,
  machines,
  changelog,
];
