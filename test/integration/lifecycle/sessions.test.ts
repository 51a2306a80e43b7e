/** Sessions of people who are no longer active: refused at that second, and closed with a notice. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { contextOf, suffix } from '../../support/directory-requests.js';
import { block, endsIn, setFacts } from '../../support/facts.js';
import { eachServed } from '../../support/served-directory.js';
import {
  compareOp,
  extendedOp,
  modifyOp,
  searchOp,
  textOf,
  until,
  type WireClient,
} from '../../support/wire-client.js';

const OK = 0;
const DENIED = 50;
const UNAVAILABLE = 52;
const COMPARE_TRUE = 6;
const HOUR = 3_600;
const whoAmI = '1.3.6.1.4.1.4203.1.11.3';
const ada = person('ada');

const served = eachServed();
const d = () => served().directory;

beforeEach(() => d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' })));

async function session(dn: string): Promise<WireClient> {
  const client = await served().connect();
  expect(await client.bind(dn, 'pass')).toBe(OK);
  return client;
}

describe('with nothing having run, from that second on', () => {
  test('everything that a session asks for is refused, and others are not', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const client = await session(ada);
    const other = await session(person('bob'));
    const requests = [
      searchOp(suffix, 'uid', 'bob'),
      searchOp('cn=subschema'),
      compareOp(person('bob'), 'uid', 'bob'),
      modifyOp(ada, 'userPassword', 'new-secret-of-mine'),
      extendedOp(whoAmI),
    ];
    const codes = async (of: WireClient) => {
      const found: number[] = [];
      for (const request of requests) found.push(await of.code(request));
      return found;
    };
    expect(await codes(client)).toEqual([OK, OK, COMPARE_TRUE, OK, OK]);
    d().clock.advance(HOUR * 1000);
    expect(await codes(client)).toEqual([DENIED, DENIED, DENIED, DENIED, DENIED]);
    expect(textOf(await client.ask(requests[2]!))).toBe(
      'the account that this session is bound as is not active',
    );
    expect((await codes(other)).slice(0, 3)).toEqual([OK, OK, COMPARE_TRUE]);
    // The root DSE is for everybody, and so is another bind.
    expect(await client.code({ ...searchOp(''), scope: 0 })).toBe(OK);
    expect(await client.bind(ada, 'new-secret-of-mine')).toBe(49);
    expect(await client.bind(person('bob'), 'pass')).toBe(OK);
    expect(await client.bind(ada, 'new-secret-of-mine')).toBe(49);
  });

  test('a search that is under way stops', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const as = d().user(ada);
    const seen: string[] = [];
    const { done } = d().search('(objectClass=*)', {
      as,
      onEntry({ dn }) {
        seen.push(dn);
        if (seen.length === 3) d().clock.advance(HOUR * 1000);
        return false;
      },
    });
    expect(seen).toHaveLength(3);
    expect(done.code).toBe('insufficientAccessRights');
  });

  test('a write whose end passed on its way to the writer is refused', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const { identity } = d().user(ada);
    const request = {
      op: 'modify',
      context: contextOf(identity),
      reason: 'test',
      dn: ada,
      changes: [{ op: 'replace', attribute: 'sshPublicKey', values: [] }],
    } as const;
    d().clock.advance(HOUR * 1000);
    expect(d().apply([request])).toMatchObject([
      { ok: false, error: { code: 'insufficientAccessRights' } },
    ]);
  });
});

describe('a session ends', () => {
  test('when the instant passes, with a notice of disconnection', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const client = await session(ada);
    const other = await session(person('bob'));
    served().advance(HOUR * 1000 - 1);
    expect(await client.code(searchOp(suffix, 'uid', 'bob'))).toBe(OK);
    served().advance(1);
    await client.closed;
    expect(client.notice).toEqual({
      code: UNAVAILABLE,
      text: 'the account that this session is bound as is not active',
    });
    expect(await other.code(searchOp(suffix, 'uid', 'bob'))).toBe(OK);
    expect(other.notice).toBeUndefined();
  });

  test('with the commit that blocks its person, and those of second accounts', async () => {
    const second = person('ada-admin');
    d().seed(manyPeople(['ada-admin'], { userPassword: 'pass' }));
    await setFacts(d(), second, { lifecyclePrincipal: ada });
    const clients = await Promise.all([session(ada), session(second)]);
    await setFacts(d(), ada, { lifecycleBlock: block(d(), 'contained') });
    await Promise.all(clients.map(({ closed }) => closed));
    for (const { notice } of clients) expect(notice?.code).toBe(UNAVAILABLE);
  });

  test('at an instant that came with a write while the tick was asleep', async () => {
    const client = await session(ada);
    served().advance(HOUR * 1000);
    await ok(d().add(person('eve'), personValues('eve')));
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), 5) });
    served().advance(4_000);
    expect(await client.code(searchOp(suffix, 'uid', 'bob'))).toBe(OK);
    served().advance(1_000);
    await client.closed;
    expect(client.notice?.code).toBe(UNAVAILABLE);
  });

  test('of a machine whose clock jumped, without anybody having told', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: endsIn(d(), HOUR) });
    const client = await session(ada);
    d().clock.advance(HOUR * 1000);
    await client.closed;
    expect(client.notice?.code).toBe(UNAVAILABLE);
  });
});

describe('a connection in the pool of an application', () => {
  const app = `uid=app,ou=services,${suffix}`;
  const bob = searchOp(suffix, 'uid', 'bob');

  beforeEach(() =>
    d().seed({
      [app]: {
        objectClass: ['account', 'simpleSecurityObject', 'tenureService'],
        uid: 'app',
        userPassword: 'pass',
      },
    }),
  );

  async function pooled(): Promise<WireClient> {
    const client = await session(app);
    expect(await client.bind(ada, 'pass')).toBe(OK);
    return client;
  }

  test("is nobody's where whoever logged in over it last is shut out, and good for the next", async () => {
    const client = await pooled();
    await setFacts(d(), ada, { lifecycleBlock: block(d(), 'contained') });
    expect(textOf(await client.ask(extendedOp(whoAmI)))).toBe('');
    expect(await client.code(bob)).toBe(DENIED);
    expect(await client.bind(app, 'pass')).toBe(OK);
    expect(await client.code(bob)).toBe(OK);
    expect(await client.bind(ada, 'pass')).toBe(49);
    expect(client.notice).toBeUndefined();
  });

  test('is closed where the application itself is shut out', async () => {
    const client = await pooled();
    expect(await client.bind(app, 'pass')).toBe(OK);
    await setFacts(d(), app, { lifecycleBlock: block(d(), 'contained') });
    await client.closed;
    expect(client.notice?.code).toBe(UNAVAILABLE);
  });
});

describe('1,000 open sessions, half of which end at one instant', () => {
  test('all of those are closed within a second, the others undisturbed', async () => {
    const uids = Array.from({ length: 20 }, (_, i) => `p${i}`);
    d().seed(manyPeople(uids, { userPassword: '{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' }));
    for (const uid of uids.slice(0, 10)) {
      await setFacts(d(), person(uid), { lifecycleEngagement: endsIn(d(), HOUR) });
    }
    const all: [string, WireClient][] = [];
    for (let i = 0; i < 1_000; i += 1) {
      const uid = uids[i % uids.length]!;
      all.push([uid, await session(person(uid))]);
    }
    const ends = ([uid]: [string, WireClient]) => Number(uid.slice(1)) < 10;
    const ending = all.filter(ends);
    const staying = all.filter((one) => !ends(one));
    expect([ending.length, staying.length]).toEqual([500, 500]);
    const before = performance.now();
    served().advance(HOUR * 1000);
    await until(() => ending.every(([, client]) => client.notice !== undefined));
    expect(performance.now() - before).toBeLessThan(1_000);
    for (const [, client] of staying) {
      expect(client.notice).toBeUndefined();
      expect(await client.code(extendedOp(whoAmI))).toBe(OK);
    }
  }, 60_000);
});
