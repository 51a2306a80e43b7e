/**
 * The administration's view of second factors: enrolling, confirming, disabling, recovery codes.
 * Seeds leave here once, in the answer to the enrolment.
 */
import type { Enrolment, FactorStatus, FactorsEngine } from '../admin/factors.js';
import { encodeGrant, grantKinds, makeGenerated, type SecretBox } from '../credentials/index.js';
import {
  checkCode,
  encodeFactor,
  makeSeed,
  newFactor,
  type OtpFactor,
  type OtpWindow,
  otpauthUri,
  readSeed,
  seedText,
} from '../credentials/otp/index.js';
import { bytesOf } from '../directory/model/bytes.js';
import { parseRdn } from '../directory/model/dn.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import type { Sighting } from '../directory/model/observed.js';
import {
  factorSecret,
  findEntry,
  type Names,
  openFactor,
  type PreparedWrite,
  type WriteOutcome,
} from '../directory/operations/index.js';
import type { DirectoryReader, EntryRecord, Secret } from '../directory/ports.js';
import { errorFromShape, LdapError } from '../runtime/errors.js';
import type { Random } from '../runtime/random.js';
import { grantsEngine } from './engine-grants.js';

/** What the credentials' part of an engine stands on. */
export interface CredentialParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  /** @throws KeyFileError */
  readonly box: () => SecretBox;
  readonly random: () => Random;
  readonly nowMs: () => number;
  /** The same as for binds. */
  readonly otpWindow: OtpWindow;
  /** The last use of a secret that was seen. */
  readonly lastUse: (secretId: number) => Sighting | undefined;
  readonly administrator: () => Identity;
  readonly origin: Origin;
}

const RECOVERY_CODES = 10;

export const isoOf = (ms: number): string => new Date(ms).toISOString();

/** Secrets of an entry that go and come together. @throws LdapError */
export async function changeCredentials(
  parts: CredentialParts,
  entry: EntryRecord,
  reason: string,
  remove: readonly Secret[],
  add: readonly { readonly kind: string; readonly value: Buffer }[],
): Promise<void> {
  const outcome = await parts.write({
    op: 'credentials',
    context: { identity: parts.administrator(), origin: parts.origin },
    reason,
    owner: entry.id,
    remove: remove.map(({ id }) => id),
    add: add.map(({ kind, value }) => ({ kind, value: bytesOf(value) })),
  });
  if (!outcome.ok) throw errorFromShape(outcome.error);
}

/** Login name, or what else the entry is called. */
export function shortName(entry: EntryRecord): string {
  const rdn = parseRdn(entry.rdn);
  return 'fault' in rdn ? entry.rdn : rdn.avas[0]!.value.toString('utf8');
}

