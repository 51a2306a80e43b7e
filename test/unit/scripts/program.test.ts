/** The packed program: what is started as a thread is packed too, and packages come as they are asked for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot, readTree } from '../../tidy/tree.js';

const sources = [...readTree(['src'], ['.ts']).values()];

test('every thread that the program starts is packed', () => {
  const threads = sources.flatMap((text) =>
    [...text.matchAll(/new URL\('[./]*([\w-]+)\.js', import\.meta\.url\)/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(threads).toContain('writer');
  const missing = threads.filter(
    (name) => !existsSync(join(projectRoot(), 'build/program', `${name}.js`)),
  );
  expect(missing).toEqual([]);
});

test('a package that is loaded later is asked for as a whole: packed, it has no other name', () => {
  const lines = sources.flatMap((text) =>
    text.split('\n').filter((line) => /[^f] import\('[^.]/.test(line)),
  );
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !line.includes('default:'))).toEqual([]);
});
