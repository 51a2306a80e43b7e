/** `tenure index add|drop|list`: which attributes searches find by index. */
import type { Command } from 'commander';
import { type IndexChange, type IndexResult, indexWords } from '../../actions/index.js';
import type { IndexInfo } from '../../ports.js';
import {
  type DataFlag,
  dataOption,
  type JsonFlag,
  jsonOption,
  type Run,
  show,
} from '../command.js';
import { progressBar } from '../progress.js';
import { withActions } from '../reach.js';
import { table } from '../render.js';

type Flags = DataFlag & JsonFlag;

/** Adds the commands to `parent`. */
export function addIndex(parent: Command, run: Run): void {
  const index = parent.command('index').description('attributes that searches find quickly');

  const add = index
    .command('add')
    .description('index an attribute; searches go on meanwhile')
    .argument('<attribute>', 'its name')
    .argument('[words...]', `of ${indexWords.join(', ')}: equality, substrings, order`, ['eq']);
  jsonOption(dataOption(add, run)).action(
    (attribute: string, words: readonly string[], flags: Flags) =>
      change(run, flags, { attribute, verb: 'add', words }),
  );

  const drop = index
    .command('drop')
    .description('stop indexing an attribute, or only in the ways named')
    .argument('<attribute>', 'its name')
    .argument('[words...]', `of ${indexWords.join(', ')}; all where none is named`, []);
  jsonOption(dataOption(drop, run)).action(
    (attribute: string, words: readonly string[], flags: Flags) =>
      change(run, flags, { attribute, verb: 'drop', words }),
  );

  const list = index
    .command('list')
    .description('what is indexed')
    .argument('[attribute]', 'only this one');
  jsonOption(dataOption(list, run)).action(async (attribute: string | undefined, flags: Flags) => {
    const all = await withActions(run.host, flags.data, (actions) => actions.listIndexes());
    const wanted = attribute?.toLowerCase();
    const indexes = all.filter((i) => wanted === undefined || i.attribute.toLowerCase() === wanted);
    await show(run, flags, { indexes }, () => listText(indexes, attribute));
  });
}

async function change(run: Run, flags: Flags, wanted: IndexChange): Promise<void> {
  const { host } = run;
  const bar = progressBar(host.stderr, host.clock, flags.json === true);
  const result = await withActions(host, flags.data, (actions) =>
    actions.changeIndex(wanted, bar.onProgress),
  ).finally(bar.end);
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
