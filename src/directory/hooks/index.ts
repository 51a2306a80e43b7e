/** The write hooks, in the order in which they run. This list is the only place that knows it. */

import { brownouts } from './brownouts.js';
import { cases, deletedPeople } from './cases.js';
import { closings } from './closings.js';
import { factorRules } from './factor-rules.js';
import { hashCost } from './hash-cost.js';
import { kindNeeds } from './kind-needs.js';
import { lifecycle } from './lifecycle.js';
import { moves } from './moves.js';
import { neverExpires } from './never-expires.js';
import { numbers } from './numbers.js';
import { policies } from './policies.js';
import { policyDocument } from './policy-document.js';
import { privateGroups } from './private-groups.js';
import { references } from './references.js';
import { ruledMembers } from './ruled-members.js';
import { sshKeys } from './ssh-keys.js';
import type { WriteHook } from './types.js';
import { unique } from './unique.js';
import { views } from './views.js';

export const hooks: readonly WriteHook[] = [
  numbers,
  unique,
  sshKeys,
  policies,
  factorRules,
  hashCost,
  policyDocument,
  views,
  brownouts,
  lifecycle,
  kindNeeds,
  neverExpires,
  closings,
  moves,
  ruledMembers,
  deletedPeople,
  references,
  privateGroups,
  cases,
];

export { openImported } from './cases.js';
export { privateGroupOf } from './numbers.js';
export { foldImported } from './policy-document.js';
export { adoptImported } from './references.js';
export { noteImportedKeys } from './ssh-keys.js';
export type { Draft, Revision, WriteHook } from './types.js';
