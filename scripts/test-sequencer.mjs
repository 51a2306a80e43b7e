/**
 * In which order Jest runs the test files: as it would, but those first that take long whatever their
 * size. On a fresh clone it goes by size, and one of them that began last kept everybody waiting.
 */
import Sequencer from '@jest/test-sequencer';

const long =
  /[\\/](?:cli[\\/]tour|lifecycle[\\/]folding|credentials[\\/]verify|people[\\/]facts|store[\\/]model)\.test\.js$/;

export default class LongFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    const isLong = ({ path }) => long.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
