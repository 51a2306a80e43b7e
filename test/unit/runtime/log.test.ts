import { expect, test } from '@jest/globals';
import { createLog, type Log } from '../../../src/runtime/log.js';

function logged(write: (log: Log) => void, isTTY = false): string[] {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text), isTTY };
  write(createLog({ level: 'debug', destination: isTTY ? 'pretty' : 'json', stream }));
  return lines;
}

test('a line is one JSON object with level, time and message', () => {
  const [line] = logged((log) => log.info({ connection: 7 }, 'bound'));
  expect(JSON.parse(line ?? '')).toEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    connection: 7,
    msg: 'bound',
  });
});

test('secrets leave at no depth, in no spelling, through no child', () => {
  class Request {
    readonly dn = 'cn=admin';
    readonly credentials = 'hunter2';
  }
  const error = Object.assign(new Error('refused'), { password: 'hunter2' });
  const lines = logged((log) => {
    log.info({ password: 'hunter2', userPassword: 'hunter2', 'user-password': ['hunter2'] });
    log.info({ a: [{ b: { USERPASSWORD: 'hunter2', new_password: 'hunter2' } }] });
    log.info({ request: new Request(), map: new Map([['token', 'hunter2']]) });
    log.error({ err: error });
    log.error(error, 'failed');
    log.error({ nested: { error } });
    log.error(new Error('outer', { cause: error }));
    log.info({ lazy: { toJSON: () => ({ secret: 'hunter2' }) } });
    log.child({ secret: 'hunter2' }).info('child');
    log.child({ connection: 1 }).child({ token: 'hunter2' }).info({ passwd: 'hunter2' }, 'deep');
  });
  expect(lines).toHaveLength(10);
  expect(lines.join('')).not.toContain('hunter2');
  for (const line of lines) expect(line).toContain('[redacted]');
  expect(lines[2]).toContain('cn=admin');
  expect(lines[3]).toContain('refused');
  expect(lines[9]).toContain('"connection":1');
});

test('bytes are counted, not shown; cycles and big integers do not break the log', () => {
  const cycle: Record<string, unknown> = { big: 12n };
  cycle['self'] = cycle;
  const [line] = logged((log) => log.info({ value: Buffer.from('hunter2'), cycle }));
  expect(JSON.parse(line ?? '')).toMatchObject({ value: '[7 bytes]', cycle: { big: '12' } });
});

test('below the level nothing is written', () => {
  expect(logged((log) => log.trace('no'))).toEqual([]);
});

test('pretty on a terminal is text; elsewhere it stays JSON', () => {
  const [text] = logged((log) => log.warn({ password: 'hunter2', port: 389 }, 'listening'), true);
  expect(text).toContain('listening');
  expect(text).toContain('[redacted]');
  expect(() => JSON.parse(text ?? '')).toThrow();
  const lines: string[] = [];
  createLog({
    level: 'info',
    destination: 'pretty',
    stream: { write: (line) => lines.push(line), isTTY: false },
  }).info('plain');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'plain' });
});
