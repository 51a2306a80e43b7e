/** The verbs about people over memory: what was asked is kept, and everybody stays as they are. */
import type { PeopleEngine } from '../../../src/admin/people.js';
import { nobody } from './memory-answers.js';
import type { Memory } from './memory-composition.js';

export function memoryPeople(memory: Memory, failing: () => void): PeopleEngine {
  return {
    async moveMany(order) {
      memory.calls.push(`moves ${JSON.stringify(order)}`);
      return { people: [], reorganisations: memory.reorganisations, run: 0 };
    },
    async preview({ verb, name }) {
      return { ...nobody, verb, dn: name, login: name };
    },
    async perform({ verb, seen }) {
      memory.calls.push(`${seen ?? 'at once'} ${JSON.stringify(verb)}`);
      failing();
      const { verb: what, name } = verb;
      return { ...nobody, verb: what, dn: name, login: name, done: true };
    },
  };
}
