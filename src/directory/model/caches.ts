/**
 * How long applications and machines go by what they have read: the defaults of known programs as they
 * document them, and the words of tenureCache, which says it for one account: the name of a program, or
 * a length of time such as `90m`. Facts and reading them; who is gone when is worked out elsewhere.
 */

export interface KnownCache {
  /** The word. */
  readonly product: string;
  /** As its makers write it. */
  readonly name: string;
  /** From a last answer to the moment when it is asked for anew, s. */
  readonly seconds: number;
  /** What the figure is. */
  readonly what: string;
  /** What outlives it, where something may. */
  readonly but?: string;
}

const HOUR = 3_600;
const DAY = 86_400;

/** Words in names of accounts are looked for in this order. */
export const knownCaches: readonly KnownCache[] = [
  {
    product: 'sssd',
    name: 'SSSD',
    seconds: 5_400,
    what: 'entry_cache_timeout',
    but: 'with cache_credentials a machine that is cut off takes the old password without end',
  },
  { product: 'nslcd', name: 'nslcd with nscd', seconds: 600, what: 'nscd positive-time-to-live' },
  { product: 'nscd', name: 'nscd', seconds: 600, what: 'positive-time-to-live passwd' },
  {
    product: 'nextcloud',
    name: 'Nextcloud',
    seconds: 600,
    what: 'ldapCacheTTL',
    but: 'sync clients with app tokens go on until their account is disabled there',
  },
  { product: 'httpd', name: 'httpd mod_authnz_ldap', seconds: 600, what: 'LDAPCacheTTL' },
  { product: 'apache', name: 'httpd mod_authnz_ldap', seconds: 600, what: 'LDAPCacheTTL' },
  {
    product: 'radius',
    name: 'FreeRADIUS',
    seconds: DAY,
    what: 'TLS session cache lifetime',
    but: 'who is on the network stays until the session ends or is told to',
  },
  { product: 'keycloak', name: 'Keycloak', seconds: 10 * HOUR, what: 'SSO Session Max' },
  { product: 'dovecot', name: 'Dovecot', seconds: HOUR, what: 'auth_cache_ttl' },
  { product: 'gitea', name: 'Gitea', seconds: DAY, what: 'cron.sync_external_users, daily' },
  { product: 'forgejo', name: 'Forgejo', seconds: DAY, what: 'cron.sync_external_users, daily' },
  { product: 'gitlab', name: 'GitLab', seconds: HOUR, what: 'check of active people, sync_time' },
  { product: 'grafana', name: 'Grafana', seconds: DAY, what: 'active_sync, daily' },
];

/** What is known of the cache of one account. */
export interface ConsumerCache {
  readonly seconds: number;
  /** `set` on the account; the program is named by it; or only its name sounds like one. */
  readonly because: 'set' | 'program' | 'name' | 'host';
  readonly known?: KnownCache;
}

const units = { s: 1, m: 60, h: HOUR, d: DAY } as const;
/** A year is longer than any. */
const SECONDS_MAX = 366 * DAY;

/** What a value of tenureCache says, or undefined where it is none. */
export function readCache(text: string): ConsumerCache | undefined {
  const word = text.trim().toLowerCase();
  const known = knownCaches.find(({ product }) => product === word);
  if (known !== undefined) return { seconds: known.seconds, because: 'program', known };
  if (word === 'none') return { seconds: 0, because: 'set' };
  const [, digits, unit] = /^(\d{1,9}) ?([smhd])$/.exec(word) ?? [];
  const seconds = Number(digits) * units[(unit ?? 's') as keyof typeof units];
  if (digits === undefined || seconds > SECONDS_MAX) return undefined;
  return { seconds, because: 'set' };
}

/** Of an account: what is set on it, else what its name says; machines are taken to run SSSD. */
export function cacheOf(account: {
  readonly set: string | undefined;
  readonly name: string;
  readonly isHost: boolean;
}): ConsumerCache | undefined {
  const { set, name, isHost } = account;
  const said = set === undefined ? undefined : readCache(set);
  if (said !== undefined) return said;
  const lower = name.toLowerCase();
  const sounds = knownCaches.find(({ product }) => lower.includes(product));
  if (sounds !== undefined) return { seconds: sounds.seconds, because: 'name', known: sounds };
  const sssd = knownCaches[0]!;
  return isHost ? { seconds: sssd.seconds, because: 'host', known: sssd } : undefined;
}

/** The words, for a refusal. */
export const cacheWords = `${knownCaches.map(({ product }) => product).join(', ')}, none, or a time such as 90m`;
