/** The limits that codec tests decode under. */
import type { CodecLimits } from '../../../src/ldap/protocol/index.js';

/** Small enough that a test can pass them. */
export const limits: CodecLimits = {
  filterDepthMax: 64,
  filterElementsMax: 4_000,
  requestedAttributesMax: 1_000,
  attributesMax: 2_000,
  valuesMax: 50_000,
  controlsMax: 32,
};
