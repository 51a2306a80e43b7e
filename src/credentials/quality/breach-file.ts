/**
 * A file of breached passwords' hashes as breach services publish it: one a line, sorted, SHA-1 (40
 * digits) or NT (32), with or without `:COUNT`. Searched on disk by halving, some 30 small reads
 * for a file of any size; nothing is kept in memory. Opening checks samples from all over the file,
 * so that one in the wrong format, or sorted by count, is refused at start and not by silence later.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { ntHash } from '../nt-hash.js';

/** The file cannot be used; the message is one sentence that names it and says what to do. */
export class BreachFileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'BreachFileError';
  }
}

/** Longest line: a hash, a colon, a count, an end of line, and room. */
const LINE_BYTES_MOST = 96;
const SAMPLES = 64;
const line = /^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40})(?::\d{1,15})?\r?$/;

/** An open breach file. */
export class BreachFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #bytes: number;
  /** 32: NT hashes; 40: SHA-1. */
  readonly #digits: number;

  private constructor(file: string, handle: FileHandle, bytes: number, digits: number) {
    this.#file = file;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#digits = digits;
  }

  /** Opens and samples `file`. @throws BreachFileError */
  static async open(file: string): Promise<BreachFile> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'r');
    } catch (error) {
      throw new BreachFileError(file, unreadable((error as NodeJS.ErrnoException).code));
    }
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new BreachFileError(file, 'this is not a file');
      if (stat.size === 0) throw new BreachFileError(file, 'the file is empty');
      const first = await lineAt(handle, 0, stat.size, file);
      const opened = new BreachFile(file, handle, stat.size, first.hash.length);
      await opened.#sample();
      return opened;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Which hashes it holds. */
  get kind(): 'SHA-1' | 'NT' {
    return this.#digits === 40 ? 'SHA-1' : 'NT';
  }

  /** Whether the hash of `password` is in the file. */
  async holds(password: string): Promise<boolean> {
    const wanted = this.#digits === 40 ? sha1(password) : ntHash(password).toString('hex');
    let low = 0;
    let high = this.#bytes;
    // Every line that starts before `low` is smaller, every one at `high` or later is greater.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await lineAt(this.#handle, middle, this.#bytes, this.#file);
      if (found.hash === wanted) return true;
      if (found.hash < wanted) low = found.end;
      else high = found.start;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #sample(): Promise<void> {
    let before = '';
    for (let i = 0; i < SAMPLES; i++) {
      const at = Math.floor((this.#bytes - 1) * (i / (SAMPLES - 1)));
      const { hash, start } = await lineAt(this.#handle, at, this.#bytes, this.#file);
      if (hash.length !== this.#digits) {
        throw new BreachFileError(
          this.#file,
          `the hash at byte ${start} has ${hash.length} digits, the first has ${this.#digits}`,
        );
      }
      if (hash < before) {
        throw new BreachFileError(
          this.#file,
          `not sorted by hash (see byte ${start}); take the list ordered by hash, or sort it`,
        );
      }
      before = hash;
    }
  }
}

interface FoundLine {
  /** Lower case. */
  readonly hash: string;
  /** Offset of its first byte, and of the one behind its end. */
  readonly start: number;
  readonly end: number;
}

/** The line that the byte at `at` belongs to. */
async function lineAt(
  handle: FileHandle,
  at: number,
  bytes: number,
  file: string,
): Promise<FoundLine> {
  const from = Math.max(0, at - LINE_BYTES_MOST);
  const window = Buffer.alloc(Math.min(bytes, at + LINE_BYTES_MOST) - from);
  const { bytesRead } = await handle.read(window, 0, window.length, from);
  const text = window.latin1Slice(0, bytesRead);
  const here = at - from;
  const startsAt = here === 0 ? 0 : text.lastIndexOf('\n', here - 1) + 1;
  const newline = text.indexOf('\n', here);
  const endsAt = newline < 0 ? text.length : newline;
  const match = line.exec(text.slice(startsAt, endsAt));
  if (match === null) {
    const where = from + startsAt === 0 ? 'its first line' : `the line at byte ${from + startsAt}`;
    throw new BreachFileError(
      file,
      `${where} is not a hash: 40 hexadecimal digits (SHA-1) or 32 (NT), then nothing or :COUNT`,
    );
  }
  return {
    hash: match[1]!.toLowerCase(),
    start: from + startsAt,
    end: newline < 0 ? bytes : from + newline + 1,
  };
}

function sha1(password: string): string {
  return createHash('sha1').update(password, 'utf8').digest('hex');
}

function unreadable(code: string | undefined): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission to read the file is missing';
  return `the file cannot be read (${code ?? 'unknown reason'})`;
}
