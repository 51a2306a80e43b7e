/** The audit trail: what is in it, from where and through what, and that nothing floods it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { auditFinding } from '../../../src/admin/doctor/index.js';
import { concernsOf } from '../../../src/compose/concerns.js';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import type { Origin } from '../../../src/directory/model/identity.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { auditEvents } from '../../support/directory-audit.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { adminDn, contextOf, suffix } from '../../support/directory-requests.js';

const ada = person('ada');
const bob = person('bob');
const radius = `cn=radius,${suffix}`;
const LIMITS = { auditRefusalsPerSourceHour: 5, auditRefusalsPerHour: 8, auditKeysMax: 40 };
const at = eachDirectory({ limits: { ...LIMITS, sourceFailuresMax: 0 } });
const far: Origin = { address: '192.0.2.7', connection: 4, confidential: true, tls: true };

async function bind(dn: string, password: string, origin = far, more = {}): Promise<boolean> {
  const request = { dn, password: Buffer.from(password), ...more };
  try {
    await at().directory.authenticate(request, origin);
    return true;
  } catch (error) {
    await refusal(() => Promise.reject(error), 'invalidCredentials');
    return false;
  }
}

const told = async (ask: Parameters<typeof auditEvents>[1]) =>
  (await auditEvents(at(), ask)).map(({ who, by, from, through, what, why, count }) => ({
    who: who.text,
    by: by.text,
    from,
    through: through.text,
    what,
    why,
    count,
  }));

beforeEach(async () => {
  at().seed({
    ...manyPeople(['ada', 'bob']),
    [radius]: {
      objectClass: ['device', 'tenureService'],
      cn: 'radius',
      tenureRole: 'radius',
    },
  });
  await ok(at().modify(ada, [['replace', 'userPassword', 'right horse battery']]));
});

describe('binds', () => {
  test('are told with address, TLS and how, repeats of a minute once', async () => {
    for (let i = 0; i < 5; i += 1) expect(await bind(ada, 'right horse battery')).toBe(true);
    const one = { who: ada, by: '', from: '192.0.2.7 (TLS)', through: '', what: 'bind' };
    const events = await told({ kinds: ['bind'] });
    expect(events).toEqual([{ ...one, why: 'with the password', count: 5 }]);
    at().clock.advance(61_000);
    await bind(ada, 'right horse battery');
    expect(await told({ kinds: ['bind'] })).toHaveLength(2);
  });

  test('through a service tell it, and the client that it asks for', async () => {
    const boundBefore = at().user(radius).identity;
    const origin = { ...far, tracked: { address: '203.0.113.9', name: 'session 17' } };
    const more = { boundBefore, trackedAddress: '203.0.113.9' };
    await bind(ada, 'right horse battery', origin, more);
    expect((await told({ kinds: ['bind'] }))[0]).toMatchObject({
      through: radius,
      from: '203.0.113.9 (session 17) by way of 192.0.2.7 (TLS)',
    });
  });

  test('of one who is no service are not believed for whom they ask', async () => {
    const origin = { ...far, tracked: { address: '203.0.113.9', name: 'somebody else' } };
    await bind(ada, 'wrong', origin, { trackedAddress: '203.0.113.9' });
    const [event] = await told({ kinds: ['refusal'] });
    expect(event).toMatchObject({ from: '192.0.2.7 (TLS)', why: 'wrong password', who: ada });
  });

  test('reach the disk with the flush of what was seen of them', async () => {
    await bind(ada, 'right horse battery');
    await at().guard.flush();
    const rows = at().sql('SELECT count(*) FROM audit_event WHERE kind = 0');
    expect(rows).toEqual([[1]]);
  });

  test('that could not be written are written later', async () => {
    await bind(ada, 'right horse battery');
    at().refuseObservations = true;
    await at().audit.flush(true);
    at().refuseObservations = false;
    expect(await told({ kinds: ['bind'] })).toHaveLength(1);
  });

  test('that found no room while nothing could be written are counted, and said in amber', async () => {
    const { audit, reader, names, clock } = at();
    const parts = { reader, names, nowMs: () => clock.nowMs(), turn: async () => undefined };
    const said = async () =>
      (await concernsOf({ ...parts, auditDropped: () => audit.dropped })).filter(
        ({ about }) => about === 'audit',
      );
    expect(await said()).toEqual([]);
    at().refuseObservations = true;
    for (let minute = 0; minute < LIMITS.auditKeysMax + 3; minute += 1) {
      await bind(ada, 'right horse battery');
      await audit.flush(true);
      clock.advance(61_000);
    }
    at().refuseObservations = false;
    expect(audit.dropped).toBe(3);
    const [concern, ...others] = await said();
    expect(others).toEqual([]);
    expect(concern!.red).toBeUndefined();
    expect(concern!.text).toContain('3 events are missing in the audit trail: nothing could be');
    expect(auditFinding(audit.dropped)).toMatchObject({ subject: 'audit', level: 'look' });
  });
});

describe('a flood', () => {
  const others = 'others, more than are told one by one';

  test('of refusals of one address becomes one line, with a count', async () => {
    for (let i = 0; i < 50; i += 1) await bind(`cn=no${i},${suffix}`, 'x');
    const events = await told({ kinds: ['refusal'] });
    const more = events.filter(({ who }) => who === others);
    // A flush may come in between: what was counted until then is told with it.
    expect(events.length - more.length).toBe(5);
    expect(more.length).toBeLessThanOrEqual(2);
    expect(more.reduce((sum, { count }) => sum + count, 0)).toBe(45);
    expect(more[0]).toMatchObject({ from: '192.0.2.7 (TLS)', why: '' });
  });

  test('from many addresses becomes one line for all', async () => {
    for (let i = 0; i < 50; i += 1) {
      await bind(`cn=no${i},${suffix}`, 'x', { ...far, address: `198.51.100.${i}` });
    }
    const events = await told({ kinds: ['refusal'] });
    expect(events).toHaveLength(9);
    expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(50);
    expect(events.at(-1)).toMatchObject({ who: others, from: '', count: 42 });
  });

  test('of binds is bounded in memory and says what is not told', async () => {
    for (let i = 0; i < 60; i += 1) {
      await bind(ada, 'right horse battery', { ...far, address: `198.51.100.${i}` });
    }
    const events = await told({ kinds: ['bind'] });
    expect(events).toHaveLength(41);
    expect(events.at(-1)).toMatchObject({ who: others, count: 20 });
  });
});

describe('writes', () => {
  test('tell who, from where, through what and why beside the Change', async () => {
    const service = at().names.idOf(radius);
    const context = { identity: at().user(ada).identity, origin: { ...far, service } };
    await ok(
      at().modify(ada, [['replace', 'userPassword', 'another horse battery']], undefined, context),
    );
    const event = (await auditEvents(at(), { kinds: ['write'] })).at(-1)!;
    expect(event).toMatchObject({
      from: '192.0.2.7 (TLS)',
      what: 'changed',
      why: 'test',
      count: 1,
    });
    expect([event.who.text, event.by.text, event.through.text]).toEqual([ada, ada, radius]);
    expect(at().reader.audit.itemsOf(event.change)[0]).toContain(event.who.uuid);
  });

  test('that were refused are told with the reason, and leave no write behind', async () => {
    const before = (await auditEvents(at(), { kinds: ['write'] })).length;
    const as = contextOf(at().user(ada).identity);
    await refused(
      at().modify(bob, [['replace', 'title', 'x']], undefined, as),
      'insufficientAccessRights',
    );
    const [event] = await told({ kinds: ['refusal'] });
    expect(event).toMatchObject({ who: bob, by: ada, what: 'modify' });
    expect(event!.why).toMatch(/^insufficientAccessRights: /);
    expect(await auditEvents(at(), { kinds: ['write'] })).toHaveLength(before);
  });

  test('no secret is anywhere in the trail', async () => {
    await bind(ada, 'not the right one');
    await auditEvents(at());
    const names = at().sql('SELECT text FROM audit_name').flat().map(String);
    expect(names.length).toBeGreaterThan(5);
    for (const text of names) expect(text).not.toMatch(/right horse|not the right/);
  });

  test('runs have an event of their own', async () => {
    const base = { context: at().admin, reason: 'a try' } as const;
    at().apply([{ ...base, op: 'openRun' } as PreparedWrite]);
    expect(await told({ kinds: ['run'] })).toMatchObject([
      { what: 'run 1', by: adminDn, why: 'a try' },
    ]);
  });
});

test('an NT hash that is read is told, with whose it is and who read it', async () => {
  const owner = at().names.idOf(ada);
  const value = bytesOf(encodeNtSecret({ hash: ntHash('wifi'), madeMs: at().clock.nowMs() }));
  const base = { op: 'credentials', context: at().admin, reason: 'test' } as const;
  at().apply([{ ...base, owner, remove: [], add: [{ kind: 'wifiHash', value }] }]);
  const as = at().user(radius);
  expect(at().entry(ada, ['sambaNTPassword'], as).texts('sambaNTPassword')).toHaveLength(1);
  expect(await told({ kinds: ['secret'] })).toMatchObject([
    { who: ada, by: radius, what: 'NT hash read' },
  ]);
});

test('a purge forgets the names, also where others are told about, and the chain holds', async () => {
  await ok(
    at().add(person('gone'), {
      ...personValues('gone', {}),
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: 'id=1 kind=employee end=2026-01-05T08:00',
    }),
  );
  await bind(person('gone'), 'x');
  await auditEvents(at());
  const owners = [at().names.idOf(person('gone'))];
  const base = { op: 'purge', context: at().admin, reason: 'its time has come' } as const;
  expect(at().apply([{ ...base, owners } as PreparedWrite])[0]).toMatchObject({ ok: true });
  const texts = at().sql("SELECT text FROM audit_name WHERE text LIKE '%gone%'");
  expect(texts).toEqual([]);
  const found = at().reader.audit.verify();
  expect(found).toMatchObject({ problems: [] });
  expect(found.namesForgotten).toBeGreaterThan(0);
});
