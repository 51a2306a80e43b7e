/**
 * Whether a new password is good enough, and if not, why, in words for the person who chose it.
 * Owns the order of the checks: what is cheap and easy to mend comes first. It decides nothing about
 * who is asked for what: the rules are an argument. It keeps no password longer than a judgement.
 */
import type { Clock } from '../../runtime/clock.js';
import type { BreachFile } from './breach-file.js';
import type { Guess } from './guess.js';
import { GuessThread } from './guess-thread.js';
import {
  acceptable,
  judgeCharacters,
  type PersonalWords,
  passwordText,
  type QualityRules,
  type QualityVerdict,
  refused,
  unreadable,
} from './rules.js';

export interface PasswordJudgeOptions {
  readonly clock: Clock;
  readonly breachFile?: BreachFile | undefined;
}

/** More is no password; counting its characters would hold up everybody else. */
const BYTES_MOST = 4_096;

/** Judges passwords; `close()` ends its thread and closes its file. */
export class PasswordJudge {
  readonly #thread: GuessThread;
  readonly #breachFile: BreachFile | undefined;

  constructor({ clock, breachFile }: PasswordJudgeOptions) {
    this.#thread = new GuessThread(clock);
    this.#breachFile = breachFile;
  }

  /** Whether dictionaries are loaded now. */
  get loaded(): boolean {
    return this.#thread.running;
  }

  /**
   * Judges `clear` by `rules`, for somebody of whom `about` is known. Rejects with LdapError `busy`
   * where too many wait. Rules that need no dictionary never start the thread.
   */
  async judgePassword(
    clear: Buffer,
    rules: QualityRules,
    about: PersonalWords,
  ): Promise<QualityVerdict> {
    if (clear.length > BYTES_MOST) {
      return refused('tooLong', `the password is too long: ${BYTES_MOST} bytes at most`);
    }
    const text = passwordText(clear);
    if (text === undefined) return unreadable(clear);
    const characters = judgeCharacters(text, rules);
    if (!characters.ok) return characters;
    if (rules.refuseCommon || rules.minScore > 0) {
      const verdict = judgeGuess(await this.#thread.guess(text, about), rules);
      if (!verdict.ok) return verdict;
    }
    if (rules.refuseBreached && (await this.#breachFile?.holds(text)) === true) {
      return refused(
        'breached',
        'the password is known from a data breach; choose one that was never used anywhere',
      );
    }
    return acceptable;
  }

  async close(): Promise<void> {
    await this.#thread.close();
    await this.#breachFile?.close();
  }
}

function judgeGuess({ common, personal, score, because }: Guess, rules: QualityRules) {
  if (personal) {
    return refused(
      'personal',
      'the password is a name, login or address of yours, or of the organisation',
    );
  }
  if (common && rules.refuseCommon) {
    return refused(
      'common',
      'the password is one of the most common ones, or one of them with signs exchanged or added',
    );
  }
  if (score >= rules.minScore) return acceptable;
  const why = because === '' ? '' : `: ${because}`;
  return refused(
    'guessable',
    `the password is too easy to guess${why}; some unrelated words make a better one`,
  );
}
