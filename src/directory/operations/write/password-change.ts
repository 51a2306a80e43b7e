/**
 * What a change of somebody's password has to pass before it is hashed, and what it leaves behind:
 * the password policy on the side of writes. People are asked everything. The administrator is
 * asked for quality only where the policy says "always" (pwdCheckQuality 2), and whatever he sets
 * for somebody else is to be changed where the policy says so (pwdMustChange).
 */
import { type HashPool, verifyPassword } from '../../../credentials/index.js';
import {
  noQualityRules,
  type PasswordJudge,
  type QualityProblem,
  type QualityRules,
} from '../../../credentials/quality/index.js';
import { LdapError, type PolicyErrorName } from '../../../runtime/errors.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord, Secret } from '../../ports.js';
import { evaluateChange, type PasswordPolicy } from '../../ppolicy/index.js';
import type { Standing } from '../policies/policies.js';
import type { PasswordEffects } from '../types.js';
import { hashInHistory, PASSWORD_HISTORY } from './password-history.js';
import { personalWords } from './personal-words.js';

export interface PasswordChangeTools {
  readonly reader: DirectoryReader;
  readonly pool: HashPool;
  readonly judge?: PasswordJudge | undefined;
  readonly nowMs: () => number;
}

/** The entry whose password is set; undefined where it does not exist yet. */
export interface PasswordTarget {
  readonly entry: EntryRecord | undefined;
  readonly standing: Standing;
  /** Names, logins and addresses of an entry that does not exist yet. */
  readonly words?: readonly string[];
}

export class PasswordChange {
  readonly #target: PasswordTarget;
  readonly #identity: Identity;
  readonly #tools: PasswordChangeTools;
  readonly #secrets: readonly Secret[];
  /** Set where somebody's own wish is granted by the policy; the administrator grants himself. */
  readonly #asked: boolean;

  constructor(target: PasswordTarget, identity: Identity, tools: PasswordChangeTools) {
    this.#target = target;
    this.#identity = identity;
    this.#tools = tools;
    this.#secrets = target.entry === undefined ? [] : tools.reader.secrets(target.entry.id);
    // Whoever is an administrator by a role has a password of their own like everybody.
    const own = target.entry !== undefined && target.entry.id === identity.entryId;
    const initial = identity.entryId === tools.reader.administratorId();
    this.#asked = identity.role !== 'administrator' || (own && !initial);
  }

  get #policy(): PasswordPolicy {
    return this.#target.standing.policy;
  }

  /** @throws LdapError insufficientAccessRights, constraintViolation: not now, or not like this */
  assertAllowed(gaveOld: boolean): void {
    // Who sets that of another, and may, does not ask for himself.
    const own = this.#target.entry?.id === this.#identity.entryId;
    if (!this.#asked || !own) return;
    const { policy, state } = this.#target.standing;
    // Who came in by a one-time password may have no other to give.
    const hasOld = this.#secrets.some(({ kind }) => kind === USER_PASSWORD);
    const now = Math.floor(this.#tools.nowMs() / 1000);
    const refusal = evaluateChange(policy, state, { gaveOld: gaveOld || !hasOld, now });
    if (refusal === undefined) return;
    throw new LdapError(refusal.code, refusal.text, '', refusal.error);
  }

  /** @throws LdapError constraintViolation with the reason in words: short, weak, used before */
  async assertGood(clear: Buffer): Promise<void> {
    const policy = this.#policy;
    if (!this.#asked && policy.checkQuality < ALWAYS) return;
    const rules = rulesOf(policy);
    const words = this.#words();
    const verdict = await this.#tools.judge?.judgePassword(clear, rules, words);
    if (verdict !== undefined && !verdict.ok) {
      const tolerated = verdict.problem === 'unreadable' && policy.checkQuality < ALWAYS;
      if (!tolerated) throw violation(verdict.text, errorOf(verdict.problem));
    }
    if (this.#asked) await this.#assertNew(clear);
  }

  /** A hash says nothing of its password. @throws LdapError constraintViolation */
  assertHashTaken(): void {
    if (this.#policy.checkQuality < ALWAYS) return;
    throw violation(
      'the password policy checks every password (pwdCheckQuality 2): a hash cannot be checked',
      'insufficientPasswordQuality',
    );
  }

  #words(): readonly string[] {
    const { entry, words } = this.#target;
    if (entry === undefined) return words ?? [];
    return personalWords(entry, this.#tools.reader);
  }

  /** Neither the present password nor one of the last ones. */
  async #assertNew(clear: Buffer): Promise<void> {
    const { inHistory } = this.#policy;
    if (inHistory === 0) return;
    const former = this.#secrets.filter(({ kind }) => kind === PASSWORD_HISTORY).slice(-inHistory);
    const present = this.#secrets.filter(({ kind }) => kind === USER_PASSWORD);
    const hashes = [
      ...present.map(({ value }) => value),
      ...former.map(({ value }) => hashInHistory(value)).reverse(),
    ];
    for (const hash of hashes) {
      if (!(await verifyPassword(hash, clear, this.#tools.pool))) continue;
      throw violation(
        `the password was used before: the last ${inHistory} may not be used again`,
        'passwordInHistory',
      );
    }
  }

  /** What is to be written beside the new password. */
  effects(): PasswordEffects {
    const { entry } = this.#target;
    const { mustChange, inHistory } = this.#policy;
    const reset = mustChange && entry !== undefined && entry.id !== this.#identity.entryId;
    const seen = this.#secrets
      .filter(({ kind }) => kind === USER_PASSWORD || kind === PASSWORD_HISTORY)
      .map(({ id, revision }) => ({ id, revision }));
    return { reset, history: inHistory, seen: this.#asked ? seen : [] };
  }
}

const USER_PASSWORD = 'userPassword';
/** pwdCheckQuality: whoever sets it, and whatever it looks like. */
const ALWAYS = 2;

function rulesOf({ checkQuality, needs, minLength, maxLength }: PasswordPolicy): QualityRules {
  const lengths = { minLength, maxLength };
  return checkQuality > 0 ? { ...needs, ...lengths } : { ...noQualityRules, ...lengths };
}

function errorOf(problem: QualityProblem): PolicyErrorName {
  return problem === 'tooShort' ? 'passwordTooShort' : 'insufficientPasswordQuality';
}

function violation(text: string, error: PolicyErrorName): LdapError {
  return new LdapError('constraintViolation', text, '', error);
}
