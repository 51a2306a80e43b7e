/**
 * Who holds a membership that is not held by hand. OIDs 1.130 to 1.134.
 */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import { exactText } from './define.js';

export const holders: SchemaFile = {
  name: 'holders',
  attributeTypes: [
    exactText(
      `${tenureArc}.1.130`,
      'tenureHolder',
      'what holds a membership of the group: a rule or a grant, when, by whom and why',
      'USAGE directoryOperation',
    ),
  ],
  objectClasses: [],
};
