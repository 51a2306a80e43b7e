/**
 * kill -9 between a mail that was taken by a real mail server and the note that it was: behind the next
 * start it goes again under the same Message-ID, so that the receiver can tell, and then no more.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MessageInfo } from '../../src/admin/runs.js';
import { sleep } from '../../src/runtime/sleep.js';
import { TenureServer } from '../support/process-server.js';
import { SmtpServer } from '../support/smtp-server.js';

const policy = `tenure: 1
kinds: {all: {who: everyone, journeys: [departure]}}
journeys: {departure: {at end: [offboard, tell person farewell]}}
`;
let server: TenureServer;
let smtp: SmtpServer;

beforeAll(async () => {
  smtp = await SmtpServer.start();
  server = await TenureServer.create();
  const settings = `\noutbox:\n  mail: smtp://127.0.0.1:${smtp.port}\n`;
  appendFileSync(join(server.folder, 'data/config.yaml'), settings);
  await server.start();
}, 60_000);
afterAll(async () => {
  await server.remove();
  await smtp.stop();
});

const header = (text: string, name: string) =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(text)?.[1]?.trim();

async function messages(): Promise<readonly MessageInfo[]> {
  const { out } = await server.tenure(['outbox', '--json']);
  return JSON.parse(out) as readonly MessageInfo[];
}

test('it comes twice and is the same, and then no more', async () => {
  writeFileSync(join(server.folder, 'policy.yaml'), policy);
  const installed = await server.tenure(['policy', 'install', 'policy.yaml', '--yes']);
  expect(installed).toMatchObject({ code: 0 });
  let dead: Promise<unknown> | undefined;
  smtp.answer = (command) => {
    // The message has been taken; whoever sent it never hears so.
    if (command === '.') dead ??= server.end('SIGKILL');
    return undefined;
  };
  const left = server.tenure(['offboard', 'ada', '--now', '--because', 'left', '--yes']);
  while (dead === undefined) await sleep(20);
  expect(await dead).toEqual({ code: null, signal: 'SIGKILL' });
  await left;
  expect(smtp.mails).toHaveLength(1);
  await server.start();
  while (smtp.mails.length < 2) await sleep(20);
  const [first, second] = smtp.mails.map(({ text }) => text);
  expect(header(first!, 'Subject')).toContain('farewell');
  expect(header(first!, 'Message-ID')).toMatch(/^<[0-9a-f]{32}@tenure>$/);
  expect(second).toBe(first);
  while (!(await messages()).every(({ state }) => state === 'sent')) await sleep(100);
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  await server.start();
  expect(await messages()).toMatchObject([{ state: 'sent', tries: 1 }]);
  expect(smtp.mails).toHaveLength(2);
  await server.endWell();
}, 120_000);
