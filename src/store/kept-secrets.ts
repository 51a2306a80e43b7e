/**
 * Secrets that a reader keeps until a commit touches them, so that a bind needs nothing else from
 * the database. Each owner's are one flat string, a fifth of what the objects take:
 *
 *   id SP revision SP kind SP length SP value, and so on; one character a byte
 *
 * The value is never a key of anything here.
 */
import type { Secret } from '../directory/ports.js';
import { IdMap } from './id-map.js';

/** Longer than any hash: what takes more is read again. */
const OWNER_CHARS_MAX = 8_192;
const ZERO = 0x30;
/** The kind of most secrets. */
const USUAL = 'userPassword';

export class KeptSecrets {
  readonly #max: number;
  readonly #packed = new IdMap<string>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether `more` further owners would be too many. */
  hasRoomFor(more: number): boolean {
    return this.#packed.size + more <= this.#max;
  }

  /** The owner's secrets, or undefined where they are not kept. */
  get(owner: number): Secret[] | undefined {
    const packed = this.#packed.get(owner);
    return packed === undefined ? undefined : unpack(owner, packed);
  }

  keep(owner: number, secrets: readonly Secret[]): void {
    const packed = pack(secrets);
    if (packed === undefined) return;
    if (this.#packed.size >= this.#max) this.#packed.clear();
    this.#packed.set(owner, packed);
  }

  drop(owner: number): void {
    this.#packed.delete(owner);
  }

  clear(): void {
    this.#packed.clear();
  }
}

/** Strings that are joined keep their parts; what is read back from here is one piece. */
const scratch = Buffer.alloc(OWNER_CHARS_MAX);

/** Undefined where it would be too long. */
function pack(secrets: readonly Secret[]): string | undefined {
  let end = 0;
  for (const { id, revision, kind, value } of secrets) {
    const head = `${id} ${revision} ${kind} ${value.length} `;
    if (end + head.length + value.length > OWNER_CHARS_MAX) return undefined;
    end += scratch.latin1Write(head, end);
    end += value.copy(scratch, end);
  }
  const packed = scratch.latin1Slice(0, end);
  scratch.fill(0, 0, end);
  return packed;
}

/** Where the word that was read last ends. */
let wordEnd = 0;

/** The digits from `at` to the next space. */
function readNumber(packed: string, at: number): number {
  let number = 0;
  for (let i = at; ; i += 1) {
    const digit = packed.charCodeAt(i) - ZERO;
    if (digit < 0) {
      wordEnd = i;
      return number;
    }
    number = number * 10 + digit;
  }
}

function readKind(packed: string, at: number): string {
  wordEnd = packed.indexOf(' ', at);
  const most = packed.startsWith(USUAL, at) && wordEnd === at + USUAL.length;
  return most ? USUAL : packed.slice(at, wordEnd);
}

function unpack(owner: number, packed: string): Secret[] {
  const secrets: Secret[] = [];
  for (let at = 0; at < packed.length; ) {
    const id = readNumber(packed, at);
    const revision = readNumber(packed, wordEnd + 1);
    const kind = readKind(packed, wordEnd + 1);
    const length = readNumber(packed, wordEnd + 1);
    const start = wordEnd + 1;
    at = start + length;
    secrets.push({
      id,
      owner,
      kind,
      value: Buffer.from(packed.slice(start, at), 'latin1'),
      revision,
    });
  }
  return secrets;
}
