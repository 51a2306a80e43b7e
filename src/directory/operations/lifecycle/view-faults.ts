/**
 * What is wrong with the words of a view in this directory. One that shows nothing of what it names, or
 * gives another name to what it does not show, would lock its service out of what it came for. Its own
 * entry, and the classes of every entry, it sees whatever it says.
 */
import { suggest } from '../../../runtime/suggest.js';
import type { DirectoryReader } from '../../ports.js';
import { readView } from './consumers.js';
import { basesOf } from './person-of.js';

/** A sentence, or undefined where the words are sound. */
export function viewFaultOf(words: readonly string[], reader: DirectoryReader): string | undefined {
  const view = readView(words, false);
  if ('fault' in view) return view.fault;
  const schema = reader.schema();
  const nowhere = view.bases.find((base) => basesOf(base, reader).length === 0);
  if (nowhere !== undefined) {
    return `"base=${nowhere.slice(0, 200)}" names no entry here: the service would see nothing; name one that is there, such as base=ou=people`;
  }
  const { sees, renames } = view;
  for (const name of [...(sees ?? []), ...renames.keys()]) {
    if (schema.attribute(name) !== undefined) continue;
    const names = schema.attributes.flatMap((type) => type.names);
    const meant = suggest(name, names);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    return `"${name}" is no attribute of the schema${hint}`;
  }
  for (const [own, theirs] of renames) {
    if (sees === undefined || sees.has(own)) continue;
    return `"rename=${own}:${theirs}" names what it does not see; add ${own} to sees=`;
  }
  return undefined;
}
