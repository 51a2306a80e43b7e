/**
 * The directory as its drivers see it: reads answered here, on the connection thread; writes
 * prepared here and handed to the writer thread. One object per process.
 */
import type { Guard, VerifiedPasswords } from '../../credentials/guard/index.js';
import type { Argon2Params, HashPool, NtSources, SecretBox } from '../../credentials/index.js';
import type { PasswordJudge } from '../../credentials/quality/index.js';
import { errorShape } from '../../runtime/errors.js';
import type { Limits } from '../../runtime/limits.js';
import type { Random } from '../../runtime/random.js';
import { bytesOf } from '../model/bytes.js';
import { anonymous, type Identity, type Origin } from '../model/identity.js';
import type { DirectoryReader, EntryRecord, Secret } from '../ports.js';
import { normalizeDn } from '../schema/index.js';
import { type AuditBook, auditObserver, through, Witness } from './audit/index.js';
import {
  type AlarmingUse,
  type Attempt,
  addressGate,
  alarmGate,
  appPasswordAuthenticator,
  type BindSteps,
  bind,
  bindCertificate,
  type CertificateRule,
  enrolmentGate,
  formerChecker,
  formerPasswordGate,
  guardGate,
  guardObserver,
  hostGate,
  identityOf,
  isService,
  ntHashObserver,
  oneTimeAuthenticator,
  passwordAuthenticator,
  type RefusedBind,
  rehashing,
  type SecondFactorTools,
  Services,
  secondFactor,
  serviceSecretAuthenticator,
  tellingRefusals,
} from './bind/index.js';
import { ChangelogSearch, isChangelog } from './changelog/index.js';
import { compare } from './compare.js';
import { Compiler } from './compile.js';
import { bypassedUntil, setGuard } from './guard.js';
import {
  assertMayGoOn,
  assertNoDisposal,
  mayGoOn,
  setUpGate,
  stateGate,
} from './lifecycle/index.js';
import { Names } from './names.js';
import { Cookies } from './paging.js';
import {
  factorRulesOf,
  hashCostOf,
  isNeverLocked,
  lockoutRulesOf,
  type PolicyGateTools,
  policiesOf,
  policyGate,
  renewalOf,
  setClock,
  textsOf,
} from './policies/index.js';
import { actingIdentity, identityAs } from './rights/index.js';
import { TreeSearch } from './search.js';
import { AccessMap } from './seen.js';
import { Selections } from './selection.js';
import { noteUse } from './services/index.js';
import { type Offered, staticSearch } from './static-entries.js';
import type {
  Context,
  Directory,
  PreparedWrite,
  SearchRequest,
  SearchRun,
  WriteOutcome,
  WriteRequest,
} from './types.js';
import { SUBSCHEMA_DN } from './virtual.js';
import { ntHashOfWrite, withNtHash } from './write/nt-hashes.js';
import { OldPasswords } from './write/old-password.js';
import { prepareWrite } from './write/prepare.js';
import { unlockingOf } from './write/unlocking.js';

export interface DirectoryOptions {
  readonly reader: DirectoryReader;
  /** Hands a prepared write to the writer thread. */
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly pool: HashPool;
  /** Remembers failures and last use. */
  readonly guard: Guard;
  /** Passwords verified a moment ago; absent where every bind computes its hash. */
  readonly verified?: VerifiedPasswords | undefined;
  /** Judges new passwords; without it they are taken as they are. */
  readonly judge?: PasswordJudge | undefined;
  readonly argon2: Argon2Params;
  readonly rehashOnBind: boolean;
  /** Where NT hashes come from. */
  readonly ntSources: NtSources;
  /** Whose a client certificate is; empty where nobody logs in with one. */
  readonly certificateRules?: readonly CertificateRule[];
  readonly limits: Limits;
  readonly random: Random;
  readonly monotonicMs: () => number;
  readonly nowMs: () => number;
  readonly offered: Offered;
  /** What was thrown and not meant to be: for the log. */
  readonly onDefect: (error: unknown) => void;
  /** Why a bind was refused: for the log. */
  readonly onRefusedBind?: (refused: RefusedBind) => void;
  /** Somebody of a kind whose every use alarms has come in: resolves when that is on disk. */
  readonly onAlarmingUse?: (use: AlarmingUse) => Promise<void>;
  /** What is seen goes into the audit trail. */
  readonly audit?: AuditBook | undefined;
  /** What is sealed. */
  readonly box: () => SecretBox;
}

/** Prepares of one write: a password that keeps changing under it ends as busy. */
const ATTEMPTS_MAX = 4;

