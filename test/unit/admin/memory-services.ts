/** Services of an engine over nothing but memory: it notes what was asked of it. */
import type { ServiceShown, ServicesEngine } from '../../../src/admin/services.js';
import { nobody } from './memory-answers.js';

const serviceOf = (login: string): ServiceShown => ({
  dn: `uid=${login},ou=services,dc=example,dc=com`,
  login,
  kind: 'service',
  state: 'active',
  owner: 'ada',
  deputy: 'bob',
  users: [],
  addresses: ['192.0.2.0/24'],
  view: [],
  password: false,
  credentials: [],
  health: 'amber',
  concerns: ['it has no end'],
  now: nobody.now,
  zone: 'UTC',
});

export function memoryServices(calls: string[], failing: () => void): ServicesEngine {
  return {
    async add(order) {
      calls.push(`service add ${JSON.stringify(order)}`);
      failing();
      return { ...serviceOf(order.name), credential: 'svc-made' };
    },
    async list() {
      const { now, zone, ...one } = serviceOf('wiki');
      return { now, zone, services: [one] };
    },
    show: async ({ name }) => serviceOf(name),
    async rotate(order) {
      calls.push(`service rotate ${JSON.stringify(order)}`);
      failing();
      return { ...serviceOf(order.name), credential: 'svc-made', oldUntil: nobody.now };
    },
    async renew(order) {
      calls.push(`service renew ${JSON.stringify(order)}`);
      failing();
      return serviceOf(order.name);
    },
  };
}
