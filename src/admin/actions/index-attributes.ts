/** Which attributes are found by index: listing, adding, dropping. Building is the engine's. */
import { suggest } from '../../runtime/suggest.js';
import type { OnProgress } from '../engine.js';
import { AdminError } from '../errors.js';
import type { AdminEngine, IndexInfo } from '../ports.js';
import type { IndexChange, IndexResult } from './types.js';

/** Equality, substring, and ordering with ranges, in the order they are shown. */
export const indexWords = ['eq', 'sub', 'ord'] as const;

/** All indexed attributes with their index words, sorted. */
export async function listIndexes(engine: AdminEngine): Promise<readonly IndexInfo[]> {
  return engine.indexes();
}

/** Adds or drops index words of one attribute; resolves when searches use them. */
export async function changeIndex(
  engine: AdminEngine,
  { attribute, verb, words }: IndexChange,
  onProgress: OnProgress,
): Promise<IndexResult> {
  for (const word of words) checkWord(word);
  const existing = find(engine, attribute);
  const before = new Set(existing?.words ?? []);
  const wanted = indexWords.filter((word) => {
    if (verb === 'add') return before.has(word) || words.includes(word);
    return before.has(word) && words.length > 0 && !words.includes(word);
  });
  if (verb === 'drop' && existing === undefined) {
    const meant = suggest(
      attribute,
      engine.indexes().map((index) => index.attribute),
    );
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new AdminError('refused', `there is no index on ${attribute}${hint}`);
  }
  const changed = wanted.length !== before.size || wanted.some((word) => !before.has(word));
  if (changed) await engine.setIndex(attribute, wanted, onProgress);
  const now = find(engine, attribute);
  return { attribute: now?.attribute ?? existing?.attribute ?? attribute, words: wanted, changed };
}

function find(engine: AdminEngine, attribute: string): IndexInfo | undefined {
  const wanted = attribute.toLowerCase();
  return engine.indexes().find((index) => index.attribute.toLowerCase() === wanted);
}

function checkWord(word: string): void {
  if ((indexWords as readonly string[]).includes(word)) return;
  const meant = suggest(word, indexWords);
  const hint = meant === undefined ? `they are ${indexWords.join(', ')}` : `did you mean ${meant}?`;
  throw new AdminError('usage', `"${word}" is not an index word; ${hint}`);
}
