/** A short run of the fuzzer finds nothing, and one with an unjust judge finds something. */
import { expect, test } from '@jest/globals';
import { seed } from '../support/seed.js';
import { campaign } from './campaign.js';
import { chanceOf } from './chance.js';

test('attacks follow from seed and number alone', () => {
  const numbers = (index: number) => Array.from({ length: 5 }, () => chanceOf(7, index).int(1_000));
  expect(numbers(3)).toEqual(numbers(3));
  expect(numbers(3)).not.toEqual(numbers(4));
});

test('three hundred attacks find nothing', async () => {
  const all = { seed: seed(), seconds: 60, count: 300, from: 0, canary: false };
  const { attacks, failures } = await campaign(all);
  expect({ failures, attacks }).toEqual({ failures: [], attacks: 300 });
}, 120_000);

test('the canary dies', async () => {
  const { failures } = await campaign({
    seed: seed(),
    seconds: 60,
    count: 60,
    from: 0,
    canary: true,
  });
  expect(failures.join('\n')).toContain('a notice with code -1 was owed');
}, 120_000);
