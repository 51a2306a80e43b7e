/**
 * What verify found: problems in words, up to a bound, how much was looked at, and how far it is.
 */

/** How far a long check is: `total` is 0 where the end is not known. */
export interface VerifyProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** Problems that are told apart; past it they are only counted. */
const TOLD_MAX = 100;
/** Things looked at between two reports of progress. */
const PROGRESS_STEP = 5_000;

export class Findings {
  readonly problems: string[] = [];
  readonly checked: Record<string, number> = {};
  readonly #onProgress: (progress: VerifyProgress) => void;
  #untold = 0;
  #phase = '';
  #done = 0;
  #total = 0;

  constructor(onProgress: (progress: VerifyProgress) => void = () => {}) {
    this.#onProgress = onProgress;
  }

  problem(text: string): void {
    if (this.problems.length < TOLD_MAX) this.problems.push(text);
    else this.#untold += 1;
  }

  /** Another part of the check begins. */
  begin(phase: string, total: number): void {
    this.#phase = phase;
    this.#total = total;
    this.#done = 0;
    this.#tell();
  }

  /** One more thing of this part was looked at. */
  step(): void {
    this.#done += 1;
    if (this.#done % PROGRESS_STEP === 0) this.#tell();
  }

  #tell(): void {
    this.#onProgress({ phase: this.#phase, done: this.#done, total: this.#total });
  }

  count(what: string, n = 1): void {
    this.checked[what] = (this.checked[what] ?? 0) + n;
  }

  /** All problems; the last says how many more there are. */
  told(): string[] {
    if (this.#untold === 0) return this.problems;
    return [...this.problems, `and ${this.#untold} more problems`];
  }
}
