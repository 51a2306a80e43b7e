/**
 * The access map: through which application or machine, from which address and by which way somebody
 * came in or was looked up, when first, when last, how often. Observations, not directory data: they
 * are in no Change and no export, move no modifyTimestamp, and reach the disk up to a second late.
 */

/**
 * How somebody was seen. The first four are logins; `keys` and `hash` are SSH keys and NT hashes that
 * were read for a login; `lookup` is a search for exactly this person. `asked` and `refused` are a
 * lookup of, and a login as, somebody who has left.
 */
export const accessMethods = [
  'password',
  'app password',
  'one-time password',
  'certificate',
  'keys',
  'hash',
  'lookup',
  'asked',
  'refused',
] as const;

export type AccessMethod = (typeof accessMethods)[number];

const logins: ReadonlySet<AccessMethod> = new Set(accessMethods.slice(0, 4));

/** Whether somebody proved who they are. */
export const isLogin = (method: AccessMethod): boolean => logins.has(method);

/** Whether it shows that somebody has left and is asked for still. */
export const isAfterwards = (method: AccessMethod): boolean =>
  method === 'asked' || method === 'refused';

/** What a person does themselves, as against what others ask about them: idleness ends with it. */
export const personal: readonly AccessMethod[] = accessMethods.slice(0, 6);

/** One row: times in milliseconds since 1970. */
export interface Access {
  readonly person: number;
  /** Entry of the application or machine, 0 where none is known. */
  readonly consumer: number;
  /** An address, or `local`. */
  readonly address: string;
  readonly method: AccessMethod;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** Rows flat, seven values each in the order of {@link Access}: see FlatSightings for why. */
export type FlatAccess = readonly (number | string)[];

export function* accessIn(flat: FlatAccess): Generator<Access> {
  for (let i = 0; i < flat.length; i += 7) {
    yield {
      person: Number(flat[i]),
      consumer: Number(flat[i + 1]),
      address: String(flat[i + 2]),
      method: flat[i + 3] as AccessMethod,
      firstMs: Number(flat[i + 4]),
      lastMs: Number(flat[i + 5]),
      count: Number(flat[i + 6]),
    };
  }
}

/** What one flush adds to the map. */
export interface AccessSeen {
  readonly rows: FlatAccess;
  /** Rows last seen before are forgotten. */
  readonly forgetBeforeMs: number;
  /** Rows of one person; the oldest gives way. */
  readonly perPersonMax: number;
}

/** Something that a flush shows for the first time. */
export interface AccessNews {
  /** `client`: somebody known logged in through what they never used; `leaver`: is asked for still. */
  readonly kind: 'client' | 'leaver';
  readonly row: Access;
}

/** Reads what was flushed; `sinceMs` leaves out what is older and only not swept yet. */
export interface AccessReader {
  /** Of one person, last seen first. */
  of(person: number, sinceMs: number): readonly Access[];
  /** Of one consumer, last seen first, `limit` at most. */
  through(consumer: number, sinceMs: number, limit: number): readonly Access[];
  /** When somebody was last seen doing something themselves, ms. */
  lastPersonal(person: number): number | undefined;
  /** The last row of each consumer, ms. */
  lastThrough(sinceMs: number): ReadonlyMap<number, number>;
}
