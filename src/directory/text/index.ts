/** Text forms of the directory's data: LDIF (RFC 2849) and filter strings (RFC 4515). */
export { formatFilter } from './filter-format.js';
export { type FilterLimits, FilterSyntaxError, parseFilter } from './filter-string.js';
export { type LdifLimits, LdifReader, readLdif } from './ldif-read.js';
export {
  type LdifAdd,
  type LdifAttribute,
  type LdifContent,
  type LdifControl,
  type LdifDelete,
  LdifError,
  type LdifModification,
  type LdifModify,
  type LdifModrdn,
  type LdifRecord,
} from './ldif-record.js';
export {
  canonicalAttributes,
  formatEntry,
  formatRecord,
  type LdifOutput,
  ldifHeader,
} from './ldif-write.js';
