/** The README's policy is one, and its mistake is told as it says. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { problemsOf } from '../../support/policy.js';

function readme(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'README.md'))) folder = dirname(folder);
  return readFileSync(join(folder, 'README.md'), 'utf8');
}

test('the policy of the README reads well, and its mistake is told with that place', () => {
  const [, policy = ''] = /^## The policy:[\s\S]*?```yaml\n([\s\S]*?)```/m.exec(readme()) ?? [];
  expect(policy).toContain('tenure: 1');
  expect(problemsOf(policy)).toEqual([]);
  const [, said = ''] = /^policy\.yaml:(.*)$/m.exec(readme()) ?? [];
  const [place, message] = [said.split(': ')[0], said.split(': ').slice(1).join(': ')];
  expect(problemsOf(policy.replace('at end:', 'at ent:'))).toEqual([`${place} ${message}`]);
});
