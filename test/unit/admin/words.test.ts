/** Durations, counts, tables, progress: the words of the command line. */
import { describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../../src/admin/cli/duration.js';
import { progressLine } from '../../../src/admin/cli/progress.js';
import { counted, grouped, seconds, since, table } from '../../../src/admin/cli/render.js';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d12h', 129_600_000],
    ['2w', 1_209_600_000],
    ['250ms', 250],
    ['0s', 0],
    ['2', undefined],
    ['', undefined],
    ['-2h', undefined],
    ['2 h', undefined],
    ['2y', undefined],
    ['1.5h', undefined],
    ['9999999999h', undefined],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

test('counts', () => {
  expect(counted(1, 'entry', 'entries')).toBe('1 entry');
  expect(counted(0, 'group')).toBe('0 groups');
  expect([999, 1000, 1_234_567].map(grouped)).toEqual(['999', '1,000', '1,234,567']);
  expect([seconds(1432), seconds(3_600_000)]).toEqual(['1.4 s', '60 min']);
  expect([since(5), since(300), since(90_000), since(400_000)]).toEqual([
    '5 s',
    '5 min',
    '25 h',
    '4 days',
  ]);
});

test('tables have no trailing blanks', () => {
  expect(
    table(
      [
        ['a', 'b'],
        ['long', ''],
      ],
      ' ',
    ),
  ).toBe(' a     b\n long\n');
});

test('progress lines', () => {
  expect(progressLine('import', 50, 100)).toBe(
    `import  ${'█'.repeat(12)}${'░'.repeat(12)}  50 %  50 of 100`,
  );
  expect(progressLine('verify', 1234, 0)).toBe('verify  1,234');
  expect(progressLine('import', 7, 5)).toContain('100 %');
});
