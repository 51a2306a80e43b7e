/** What this project defines itself, under its own arc: see arc.ts. */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import { attributeType, syntaxOid, time } from './define.js';

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
      'SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation',
    ),
  ],
  objectClasses: [],
};
