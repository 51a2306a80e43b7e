/** The chain of the audit trail: what is taken out, altered, exchanged or cut off is found. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { databasePath } from '../../../src/store/index.js';
import { auditEvents } from '../../support/directory-audit.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const ada = person('ada');
const DAY = 86_400_000;

/** Alters the file as somebody does who has it, looks, and puts it back. */
function tampered(...statements: string[]): readonly string[] {
  const db = new Database(databasePath(at().dir));
  try {
    db.exec('BEGIN');
    for (const statement of statements) db.exec(statement);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  const { problems } = at().reader.audit.verify();
  return problems;
}

async function lines(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await ok(at().modify(ada, [['replace', 'title', `title ${i}`]]));
  }
}

beforeEach(async () => {
  at().seed(manyPeople(['ada']));
  await lines(5);
});

test('a name that is cut in the middle of a character is whole to verify', async () => {
  // 200 units of UTF-16 are kept of a name that is nobody's: the last is half of an emoji.
  const name = `uid=${'x'.repeat(195)}😀,${suffix}`;
  await expect(at().bind(name, 'wrong')).rejects.toThrow();
  const [event] = await auditEvents(at(), { kinds: ['refusal'] });
  expect(event!.who.text).toBe(`uid=${'x'.repeat(195)}\ufffd`);
  expect(at().reader.audit.verify().problems).toEqual([]);
});

describe('verify finds', () => {
  const noEnd = () => {
    at().verify = () => {};
  };
  test.each([
    ['an event that was taken out', ['DELETE FROM audit_event WHERE id = 3'], /lacks 1 of/],
    ['an event that was altered', ['UPDATE audit_event SET who = by WHERE id = 12'], /was altered/],
    [
      'events that were exchanged',
      [
        'UPDATE audit_event SET id = 999 WHERE id = 12',
        'UPDATE audit_event SET id = 12 WHERE id = 13',
        'UPDATE audit_event SET id = 13 WHERE id = 999',
      ],
      /was altered/,
    ],
    [
      'a name that was altered',
      ["UPDATE audit_name SET text = 'uid=eve' WHERE text LIKE 'uid=ada%'"],
      /name \d+ of the audit trail was altered/,
    ],
    ['a batch that was taken out', ['DELETE FROM audit_batch WHERE seq = 3'], /lacks batch 3/],
    [
      'a tail that was cut off',
      [
        'DELETE FROM audit_event WHERE id > (SELECT max(last) FROM audit_batch WHERE seq < (SELECT max(seq) FROM audit_batch))',
        'DELETE FROM audit_batch WHERE seq = (SELECT max(seq) FROM audit_batch)',
      ],
      /the end of the audit trail was cut off/,
    ],
    [
      'a batch that was emptied as if it were old',
      [
        'DELETE FROM audit_event WHERE id BETWEEN (SELECT first FROM audit_batch WHERE seq = 3) AND (SELECT last FROM audit_batch WHERE seq = 3)',
        'UPDATE audit_batch SET salt = NULL WHERE seq = 3',
      ],
      /was emptied, and no retention says so/,
    ],
  ])('%s', (_what, statements, problem) => {
    expect(at().reader.audit.verify().problems).toEqual([]);
    expect(tampered(...statements).join('\n')).toMatch(problem);
    noEnd();
  });

  test('a tail that was cut off with its head, by a head that was noted', async () => {
    const noted = at().reader.audit.head();
    expect(at().reader.audit.verify(noted).problems).toEqual([]);
    expect(at().reader.audit.verify(noted.slice(0, 16)).problems).toEqual([]);
    await lines(1);
    expect(at().reader.audit.verify(noted).problems).toEqual([]);
    const last = at().reader.audit.head();
    const problems = tampered(
      'DELETE FROM audit_event WHERE id > (SELECT max(last) FROM audit_batch WHERE seq < (SELECT max(seq) FROM audit_batch))',
      'DELETE FROM audit_batch WHERE seq = (SELECT max(seq) FROM audit_batch)',
      "UPDATE meta SET value = (SELECT head FROM audit_batch ORDER BY seq DESC LIMIT 1) WHERE key = 'audit_head'",
    );
    expect(problems).toEqual([]);
    expect(at().reader.audit.verify(last).problems.join()).toMatch(/is not in the audit trail/);
    noEnd();
  });
});

describe('retention', () => {
  const policy = (audit: string) => ({
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: `tenure: 1\naudit: ${audit}\n`,
    },
  });
  const bind = async () => {
    await refusal(() => at().bind(ada, 'wrong'), 'invalidCredentials');
    await at().audit.flush(true);
  };

  test('forgets binds sooner than writes, keeps the chain, and says so in it', async () => {
    at().seed(policy('{keep: 2 years, keep binds: 90 days}'));
    await bind();
    at().clock.advance(100 * DAY);
    await bind();
    at().maintain();
    const events = await auditEvents(at());
    expect(events.filter(({ kind }) => kind === 'refusal')).toHaveLength(1);
    expect(events.filter(({ what }) => what === 'changed')).toHaveLength(5);
    expect(events.at(-1)).toMatchObject({
      kind: 'forgotten',
      why: expect.stringMatching(/policy/),
    });
    const found = at().reader.audit.verify();
    expect(found).toMatchObject({ problems: [], forgotten: 1 });
  });

  test('begins the chain later where nothing of its beginning is kept', async () => {
    at().seed(policy('{keep: 1 year}'));
    await bind();
    at().clock.advance(400 * DAY);
    await bind();
    at().maintain();
    expect(at().reader.audit.verify().problems).toEqual([]);
    const [[first]] = at().sql('SELECT min(seq) FROM audit_batch') as [[number]];
    expect(first).toBeGreaterThan(5);
    expect(at().sql("SELECT * FROM audit_name WHERE text LIKE 'test'")).toEqual([]);
    at().clock.advance(400 * DAY);
    await bind();
    at().maintain();
    expect(at().reader.audit.verify().problems).toEqual([]);
  });

  test('forgets nothing where nothing is said, nor by a clock that is not trusted', async () => {
    await bind();
    at().clock.advance(4_000 * DAY);
    at().maintain();
    expect(at().reader.audit.verify()).toMatchObject({ problems: [], forgotten: 0 });
    at().seed(policy('{keep: 1 year}'));
    const context = at().admin;
    at().apply([{ op: 'clock', context, reason: 'test', suspicion: 'it jumped' }]);
    at().clock.advance(DAY);
    at().maintain();
    expect(at().reader.audit.verify()).toMatchObject({ problems: [], forgotten: 0 });
  });
});
