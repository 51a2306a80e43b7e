/**
 * argon2 (RFC 9106), the only scheme that we make: argon2id for every new password. Owns its
 * stored form, `{ARGON2}$argon2id$v=19$m=…,t=…,p=…$salt$hash`, its bounds, and the dummy that makes
 * a refusal cost what a check costs. Imported argon2i and argon2d are verified, never made.
 */
import { timingSafeEqual } from 'node:crypto';
import { argon2d, argon2i, argon2id, type HashOptions, hash } from 'argon2';
import type { Hasher, HashPool } from './hash-pool.js';
import { type Parsed, parsed, refused } from './parsed.js';

/** The cost of a hash. */
export interface Argon2Params {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What new passwords cost unless configured: about 20 ms of one core. */
export const defaultArgon2Params: Argon2Params = { memoryKib: 19_456, passes: 2, lanes: 1 };

const variants = { argon2id, argon2i, argon2d } as const;
type Variant = keyof typeof variants;

export interface Argon2Hash extends Argon2Params {
  readonly variant: Variant;
  /** 16 (version 1.0) or 19 (version 1.3). */
  readonly version: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Bounds of an imported hash: memory of one hash, lanes, and memory × passes (about a second). */
const MEMORY_KIB_MAX = 256 * 1024;
const LANES_MAX = 16;
const WORK_KIB_MAX = 1024 * 1024;

const shape = new RegExp(
  [
    String.raw`^\$(argon2(?:id|i|d))\$(?:v=(\d{1,3})\$)?`,
    String.raw`m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})`,
    String.raw`\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$`,
  ].join(''),
);

/** Reads `$argon2…` (the reference implementation's encoding). */
export function parseArgon2(encoded: string): Parsed<Argon2Hash> {
  const match = shape.exec(encoded);
  if (match === null) {
    return refused('the argon2 hash is not of the form $argon2id$v=19$m=…,t=…,p=…$salt$hash');
  }
  const value: Argon2Hash = {
    variant: match[1] as Variant,
    version: Number(match[2] ?? 16),
    memoryKib: Number(match[3]),
    passes: Number(match[4]),
    lanes: Number(match[5]),
    salt: Buffer.from(match[6]!, 'base64'),
    tag: Buffer.from(match[7]!, 'base64'),
  };
  const problem = argon2Problem(value);
  return problem === undefined ? parsed(value) : refused(problem);
}

const costShape = /^m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})$/;
/** Less memory than this is a digest with extra steps. */
const COST_KIB_LEAST = 1024;

/** Reads what new hashes shall cost, as `m=19456,t=2,p=1`: KiB of memory, passes, lanes. */
export function parseArgon2Cost(text: string): Parsed<Argon2Params> {
  const match = costShape.exec(text);
  if (match === null) return refused('write m=KiB,t=passes,p=lanes, such as m=19456,t=2,p=1');
  const cost = { memoryKib: Number(match[1]), passes: Number(match[2]), lanes: Number(match[3]) };
  if (cost.memoryKib < COST_KIB_LEAST) {
    return refused(`argon2 m=${cost.memoryKib} is less than ${COST_KIB_LEAST} KiB`);
  }
  const problem = costProblem(cost);
  return problem === undefined ? parsed(cost) : refused(problem);
}

function argon2Problem(stored: Argon2Hash): string | undefined {
  const { version, salt, tag } = stored;
  if (version !== 16 && version !== 19) return `argon2 version ${version} is unknown`;
  const problem = costProblem(stored);
  if (problem !== undefined) return problem;
  if (salt.length < 8 || salt.length > 64) {
    return `the argon2 salt has ${salt.length} bytes, not 8 to 64`;
  }
  if (tag.length < 16 || tag.length > 64) {
    return `the argon2 hash has ${tag.length} bytes, not 16 to 64`;
  }
  return undefined;
}

function costProblem({ memoryKib, passes, lanes }: Argon2Params): string | undefined {
  if (lanes < 1 || lanes > LANES_MAX) return `argon2 p=${lanes} is not 1 to ${LANES_MAX}`;
  if (memoryKib < 8 * lanes || memoryKib > MEMORY_KIB_MAX) {
    return `argon2 m=${memoryKib} is not ${8 * lanes} to ${MEMORY_KIB_MAX} KiB`;
  }
  if (passes < 1 || memoryKib * passes > WORK_KIB_MAX) {
    return `argon2 m=${memoryKib},t=${passes} is not 1 pass to ${WORK_KIB_MAX} KiB in all passes`;
  }
  return undefined;
}

