/** The schema room's one door: loading, describing, matching, naming and validating. */
export { tenureArc } from './builtin/index.js';
export { type CertificateNames, certificateNames } from './certificate-names.js';
export { dnFault, normalizeDn, normalizeRdn, rootDn } from './dn.js';
export { builtinSchema, checkDefinition, loadSchema } from './load.js';
export { revocationListEnd } from './revocation-list.js';
export { inChainOid } from './rules.js';
export { normalizeGeneralizedTime } from './time.js';
export type * from './types.js';
export { checkLength, checkValue, duplicateValue, validateEntry } from './validate.js';
