/** Services over a directory of a test: the engine behind `tenure service`, and people to own them. */
import type { ServicesEngine } from '../../src/admin/services.js';
import { casesEngine } from '../../src/compose/people/index.js';
import { servicesEngine } from '../../src/compose/services/index.js';
import { seededRandom } from './directory-fakes.js';
import { suffix } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';
import { partsOf } from './people-engine.js';

export const service = (uid: string): string => `uid=${uid},ou=services,${suffix}`;
export const by = 'tester';

export function servicesOf(d: TestDirectory): ServicesEngine {
  const random = seededRandom(11);
  return servicesEngine({
    ...partsOf(d),
    turn: async () => undefined,
    random: () => random,
    secretUse: (id) => d.guard.secretUse(id),
  });
}

export const casesOf = (d: TestDirectory) => casesEngine(partsOf(d));

/** What `tenure service add` takes, with words that fit. */
export const wiki = {
  name: 'wiki',
  owner: 'ada',
  deputy: 'bob',
  purpose: 'logins of the wiki',
  until: '2026-06-30',
  from: [] as string[],
  view: [] as string[],
  by,
  because: '',
};
