/** First passwords that the policy gives: made with the step, in the mail alone, good as the CLI's are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
const DAY = 86_400;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [joining]}
journeys:
  joining:
    1 working day before start: [give manager first-password for 3 days]
    at start: [activate]
`;

/** The clock of a test begins on Monday 2026-01-05; she starts on Thursday. */
beforeEach(async () => {
  const d = at();
  engine = new TestEngine(d);
  d.seed({ [person('boss')]: personValues('boss', { mail: 'boss@example.com' }) });
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  const facts = { objectClass, lifecycleEngagement: 'id=1 start=2026-01-08' };
  d.seed({ [person('nia')]: personValues('nia', { ...facts, manager: person('boss') }) });
  await engine.install(policy);
});

/** As a client that understands that a password has to be changed. */
const bind = (password: string) => {
  const request = { dn: person('nia'), password: Buffer.from(password), wantsPolicy: true };
  return at().directory.authenticate(request, origin);
};
const FIRST = /first(?:-[0-9a-z]{4}){8}/;
const passwordIn = (body: string) => FIRST.exec(body)![0];
const kinds = () =>
  at()
    .reader.secrets(at().names.idOf(person('nia')))
    .map(({ kind }) => kind)
    .sort();

test('goes to the manager by mail, and opens from the first day on, once', async () => {
  await engine.advance(2 * DAY);
  const [mail] = engine.sent;
  expect(mail).toMatchObject({
    to: 'boss@example.com',
    subject: 'first password: nia tester (nia)',
  });
  expect(mail!.body).toContain('from 2026-01-08 00:00 until 2026-01-11 00:00');
  const password = passwordIn(mail!.body);
  expect(at().reader.records.openDecisions(0, 10)).toEqual([]);
  await expect(bind(password)).rejects.toThrow();
  at().clock.advance(DAY * 1000);
  await expect(bind(`${password.slice(0, -4)}zzzz`)).rejects.toThrow();
  expect((await bind(password)).identity.only).toBe('changePassword');
  await expect(bind(password)).rejects.toThrow();
});

test('is in no row of the outbox, no log and no file but sealed, and goes with the sending', async () => {
  let down = true;
  engine.refuse = () => (down ? 'no route' : undefined);
  await engine.advance(2 * DAY);
  const [waiting] = at().reader.records.messages(0, 10);
  expect(waiting).toMatchObject({ state: 'waiting', error: 'no route' });
  expect(waiting!.body).not.toMatch(FIRST);
  expect(kinds()).toEqual(['firstMail', 'oneTimePassword']);
  down = false;
  await engine.advance(60);
  const password = passwordIn(engine.sent[0]!.body);
  expect(kinds()).toEqual(['oneTimePassword']);
  expect(at().reader.records.messages(0, 10)[0]!.body).not.toMatch(FIRST);
  for (const file of ['tenure.db', 'tenure.db-wal']) {
    const bytes = readFileSync(join(at().dir, file));
    expect(bytes.includes(password)).toBe(false);
  }
});

test('killed between sending and noting, the same password goes again', async () => {
  const seen: string[] = [];
  const { write } = engine.tools;
  const killed = { ok: false, error: { code: 'unavailable', text: '', matchedDn: '' } } as const;
  const transport = {
    send: async ({ body }: { body: string }) => void seen.push(passwordIn(body)),
  };
  engine.refuse = () => 'later';
  await engine.advance(2 * DAY);
  const { pumpOutbox } = await import('../../../src/policy/run/index.js');
  const transports = { mail: transport, hook: transport };
  at().clock.advance(60_000);
  await pumpOutbox({ ...engine.tools, write: async () => killed, transports });
  await pumpOutbox({ ...engine.tools, write, transports });
  expect(seen).toHaveLength(2);
  expect(seen[0]).toBe(seen[1]);
});

test('that was replaced before the mail went is not sent', async () => {
  engine.refuse = () => 'later';
  await engine.advance(2 * DAY);
  const owner = at().names.idOf(person('nia'));
  const gone = at()
    .reader.secrets(owner)
    .map(({ id }) => id);
  const request = {
    op: 'credentials',
    context: at().admin,
    reason: 'x',
    owner,
    remove: gone,
    add: [],
  } as const;
  expect(at().apply([request])).toMatchObject([{ ok: true }]);
  engine.refuse = () => undefined;
  await engine.advance(60);
  expect(engine.sent).toEqual([]);
  expect(at().reader.records.messages(0, 10)).toMatchObject([
    { state: 'given up', error: 'the password that it carries was taken back meanwhile' },
  ]);
});

test('without anybody who has an address it is a task, as before', async () => {
  await ok(at().modify(person('boss'), [['delete', 'mail']]));
  await engine.advance(2 * DAY);
  expect(at().reader.records.openDecisions(0, 10)).toMatchObject([
    { kind: 'task', text: 'nia tester (nia): hand out a first password (tenure first-password)' },
  ]);
  expect(kinds()).toEqual([]);
});