export function factorsEngine(parts: CredentialParts): FactorsEngine {
  const { reader, names, box } = parts;
  const find = (name: string) => findEntry(name, reader, names);

  const held = (entry: EntryRecord) => {
    const secrets = reader.secrets(entry.id);
    const secret = factorSecret(secrets);
    const codes = secrets.filter(({ kind }) => kind === grantKinds.recovery);
    return { secret, codes };
  };

  const status = (entry: EntryRecord): FactorStatus => {
    const { secret, codes } = held(entry);
    const dn = names.text(entry);
    const recoveryCodesLeft = codes.length;
    if (secret === undefined) return { dn, state: 'none', recoveryCodesLeft };
    const { type, confirmed, enrolledMs } = openFactor(secret, box());
    const state = confirmed ? 'active' : 'pending';
    return { dn, state, type, enrolled: isoOf(enrolledMs), recoveryCodesLeft };
  };

  const newRecoveryCodes = () => {
    const made: ReturnType<typeof makeGenerated>[] = [];
    for (let i = 0; i < RECOVERY_CODES; i += 1) {
      const taken = made.map(({ id }) => id);
      made.push(makeGenerated('recovery', parts.random(), taken));
    }
    return made;
  };
  const recoveryRows = (made: ReturnType<typeof newRecoveryCodes>) =>
    made.map(({ id, digest }) => {
      return { kind: grantKinds.recovery, value: encodeGrant('recovery', { id, digest }) };
    });

  return {
    ...grantsEngine(parts),

    async enrol({ name, type, secret: given, replace, by }): Promise<Enrolment> {
      box();
      const entry = find(name);
      const { secret, codes } = held(entry);
      if (secret !== undefined && !replace) {
        throw new LdapError(
          'unwillingToPerform',
          `${shortName(entry)} has a second factor already (${status(entry).state}); ` +
            'say --replace to end that one, with its recovery codes',
        );
      }
      const factor = newFactor(type, seedOf(given, parts.random()), parts.nowMs());
      const made = newRecoveryCodes();
      const gone = secret === undefined ? codes : [secret, ...codes];
      const rows = [{ kind: type, value: encodeFactor(factor) }, ...recoveryRows(made)];
      await changeCredentials(parts, entry, `second factor enrolled by ${by}`, gone, rows);
      return {
        dn: names.text(entry),
        type,
        secret: seedText(factor.seed),
        uri: uriOf(factor, entry, reader),
        recoveryCodes: made.map(({ text }) => text),
      };
    },

    async confirm({ name, code, by }) {
      const entry = find(name);
      const { secret } = held(entry);
      if (secret === undefined) throw none(entry);
      const factor = openFactor(secret, box());
      const bare = code.replaceAll(' ', '');
      if (bare.length !== factor.digits || !/^[0-9]+$/.test(bare)) {
        throw new LdapError('invalidCredentials', `a code is ${factor.digits} digits`);
      }
      const verdict = checkCode(factor, bare, parts.nowMs(), parts.otpWindow);
      if (!verdict.ok) {
        const why = verdict.used ? 'has been used' : 'is wrong now: look at the time of the device';
        throw new LdapError('invalidCredentials', `the code ${why}`);
      }
      const outcome = await parts.write({
        op: 'useCode',
        context: { identity: parts.administrator(), origin: parts.origin },
        reason: `second factor confirmed by ${by}`,
        owner: entry.id,
        secretId: secret.id,
        at: verdict.at,
      });
      if (!outcome.ok) throw errorFromShape(outcome.error);
      return status(entry);
    },

    async disable({ name, by }) {
      const entry = find(name);
      const { secret, codes } = held(entry);
      if (secret === undefined) throw none(entry);
      const gone = [secret, ...codes];
      await changeCredentials(parts, entry, `second factor disabled by ${by}`, gone, []);
      return status(entry);
    },

    status: async ({ name }) => status(find(name)),

    async renewRecoveryCodes({ name, by }) {
      const entry = find(name);
      const { secret, codes } = held(entry);
      if (secret === undefined) throw none(entry);
      const made = newRecoveryCodes();
      const reason = `recovery codes made by ${by}`;
      await changeCredentials(parts, entry, reason, codes, recoveryRows(made));
      return { dn: names.text(entry), recoveryCodes: made.map(({ text }) => text) };
    },
  };
}

function seedOf(given: string | undefined, random: Random): Buffer {
  if (given === undefined) return makeSeed(random);
  const read = readSeed(given);
  if (!read.ok) throw new LdapError('constraintViolation', read.reason);
  return read.seed;
}

/** In the app it stands under the directory's name: `example.com`. */
function uriOf(factor: OtpFactor, entry: EntryRecord, reader: DirectoryReader): string {
  const suffix = reader.suffixes()[0]?.dn ?? 'tenure';
  const parts = [...suffix.matchAll(/(?:^|,)\s*[a-z]+\s*=\s*([^,]+)/gi)].map(([, value]) => value);
  return otpauthUri(factor, parts.join('.') || suffix, shortName(entry));
}

const none = (entry: EntryRecord) =>
  new LdapError('noSuchAttribute', `${shortName(entry)} has no second factor`);
