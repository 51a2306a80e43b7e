/**
 * Simple bind (RFC 4513 §5.1): a name and a password become an identity, in the steps that
 * types.ts lists. Every refusal about the person is the same invalidCredentials with the same cost,
 * one argon2 hash, whatever the reason; the reason is for the policy control and the log. What is
 * malformed, or sent in clear where it must not be, was refused before this is asked.
 */
import { type Argon2Params, type HashPool, verifyDummy } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { anonymous, type Identity, type Origin } from '../../model/identity.js';
import type { PolicyResponse } from '../../model/password-policy.js';
import type { DirectoryReader, Secret } from '../../ports.js';
import type { Names } from '../names.js';
import type { BindOutcome, BindRequest } from '../types.js';
import { identityOf } from './identity.js';
import { isService } from './service.js';
import type {
  Attempt,
  BindSteps,
  KnownAttempt,
  Passed,
  Proof,
  Refusal,
  RefusedAt,
  SecondFactor,
  Soon,
} from './types.js';

export interface BindTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  readonly steps: BindSteps;
}

export const PASSWORD_BYTES_MAX = 4_096;

const noSecrets: readonly Secret[] = [];
const noUses: readonly (() => Promise<boolean>)[] = [];
const unknownName: Refusal = { refused: true, reason: 'no such entry' };
const tooLong: Refusal = { refused: true, reason: 'the password is too long to be one' };
const wrongPassword: Refusal = { refused: true, reason: 'wrong password' };
const changedMeanwhile: Refusal = { refused: true, reason: 'the password was changed meanwhile' };
const usedMeanwhile: Refusal = { refused: true, reason: 'used up by another bind' };

/**
 * Answers at once where nothing slow stands in the way; else with a promise.
 * @throws LdapError invalidDNSyntax, invalidCredentials, busy
 */
export function bind(request: BindRequest, origin: Origin, tools: BindTools): Soon<BindOutcome> {
  const attempt = resolve(request, origin, tools);
  const refusal = gated(attempt, tools);
  if (refusal !== undefined) return refuse(attempt, refusal, 'attempt', tools);
  if (!isKnown(attempt)) return refuse(attempt, unknownName, 'proof', tools);
  if (attempt.password.length > PASSWORD_BYTES_MAX) {
    return refuse(attempt, tooLong, 'proof', tools);
  }
  const { secondFactor } = tools.steps;
  secondFactor?.split(attempt);
  for (const { quick } of tools.steps.authenticators) {
    const proof = quick?.(attempt);
    if (proof !== undefined) return admit(attempt, proof, tools);
  }
  return proveSlowly(attempt, tools);
}

/** Who is meant, as stored. */
function resolve(request: BindRequest, origin: Origin, { reader, names }: BindTools): Attempt {
  const { dn, password } = request;
  const { id } = names.resolve(names.parse(dn));
  const entry = id === 0 ? undefined : reader.entry(id);
  return {
    dn,
    entry,
    secrets: entry === undefined ? noSecrets : reader.secrets(id),
    origin,
    boundBefore: request.boundBefore ?? anonymous,
    wantsPolicy: request.wantsPolicy === true,
    trackedAddress: believed(request, reader),
    password,
    code: undefined,
    paid: false,
  };
}

/**
 * Only a registered service may say for whom it asks: from anybody else it would be a way to blame
 * others, or nobody.
 */
function believed(
  { trackedAddress, boundBefore }: BindRequest,
  reader: DirectoryReader,
): string | undefined {
  if (trackedAddress === undefined || boundBefore === undefined) return undefined;
  return isService(boundBefore, reader) ? trackedAddress : undefined;
}

