/** Brownouts of an engine over nothing but memory: it notes what was asked of it. */
import type { Brownout, BrownoutsEngine } from '../../../src/admin/brownouts.js';
import { nobody } from './memory-answers.js';

const of = (name: string, more: Partial<Brownout> = {}): Brownout => ({
  dn: `cn=${name},ou=groups,dc=example,dc=com`,
  name,
  kind: 'group',
  from: nobody.now,
  until: '2026-01-05T09:10:00.000Z',
  shut: true,
  by: 'cn=admin',
  because: 'who needs it?',
  members: 3,
  knocks: [],
  now: nobody.now,
  zone: 'UTC',
  ...more,
});

const knock = {
  who: 'gitea',
  from: '192.0.2.7',
  what: 'search',
  why: 'browned out',
  count: 1200,
  first: nobody.now,
  last: nobody.now,
};

export function memoryBrownouts(calls: string[], failing: () => void): BrownoutsEngine {
  return {
    async preview(order) {
      failing();
      return of(order.name, { shut: false });
    },
    async start(order) {
      calls.push(`brownout ${JSON.stringify(order)}`);
      failing();
      return of(order.name, { run: 7 });
    },
    async end(order) {
      calls.push(`brownout end ${JSON.stringify(order)}`);
      failing();
      return of(order.name, { shut: false, knocks: [knock] });
    },
    async list({ name }) {
      const brownouts = name === 'nothing' ? [] : [of(name ?? 'vpn', { knocks: [knock] })];
      return { now: nobody.now, zone: 'UTC', brownouts };
    },
  };
}
