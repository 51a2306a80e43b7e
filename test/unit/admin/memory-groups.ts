/** Granted memberships of an engine over nothing but memory: it notes what was asked of it. */
import type { GroupsEngine } from '../../../src/admin/groups.js';
import { granted, nobody } from './memory-answers.js';

export function memoryGroups(calls: string[], failing: () => void): GroupsEngine {
  return {
    async grant(order) {
      calls.push(`grant ${JSON.stringify(order)}`);
      failing();
      const { name, group } = order;
      const { now } = nobody;
      return { ...granted(name, group), now, zone: 'UTC', before: undefined, anyway: true };
    },
    async grants({ name }) {
      const grants = name === undefined ? [] : [granted(name, 'prod')];
      return { now: nobody.now, zone: 'UTC', grants };
    },
    async revoke(order) {
      calls.push(`revoke ${JSON.stringify(order)}`);
      failing();
      return granted(order.name, order.group);
    },
  };
}