/** The first gate that refuses before anything is proved. */
export function gated(attempt: Attempt, { steps }: BindTools): Refusal | undefined {
  for (const gate of steps.attemptGates) {
    const refusal = gate(attempt);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const isKnown = (attempt: Attempt): attempt is KnownAttempt => attempt.entry !== undefined;

async function proveSlowly(attempt: KnownAttempt, tools: BindTools): Promise<BindOutcome> {
  own(attempt);
  for (const { slow } of tools.steps.authenticators) {
    const proof = await slow?.(attempt);
    if (proof === undefined) continue;
    const refusal = gated(attempt, tools);
    if (refusal !== undefined) return refuse(attempt, refusal, 'attempt', tools);
    // The row is read again: a password that was changed meanwhile opens nothing.
    if (moved(proof, tools.reader)) return refuse(attempt, changedMeanwhile, 'person', tools);
    return admit(attempt, proof, tools);
  }
  return refuse(attempt, wrongPassword, 'proof', tools);
}

/** The request's bytes may be gone by the time that a hash of them is computed. */
function own(attempt: Attempt): void {
  attempt.password = Buffer.from(attempt.password.subarray(0, PASSWORD_BYTES_MAX));
}

function moved({ secret }: Proof, reader: DirectoryReader): boolean {
  if (secret === undefined) return false;
  const now = reader.secrets(secret.owner).find((other) => other.id === secret.id);
  return now === undefined || now.revision !== secret.revision;
}

/** What a session is for, where it is not for everything. */
type Bounds = Pick<Identity, 'only' | 'keptBy'>;

/**
 * The steps that follow a proof, for proofs that need no password too. Everything is looked at
 * before anything is used up.
 */
export function admit(attempt: KnownAttempt, proof: Proof, tools: BindTools): Soon<BindOutcome> {
  const { secondFactor, personGates } = tools.steps;
  let uses = proof.use === undefined ? noUses : [proof.use];
  let policy: PolicyResponse | undefined;
  let as: Bounds = {};
  const second = proof.skipsSecondFactor ? undefined : checkSecond(secondFactor, attempt, proof);
  if (second?.refused) return refuse(attempt, second, 'proof', tools);
  if (second?.use !== undefined) uses = [...uses, second.use];
  for (const gate of personGates) {
    const verdict = gate(attempt, proof);
    if (verdict === undefined) continue;
    if (verdict.refused) return refuse(attempt, verdict, 'person', tools);
    policy = verdict.policy ?? policy;
    const { only, keptBy } = verdict;
    if (only !== undefined) as = { ...as, only };
    if (keptBy !== undefined) as = { ...as, keptBy };
    if (verdict.use !== undefined) uses = [...uses, verdict.use];
  }
  if (uses.length > 0) return useUp(attempt, proof, uses, policy, as, tools);
  return welcome(attempt, proof, policy, as, tools);
}

function checkSecond(
  secondFactor: SecondFactor | undefined,
  attempt: KnownAttempt,
  proof: Proof,
): Refusal | Passed | undefined {
  return secondFactor?.check(attempt, proof);
}

/** Permissions that are consumed are gone from the disk before the client hears of a success. */
async function useUp(
  attempt: KnownAttempt,
  proof: Proof,
  uses: readonly (() => Promise<boolean>)[],
  policy: PolicyResponse | undefined,
  as: Bounds,
  tools: BindTools,
): Promise<BindOutcome> {
  for (const use of uses) {
    if (!(await use())) return refuse(attempt, usedMeanwhile, 'person', tools);
  }
  // A disk takes its time: an end may have passed meanwhile.
  const refusal = gated(attempt, tools);
  if (refusal !== undefined) return refuse(attempt, refusal, 'attempt', tools);
  return welcome(attempt, proof, policy, as, tools);
}

function welcome(
  attempt: KnownAttempt,
  proof: Proof,
  policy: PolicyResponse | undefined,
  as: Bounds,
  tools: BindTools,
): BindOutcome {
  for (const observer of tools.steps.observers) observer.succeeded(attempt, proof);
  const identity = identityOf(attempt.entry, tools.reader, tools.names);
  const { only, keptBy } = as;
  const bounded = only !== undefined || keptBy !== undefined;
  const factor = attempt.code !== undefined;
  if (!bounded && !factor) return { identity, policy };
  return { identity: { ...identity, ...as, ...(factor && { factor }) }, policy };
}

/** Every refusal about a person ends here. */
export async function refuse(
  attempt: Attempt,
  refusal: Refusal,
  at: RefusedAt,
  tools: BindTools,
): Promise<never> {
  if (!attempt.paid) {
    own(attempt);
    await verifyDummy(tools.pool, attempt.password, tools.argon2);
  }
  for (const observer of tools.steps.observers) {
    const noted = observer.failed(attempt, refusal, at);
    if (noted !== undefined) await noted;
  }
  const text = 'the name or the password is wrong';
  throw new LdapError('invalidCredentials', text, '', refusal.policyError);
}
