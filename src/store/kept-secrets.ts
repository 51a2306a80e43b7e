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
    if (packed.length > OWNER_CHARS_MAX) return;
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

function pack(secrets: readonly Secret[]): string {
  let text = '';
  for (const { id, revision, kind, value } of secrets) {
    text += `${id} ${revision} ${kind} ${value.length} ${value.latin1Slice(0, value.length)}`;
  }
  return text;
}

function unpack(owner: number, packed: string): Secret[] {
  const secrets: Secret[] = [];
  let at = 0;
  const word = (): string => {
    const end = packed.indexOf(' ', at);
    const found = packed.slice(at, end);
    at = end + 1;
    return found;
  };
  while (at < packed.length) {
    const id = Number(word());
    const revision = Number(word());
    const kind = word();
    const end = Number(word()) + at;
    secrets.push({
      id,
      owner,
      kind,
      value: Buffer.from(packed.slice(at, end), 'latin1'),
      revision,
    });
    at = end;
  }
  return secrets;
}
