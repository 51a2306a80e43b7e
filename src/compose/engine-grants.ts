/**
 * The administration's view of generated passwords: app passwords, and first passwords that open to
 * set one's own. Each is shown in the answer that made it and never again.
 */
import type { AppPasswordInfo, AppPasswordList, FactorsEngine } from '../admin/factors.js';
import {
  type AppPassword,
  decodeGrant,
  encodeGrant,
  grantKinds,
  makeGenerated,
} from '../credentials/index.js';
import { findEntry, isService } from '../directory/operations/index.js';
import type { EntryRecord, Secret } from '../directory/ports.js';
import { LdapError } from '../runtime/errors.js';
import { suggest } from '../runtime/suggest.js';
import { type CredentialParts, changeCredentials, isoOf, shortName } from './engine-factors.js';

const APP_PASSWORDS_MAX = 50;
const LABEL_MAX = 64;
const YEAR_MS = 366 * 86_400_000;
const USES_MAX = 100;

type Held = { readonly secret: Secret; readonly grant: AppPassword };
type GrantsEngine = Pick<
  FactorsEngine,
  'addAppPassword' | 'listAppPasswords' | 'revokeAppPassword' | 'makeFirstPassword'
>;

export function grantsEngine(parts: CredentialParts): GrantsEngine {
  const { reader, names } = parts;
  const find = (name: string) => findEntry(name, reader, names);
  const held = (entry: EntryRecord): Held[] =>
    reader.secrets(entry.id).flatMap((secret) => {
      const grant = secret.kind === grantKinds.app && decodeGrant('app', secret.value);
      return grant ? [{ secret, grant }] : [];
    });

  const list = (entry: EntryRecord): AppPasswordList => ({
    dn: names.text(entry),
    appPasswords: held(entry).map((one) => infoOf(one, parts)),
  });

  return {
    async addAppPassword({ name, label, service, forMs, by }) {
      const entry = find(name);
      const others = held(entry);
      checkLabel(label, others, entry);
      if (forMs !== undefined) checkTime(forMs);
      const account = service === undefined ? undefined : serviceNamed(service, parts);
      const taken = others.map(({ grant }) => grant.id);
      const bounds = { service: account?.uuid, forMs };
      const { text, id, row } = newAppPassword(label, bounds, taken, parts);
      await changeCredentials(parts, entry, `app password ${id} made by ${by}`, [], [row]);
      const made = held(entry).find((one) => one.grant.id === id);
      if (made === undefined) throw new Error('the app password that was made is not there');
      return { dn: names.text(entry), password: text, appPassword: infoOf(made, parts) };
    },

    listAppPasswords: async ({ name }) => list(find(name)),

    async revokeAppPassword({ name, which, by }) {
      const entry = find(name);
      const all = held(entry);
      const wanted = all.find(({ grant }) => grant.label === which || grant.id === which);
      if (wanted === undefined) throw unknownPassword(which, all, entry);
      const reason = `app password ${wanted.grant.id} revoked by ${by}`;
      await changeCredentials(parts, entry, reason, [wanted.secret], []);
      return list(entry);
    },

    async makeFirstPassword({ name, forMs, uses, afterMs, by }) {
      const entry = find(name);
      checkTime(forMs);
      if (afterMs !== 0) checkTime(afterMs);
      if (!Number.isInteger(uses) || uses < 1 || uses > USES_MAX) {
        throw new LdapError('constraintViolation', `uses are 1 to ${USES_MAX}`);
      }
      if (entry.id === reader.administratorId()) {
        throw new LdapError('unwillingToPerform', 'for the administrator: tenure admin recover');
      }
      const gone = reader
        .secrets(entry.id)
        .filter(({ kind }) => kind === 'userPassword' || kind === grantKinds.first);
      const { text, id, digest } = makeGenerated('first', parts.random());
      const madeMs = parts.nowMs();
      const startsMs = madeMs + afterMs;
      const grant = { id, madeMs, startsMs, endsMs: startsMs + forMs, usesLeft: uses, digest };
      const row = { kind: grantKinds.first, value: encodeGrant('first', grant) };
      await changeCredentials(parts, entry, `first password made by ${by}`, gone, [row]);
      return {
        dn: names.text(entry),
        password: text,
        starts: isoOf(startsMs),
        ends: isoOf(grant.endsMs),
        uses,
        ended: gone.length,
      };
    },
  };
}

