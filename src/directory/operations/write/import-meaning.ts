/**
 * What the attributes of a file are to an import: some are computed and of no use, some are kept
 * as they are, references and passwords follow when all entries are there.
 */
import type { AttributeType } from '../../schema/index.js';
import { TENURE_HOLDER } from '../groups/index.js';
import { UNKEPT_HASHES } from './nt-hashes.js';

/** Attributes that are computed: present in dumps, of no use here. */
const COMPUTED = new Set(
  ['entryDN', 'structuralObjectClass', 'subschemaSubentry', 'hasSubordinates']
    .concat(['numSubordinates', 'memberOf', 'contextCSN', 'tenureBypassUntil'])
    // Seen of binds elsewhere, where other addresses and other clocks were.
    .concat(['pwdFailureTime', 'pwdLastSuccess', 'pwdAccountTmpLockoutEnd', 'tenureAccess'])
    // As good as passwords, and nothing here needs them.
    .concat(UNKEPT_HASHES)
    .map((name) => name.toLowerCase()),
);

/** Operational attributes that are kept. */
export interface KeptValues {
  entryuuid?: string;
  entrycsn?: string;
  createtimestamp?: string;
  creatorsname?: string;
  modifytimestamp?: string;
  modifiersname?: string;
}
const KEPT = new Set([
  'entryuuid',
  'entrycsn',
  'createtimestamp',
  'creatorsname',
  'modifytimestamp',
  'modifiersname',
]);

/** What a description in the file is to an import. */
export interface Meaning {
  /** In lower case. */
  readonly key: string;
  readonly role: 'computed' | 'kept' | 'edge' | 'holder' | 'password' | 'given';
  /** Undefined where the schema does not know it. */
  readonly type: AttributeType | undefined;
}

export function meaningOf(description: string, type: AttributeType | undefined): Meaning {
  const key = description.toLowerCase();
  if (COMPUTED.has(key)) return { key, role: 'computed', type };
  if (KEPT.has(key)) return { key, role: 'kept', type };
  if (type?.storage === 'edge') return { key, role: 'edge', type };
  if (type?.name === TENURE_HOLDER) return { key, role: 'holder', type };
  return { key, role: type?.name === 'userPassword' ? 'password' : 'given', type };
}
