/**
 * The second factor of a bind: the code is taken off what was sent, the password part is proved by
 * whoever proves passwords, then the code is looked at. One hash whatever is wrong, whether somebody
 * is enrolled or not: what was sent splits in one way or none. A code that was right is used up
 * durably before the answer, the rest of what must agree having agreed.
 *
 * A factor that still waits for its first code is confirmed by it: the way to enrol over LDAP is to
 * log in once with a code. Until then the password alone opens.
 */
import {
  decodeGrant,
  generatedId,
  grantKinds,
  isGenerated,
  SealedError,
  type SecretBox,
} from '../../../credentials/index.js';
import {
  checkCode,
  decodeFactor,
  type FactorRules,
  isRequired,
  type OtpFactor,
  type OtpWindow,
  splitCode,
} from '../../../credentials/otp/index.js';
import type { EntryRecord, Secret } from '../../ports.js';
import type { Attempt, KnownAttempt, Passed, PersonGate, Refusal, SecondFactor } from './types.js';

export interface SecondFactorTools {
  readonly box: () => SecretBox;
  readonly nowMs: () => number;
  readonly window: OtpWindow;
  readonly rulesOf: (entry: EntryRecord) => FactorRules;
  /** An administrator has said that this person may do without for a while. */
  readonly isBypassed: (entry: EntryRecord) => boolean;
  /** Uses up a step or counter, and confirms the factor; false where it was used already. */
  readonly useCode: (secret: Secret, at: number) => Promise<boolean>;
  /** Uses up a recovery code. */
  readonly consume: (secret: Secret) => Promise<boolean>;
  readonly onDefect: (error: unknown) => void;
}

const noCode: Refusal = { refused: true, reason: 'no code of the second factor' };
const wrongCode: Refusal = { refused: true, reason: 'wrong code of the second factor' };
const usedCode: Refusal = { refused: true, reason: 'code of the second factor used before' };
const unreadable: Refusal = { refused: true, reason: 'the stored second factor does not open' };
const notEnrolled: Refusal = {
  refused: true,
  reason: 'a second factor is required; none is there',
};

/** The factor among somebody's secrets. */
export function factorSecret(secrets: readonly Secret[]): Secret | undefined {
  for (const secret of secrets) if (secret.kind === 'totp' || secret.kind === 'hotp') return secret;
  return undefined;
}

/** @throws SealedError where it does not open */
export function openFactor(secret: Secret, box: SecretBox): OtpFactor {
  const type = secret.kind === 'hotp' ? 'hotp' : 'totp';
  return decodeFactor(type, box.open(secret.value, secret));
}

export function secondFactor(tools: SecondFactorTools): SecondFactor {
  /** Undefined where nobody is to be asked, 'unreadable' where nobody can be. */
  const concerned = (attempt: KnownAttempt): OtpFactor | 'unreadable' | undefined => {
    const secret = factorSecret(attempt.secrets);
    if (secret === undefined || tools.rulesOf(attempt.entry).mode === 'off') return undefined;
    if (tools.isBypassed(attempt.entry)) return undefined;
    try {
      return openFactor(secret, tools.box());
    } catch (error) {
      if (!(error instanceof SealedError)) throw error;
      tools.onDefect(error);
      return 'unreadable';
    }
  };

  return {
    split(attempt) {
      const factor = concerned(attempt);
      if (factor === undefined || factor === 'unreadable' || isWhole(attempt.password)) return;
      const { separators } = tools.rulesOf(attempt.entry);
      const parts = splitCode(attempt.password, factor.digits, separators);
      if (parts === undefined) return;
      // While it waits for its first code, whatever is not that code belongs to the password.
      if (!factor.confirmed && !isGood(factor, parts.code, tools)) return;
      attempt.password = parts.password;
      attempt.code = parts.code;
    },

    check(attempt) {
      const factor = concerned(attempt);
      if (factor === undefined) return undefined;
      if (factor === 'unreadable') return unreadable;
      const { code } = attempt;
      if (code === undefined) return factor.confirmed ? noCode : undefined;
      const sent = Buffer.from(code, 'latin1');
      if (generatedId('recovery', sent) !== undefined) return recovered(attempt, sent, tools);
      const verdict = checkCode(factor, code, tools.nowMs(), tools.window);
      if (!verdict.ok) return verdict.used ? usedCode : wrongCode;
      const secret = factorSecret(attempt.secrets)!;
      return { use: () => tools.useCode(secret, verdict.at) };
    },
  };
}

/** Secrets of these kinds open by themselves and carry no code. */
function isWhole(sent: Buffer): boolean {
  return (['app', 'first', 'service'] as const).some(
    (kind) => generatedId(kind, sent) !== undefined,
  );
}

function isGood(factor: OtpFactor, code: string, tools: SecondFactorTools): boolean {
  return checkCode(factor, code, tools.nowMs(), tools.window).ok;
}

function recovered(attempt: Attempt, sent: Buffer, tools: SecondFactorTools): Passed | Refusal {
  for (const secret of attempt.secrets) {
    if (secret.kind !== grantKinds.recovery) continue;
    const grant = decodeGrant('recovery', secret.value);
    if (grant === undefined || !isGenerated('recovery', sent, grant.digest)) continue;
    return { use: () => tools.consume(secret) };
  }
  return wrongCode;
}

/** Whoever must have a second factor and has none does not come in with a password alone. */
export function enrolmentGate(tools: SecondFactorTools): PersonGate {
  return (attempt, proof) => {
    if (proof.skipsSecondFactor || attempt.code !== undefined) return undefined;
    const { entry, secrets } = attempt;
    const rules = tools.rulesOf(entry);
    if (!isRequired(rules, entry.createdAt, tools.nowMs())) return undefined;
    if (tools.isBypassed(entry)) return undefined;
    const secret = factorSecret(secrets);
    // One that is confirmed has been asked for by now.
    if (secret !== undefined && openFactor(secret, tools.box()).confirmed) return undefined;
    return notEnrolled;
  };
}