/** Builds the directory over one reader. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { reader, pool, guard, argon2, rehashOnBind } = options;
  const names = new Names(reader);
  const compiler = new Compiler(reader);
  const selections = new Selections(reader, compiler);
  const cookies = new Cookies(options.random);
  const { limits, monotonicMs, nowMs, onDefect, offered } = options;
  const services = new Services(reader);
  const accessMap = guard.mapsAccess
    ? new AccessMap({ reader, guard, nowMs, serviceOf: (attempt) => services.of(attempt) })
    : undefined;
  const witness = options.audit && new Witness(options.audit, names);
  const searchTools = {
    reader,
    accessMap,
    names,
    compiler,
    selections,
    cookies,
    limits,
    monotonicMs,
    nowMs,
    onDefect,
    witness,
    ntHashes: { sources: options.ntSources, box: options.box, nowMs, onDefect },
  };
  const system = (): Context => ({ identity: administrator(), origin: serverOrigin });

  const credentialTools = {
    pool,
    argon2,
    nowMs,
    verified: options.verified,
    costOf: (entry: EntryRecord) => hashCostOf(policiesOf(reader).of(entry).found, reader, argon2),
    async consume(secret: Secret): Promise<boolean> {
      const { owner, id: secretId } = secret;
      const reason =
        secret.kind === 'recoveryCode' ? 'recovery code used' : 'one-time password used';
      const context = system();
      const outcome = await options.write({ op: 'consume', context, reason, owner, secretId });
      return outcome.ok;
    },
    rehash(secret: Secret, value: Buffer): void {
      void options.write({
        op: 'rehash',
        context: system(),
        reason: 'rehash on bind',
        secretId: secret.id,
        revision: secret.revision,
        value: bytesOf(value),
      });
    },
  };

  setGuard(reader, guard);
  setClock(reader, nowMs);
  const guarded = {
    guard,
    checkFormer: formerChecker({ pool, onDefect }),
    rulesOf: (entry: EntryRecord) => lockoutRulesOf(entry, reader),
    serviceOf: (attempt: Attempt) => services.of(attempt),
    isNeverLocked: (entry: EntryRecord) => isNeverLocked(entry, reader),
  };

  const prepareTools = {
    reader,
    names,
    pool,
    argon2,
    judge: options.judge,
    nowMs,
    oldPasswords: new OldPasswords(guarded),
  };
  const policyTools: PolicyGateTools = {
    policies: policiesOf(reader),
    nowMs,
    lastSuccess: ({ id }) => guard.lastUse(id).success?.atMs,
    serviceIsAware: (attempt) => isAware(guarded.serviceOf(attempt)),
    async useGrace(entry, limit) {
      const [context, owner] = [system(), entry.id];
      const reason = 'login with an expired password';
      return (await options.write({ op: 'grace', context, reason, owner, limit })).ok;
    },
  };

  /** A service account whose entry says that it deals with passwords that must be changed. */
  function isAware(service: number): boolean {
    const entry = service === 0 ? undefined : reader.entry(service);
    if (entry === undefined) return false;
    return textsOf(entry, 'tenurePolicyAware', reader)[0]?.toUpperCase() === 'TRUE';
  }

  const factors: SecondFactorTools = {
    box: options.box,
    nowMs,
    window: { drift: limits.otpDriftSteps, lookAhead: limits.otpLookAhead },
    rulesOf: (entry) => factorRulesOf(entry, reader),
    isBypassed: (entry) =>
      entry.id !== reader.administratorId() && (bypassedUntil(entry, reader) ?? 0) * 1000 > nowMs(),
    consume: credentialTools.consume,
    async useCode({ owner, id: secretId }, at) {
      const reason = 'code used';
      const context = system();
      return (await options.write({ op: 'useCode', context, reason, owner, secretId, at })).ok;
    },
    onDefect,
  };

  const derives = Object.values(options.ntSources).includes('password');
  const deriving = derives ? [ntHashObserver({ reader, write: options.write, system, nowMs })] : [];

  const bindTime = { reader, nowMs, serviceOf: guarded.serviceOf };

  /** What a bind goes through; the order within each list is the order in which they are asked. */
  const steps: BindSteps = {
    attemptGates: [stateGate(bindTime), guardGate(guarded)],
    authenticators: [
      appPasswordAuthenticator({ reader, nowMs, serviceOf: guarded.serviceOf }),
      serviceSecretAuthenticator({ nowMs, renewalOf: (entry) => renewalOf(entry, reader) }),
      oneTimeAuthenticator(credentialTools),
      passwordAuthenticator(credentialTools),
    ],
    secondFactor: secondFactor(factors),
    personGates: [
      setUpGate(bindTime),
      hostGate(bindTime),
      addressGate(reader),
      formerPasswordGate({ nowMs }),
      policyGate(policyTools),
      enrolmentGate(factors),
      ...(options.onAlarmingUse
        ? [alarmGate({ ...bindTime, onUse: options.onAlarmingUse, onDefect })]
        : []),
    ],
    observers: [
      guardObserver(guarded),
      ...(accessMap === undefined ? [] : [accessMap.observer()]),
      ...(options.audit ? [auditObserver(options.audit, guarded.serviceOf)] : []),
      ...(rehashOnBind ? [rehashing(credentialTools)] : []),
      ...deriving,
      ...(options.onRefusedBind ? [tellingRefusals(options.onRefusedBind)] : []),
    ],
  };
  const certificateRules = options.certificateRules ?? [];
  const bindTools = { ...prepareTools, steps, certificateRules, nowMs };

  function administrator(): Identity {
    const entry = reader.entry(reader.administratorId());
    if (entry === undefined) throw new Error('the directory has no administrator entry');
    return identityOf(entry, reader, names);
  }

  function search(request: SearchRequest, given: Context): SearchRun {
    const context = acting(given);
    noteUse(given, reader, guard, nowMs);
    const { base } = request;
    const isDse = base === '' && request.scope === 'base';
    if (isDse || (base.length < 40 && isSubschema(base))) {
      // Whose account is not active any more reads no more than who has not bound.
      const identity = mayGoOn(context.identity, reader, nowMs() / 1000)
        ? context.identity
        : anonymous;
      const asking = { ...context, identity };
      const staticTools = { reader, compiler, offered, nowMs };
      return staticSearch(isDse ? 'rootDse' : 'subschema', request, asking, staticTools);
    }
    if (isChangelog(base, searchTools)) return new ChangelogSearch(searchTools, request, context);
    return new TreeSearch(searchTools, request, context);
  }

  function isSubschema(base: string): boolean {
    if (!base.toLowerCase().includes('subschema')) return false;
    const schema = reader.schema();
    return normalizeDn(schema, base)?.key === normalizeDn(schema, SUBSCHEMA_DN)?.key;
  }

  /** With what a role makes of the identity in this second. */
  function acting(context: Context): Context {
    const identity = actingIdentity(context.identity, reader, Math.floor(nowMs() / 1000));
    return identity === context.identity ? context : { ...context, identity };
  }

  async function submit(given: WriteRequest): Promise<WriteOutcome> {
    const request = { ...given, context: through(given.context, reader, services) };
    noteUse(given.context, reader, guard, nowMs);
    const outcome = await submitted(request);
    if (!outcome.ok) witness?.refused(request, outcome.error);
    return outcome;
  }

  async function submitted(given: WriteRequest): Promise<WriteOutcome> {
    const { context } = given;
    try {
      const request = { ...given, context: acting(context) };
      assertMayGoOn(request.context.identity, reader, nowMs());
      assertNoDisposal(request, reader);
      const unlocking = unlockingOf(request, reader, names, nowMs());
      if (unlocking !== undefined) {
        const outcome = await options.write({ ...unlocking, context });
        if (outcome.ok) guard.unlocked(unlocking.owner);
        return outcome;
      }
      for (let attempt = 1; ; attempt++) {
        const preparing = prepareWrite(request, prepareTools);
        const prepared = 'request' in preparing ? preparing : await preparing;
        const hash = derives ? ntHashOfWrite(request, prepared.generated) : undefined;
        // The writer decides by itself, at its time, what the role makes of the identity.
        const outcome = await options.write({ ...withNtHash(prepared.request, hash), context });
        if (!outcome.ok && outcome.retry === true && attempt < ATTEMPTS_MAX) continue;
        if (!outcome.ok) return outcome;
        const { generated } = prepared;
        const freed = request.context.identity.only !== undefined;
        if (generated === undefined && !freed) return outcome;
        return { ...outcome, ...(generated && { generated }), ...(freed && { freed }) };
      }
    } catch (error) {
      const shape = errorShape(error);
      if (shape.code === 'other') onDefect(error);
      return { ok: false, error: shape };
    }
  }

  return {
    isService: (identity) => isService(identity, reader),
    assertMayGoOn: (identity) => assertMayGoOn(identity, reader, nowMs()),
    authenticate: (request, origin) => bind(request, origin, bindTools),
    authenticateCertificate: (request, origin) => bindCertificate(request, origin, bindTools),
    administrator,
    identityAs: (authzId, asking) => identityAs(authzId, asking, { reader, names, nowMs }),
    search,
    compare: (request, context) => {
      noteUse(context, reader, guard, nowMs);
      return compare(request, acting(context), { reader, names, compiler, nowMs, witness });
    },
    submit,
  };
}

/** Writes that the server makes of itself. */
const serverOrigin: Origin = { address: 'server', connection: 0, confidential: true };
