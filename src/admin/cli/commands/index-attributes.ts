/** `tenure index add|drop|list`: which attributes searches find by index. */
import type { Command } from 'commander';
import { type IndexChange, type IndexResult, indexWords } from '../../actions/index.js';
import type { IndexInfo } from '../../ports.js';
import { command, type Flags, withProgress } from '../about.js';
import { type Run, show } from '../command.js';
import { withActions } from '../reach.js';
import { table } from '../render.js';

/** Adds the commands to `parent`. */
export function addIndex(parent: Command, run: Run): void {
  const index = parent.command('index').description('attributes that searches find quickly');
  const words = `of ${indexWords.join(', ')}`;

  command(index, run, 'add', 'index an attribute; searches go on meanwhile')
    .argument('<attribute>', 'its name')
    .argument('[words...]', `${words}: equality, substrings, order`, ['eq'])
    .action((attribute: string, words: readonly string[], flags: Flags) =>
      change(run, flags, { attribute, verb: 'add', words }),
    );

  command(index, run, 'drop', 'stop indexing an attribute, or only in the ways named')
    .argument('<attribute>', 'its name')
    .argument('[words...]', `${words}; all where none is named`, [])
    .action((attribute: string, words: readonly string[], flags: Flags) =>
      change(run, flags, { attribute, verb: 'drop', words }),
    );

  command(index, run, 'list', 'what is indexed')
    .argument('[attribute]', 'only this one')
    .action(async (attribute: string | undefined, flags: Flags) => {
      const all = await withActions(run.host, flags.data, (actions) => actions.listIndexes());
      const wanted = attribute?.toLowerCase();
      const isWanted = ({ attribute: name }: IndexInfo) => name.toLowerCase() === wanted;
      const indexes = wanted === undefined ? all : all.filter(isWanted);
      await show(run, flags, { indexes }, () => listText(indexes, attribute));
    });
}

async function change(run: Run, flags: Flags, wanted: IndexChange): Promise<void> {
  const result = await withProgress(run, flags, (actions, onProgress) =>
    actions.changeIndex(wanted, onProgress),
  );
  await show(run, flags, result, () => changeText(result));
}

function changeText({ attribute, words, changed }: IndexResult): string {
  const state = words.length === 0 ? 'is not indexed' : `is indexed for ${words.join(', ')}`;
  return `${attribute} ${state}${changed ? '' : ', as it was'}\n`;
}

function listText(indexes: readonly IndexInfo[], attribute: string | undefined): string {
  if (indexes.length === 0) return `${attribute ?? 'nothing'} is not indexed\n`;
  return table(indexes.map(({ attribute: name, words }) => [name, words.join(' ')]));
}