/** An app password, as its owner has it and as it is kept; not written yet. */
export function newAppPassword(
  label: string,
  {
    service,
    forMs,
  }: { readonly service?: string | undefined; readonly forMs?: number | undefined },
  taken: readonly string[],
  { random, nowMs }: Pick<CredentialParts, 'random' | 'nowMs'>,
): { readonly text: string; readonly id: string; readonly row: { kind: string; value: Buffer } } {
  const { text, id, digest } = makeGenerated('app', random(), taken);
  const madeMs = nowMs();
  const endsMs = forMs === undefined ? undefined : madeMs + forMs;
  const grant: AppPassword = { id, label, service, madeMs, endsMs, digest };
  return { text, id, row: { kind: grantKinds.app, value: encodeGrant('app', grant) } };
}

function infoOf({ secret, grant }: Held, parts: CredentialParts): AppPasswordInfo {
  const { reader, names } = parts;
  const { id, label, madeMs, endsMs } = grant;
  const dnOf = (entryId: number) => {
    const entry = entryId === 0 ? undefined : reader.entry(entryId);
    return entry && names.text(entry);
  };
  const used = parts.lastUse(secret.id);
  const through = used && dnOf(used.service);
  return {
    id,
    label,
    service: grant.service === undefined ? 'any' : (dnOf(reader.idByUuid(grant.service)) ?? 'gone'),
    made: isoOf(madeMs),
    ...(endsMs !== undefined && { ends: isoOf(endsMs) }),
    ended: endsMs !== undefined && parts.nowMs() >= endsMs,
    ...(used && {
      lastUse: {
        at: isoOf(used.atMs),
        from: used.from,
        ...(through !== undefined && { service: through }),
      },
    }),
  };
}

function checkLabel(label: string, others: readonly Held[], entry: EntryRecord): void {
  if (label.trim() === '' || label.length > LABEL_MAX || /\p{Cc}/u.test(label)) {
    throw new LdapError(
      'constraintViolation',
      `an app password needs a name of 1 to ${LABEL_MAX} characters, such as "phone mail"`,
    );
  }
  if (others.some(({ grant }) => grant.label === label)) {
    throw new LdapError(
      'entryAlreadyExists',
      `${shortName(entry)} has an app password "${label}" already; revoke it, or choose another name`,
    );
  }
  if (others.length >= APP_PASSWORDS_MAX) {
    throw new LdapError(
      'unwillingToPerform',
      `${shortName(entry)} has ${APP_PASSWORDS_MAX} app passwords; revoke one first`,
    );
  }
}

function checkTime(ms: number): void {
  if (Number.isSafeInteger(ms) && ms > 0 && ms <= 10 * YEAR_MS) return;
  throw new LdapError('constraintViolation', 'a time is between a moment and ten years');
}

function serviceNamed(name: string, { reader, names }: CredentialParts): EntryRecord {
  const entry = findEntry(name, reader, names);
  const identity = { role: 'user', dn: names.text(entry), entryId: entry.id } as const;
  if (isService(identity, reader)) return entry;
  throw new LdapError(
    'unwillingToPerform',
    `${names.text(entry)} is not a service account: those are below ou=services, or of the class ` +
      'tenureService',
  );
}

function unknownPassword(which: string, all: readonly Held[], entry: EntryRecord): LdapError {
  const labels = all.map(({ grant }) => grant.label);
  const meant = suggest(which, labels);
  const hint =
    meant !== undefined
      ? `; did you mean "${meant}"?`
      : labels.length > 0
        ? `; there are ${labels.map((label) => `"${label}"`).join(', ')}`
        : '';
  return new LdapError(
    'noSuchAttribute',
    `${shortName(entry)} has no app password "${which}"${hint}`,
  );
}