/** The tag that `clear` has under the stored hash's salt and cost; one hash of the pool. */
export function argon2Tag(stored: Argon2Hash, clear: Buffer, pool: Hasher): Promise<Buffer> {
  const work = () =>
    rawHash(clear, stored.salt, stored, {
      type: variants[stored.variant],
      version: stored.version,
      hashLength: stored.tag.length,
    });
  return pool.run(work, kindOf(stored, stored.variant));
}

/** Whether `clear` gives the stored tag; one hash of the pool. */
export async function verifyArgon2(
  stored: Argon2Hash,
  clear: Buffer,
  pool: Hasher,
): Promise<boolean> {
  return timingSafeEqual(await argon2Tag(stored, clear, pool), stored.tag);
}

/**
 * `{ARGON2}$argon2id$…` of `clear` with a fresh salt, or that of `beside`; rejects with LdapError
 * `busy`. Passwords of one entry share a salt, so that one hash checks a password against them all.
 */
export function hashPassword(
  pool: HashPool,
  clear: Buffer,
  params: Argon2Params = defaultArgon2Params,
  beside: readonly Buffer[] = [],
): Promise<string> {
  return pool.run(async () => {
    const salt = saltOf(beside, params) ?? pool.random.bytes(SALT_BYTES);
    const tag = await rawHash(clear, salt, params, {});
    const { memoryKib: m, passes: t, lanes: p } = params;
    return `{ARGON2}$argon2id$v=19$m=${m},t=${t},p=${p}$${phcBase64(salt)}$${phcBase64(tag)}`;
  }, kindOf(params));
}

/** What a computation is counted as in the pool. */
function kindOf({ memoryKib, passes, lanes }: Argon2Params, variant = 'argon2id'): string {
  return `${variant} ${memoryKib} ${passes} ${lanes}`;
}

/** The salt of the first of these hashes that is as new ones are made. */
export function saltOf(stored: readonly Buffer[], params: Argon2Params): Buffer | undefined {
  for (const value of stored) {
    const argon2 = parseArgon2(withoutScheme(value.toString('latin1')));
    if (argon2.ok && asWanted(argon2.value, params)) return argon2.value.salt;
  }
  return undefined;
}

/** Whether `stored`, text or bytes of any scheme, should be made anew after a successful bind. */
export function needsRehash(
  stored: Buffer | string,
  params: Argon2Params = defaultArgon2Params,
): boolean {
  const text = typeof stored === 'string' ? stored : stored.toString('latin1');
  const argon2 = parseArgon2(withoutScheme(text));
  return !argon2.ok || !asWanted(argon2.value, params);
}

function asWanted(stored: Argon2Hash, params: Argon2Params): boolean {
  const { variant, version, memoryKib, passes, lanes } = stored;
  const same = memoryKib === params.memoryKib && passes === params.passes && lanes === params.lanes;
  return same && variant === 'argon2id' && version === 19;
}

const dummySalt = Buffer.alloc(SALT_BYTES, 'no such person');

/**
 * Costs what checking `clear` against a hash of `params` costs and answers false: for names that
 * do not exist and refusals that would otherwise be quick. Rejects with LdapError `busy`.
 */
export function verifyDummy(
  pool: HashPool,
  clear: Buffer,
  params: Argon2Params = defaultArgon2Params,
): Promise<false> {
  return pool.run(async (): Promise<false> => {
    await rawHash(clear, dummySalt, params, {});
    return false;
  }, kindOf(params));
}

function rawHash(
  clear: Buffer,
  salt: Buffer,
  params: Argon2Params,
  imported: Pick<HashOptions, 'type' | 'version' | 'hashLength'>,
): Promise<Buffer> {
  return hash(clear, {
    raw: true,
    salt,
    type: argon2id,
    hashLength: TAG_BYTES,
    memoryCost: params.memoryKib,
    timeCost: params.passes,
    parallelism: params.lanes,
    ...imported,
  });
}

function withoutScheme(text: string): string {
  return /^\{argon2\}/i.test(text) ? text.slice('{ARGON2}'.length) : text;
}

function phcBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
