/** The change log over LDAP. */
export { CHANGELOG_DN } from './entry.js';
export { ChangelogSearch, isChangelog } from './search.js';
