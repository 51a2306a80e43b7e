/** The verbs about people on the command line: what is asked, what is refused, what is sent on. */
import { describe, expect, test } from '@jest/globals';
import { endText, momentText, startText } from '../../../src/admin/cli/moments.js';
import { exitCodes } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

/** What was carried out, and on which preview. */
const orders = () =>
  cli()
    .memory.calls.filter((call) => call.includes('{'))
    .map((call) => {
      const cut = call.indexOf('{');
      return [call.slice(0, cut - 1), JSON.parse(call.slice(cut)) as unknown];
    });
const who = { name: 'ada', by: 'tester', because: '' };

describe('what is said becomes a verb', () => {
  test.each([
    [
      ['join', 'Ada', '--kind', 'employee', '--start', 'today'],
      { verb: 'join', kind: 'employee', start: 'today', firstPassword: true, name: 'Ada' },
    ],
    [['join', 'Ada', '--no-first-password'], { verb: 'join', firstPassword: false, name: 'Ada' }],
    [['move', 'ada', '--end', 'never'], { verb: 'move', end: 'never' }],
    [['resume', 'ada', '--planned'], { verb: 'resume', planned: true }],
    [['lift', 'ada'], { verb: 'lift' }],
    [['lift', 'ada', '--kind', 'security'], { verb: 'lift', kind: 'security' }],
    [['contain', 'ada', '--because', 'phishing'], { verb: 'contain', because: 'phishing' }],
    [['offboard', 'ada', '--emergency'], { verb: 'offboard', when: 'emergency' }],
    [['rehire', 'ada'], { verb: 'rehire', start: 'today', firstPassword: true }],
    [['hold', 'ada', '--matter', 'A'], { verb: 'hold', matter: 'A' }],
    [['release', 'ada'], { verb: 'release' }],
  ])('at once: %j', async (args, verb) => {
    expect((await cli().run(...args)).code).toBe(0);
    expect(orders()).toEqual([['at once', { ...who, ...verb }]]);
  });

  test.each([
    [['offboard', 'ada', '--at', '17:00'], { verb: 'offboard', when: { at: '17:00' } }],
    [['offboard', 'ada', '--now'], { verb: 'offboard', when: 'now' }],
    [['suspend', 'ada'], { verb: 'suspend', kind: 'administrative' }],
    [
      ['pause', 'ada', '--until', 'friday'],
      { verb: 'pause', kind: 'leave', from: 'today', until: 'friday' },
    ],
    [
      ['rename', 'ada', '--login', 'al', '--name', 'A L'],
      { verb: 'rename', login: 'al', fullName: 'A L' },
    ],
    [['recover', 'ada', '--keep-keys'], { verb: 'recover', keepKeys: true }],
  ])('after a question: %j', async (args, verb) => {
    cli().typed = 'y';
    const { code, out } = await cli().run(...args);
    expect(code).toBe(0);
    expect(out).toContain('Do this? [y/N]');
    expect(orders()).toEqual([['csn-1', { ...who, ...verb }]]);
    expect((await cli().run(...args, '--yes')).out).not.toContain('Do this?');
    expect(orders()[1]).toEqual(['at once', { ...who, ...verb }]);
  });
});

describe('the question', () => {
  test.each(['', 'n', 'N', 'no', 'maybe', 'yess'])('answered "%s" does nothing', async (typed) => {
    cli().typed = typed;
    const { code, out } = await cli().run('suspend', 'ada');
    expect([code, out]).toEqual([0, expect.stringContaining('nothing was done')]);
    expect(orders()).toEqual([]);
  });

  test('that nobody is there to answer is a mistake of whoever wrote the script', async () => {
    cli().typed = undefined;
    const { code, err } = await cli().run('suspend', 'ada');
    expect([code, err]).toEqual([exitCodes.usage, expect.stringContaining('say --yes')]);
    const json = await cli().run('suspend', 'ada', '--json');
    expect([json.code, json.out]).toEqual([exitCodes.usage, '']);
    expect(JSON.parse(json.err)).toMatchObject({ error: { kind: 'usage' } });
    expect(orders()).toEqual([]);
  });

  test('--preview only looks, as text and as JSON', async () => {
    const { code, out } = await cli().run('suspend', 'ada', '--preview');
    expect([code, out]).toEqual([0, expect.stringContaining('ada stays active')]);
    const json = await cli().run('offboard', 'ada', '--now', '--preview', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ verb: 'offboard', dn: 'ada', seen: 'csn-1' });
    expect(orders()).toEqual([]);
  });

  test('--yes with --json gives the result', async () => {
    const { out } = await cli().run('offboard', 'ada', '--now', '--yes', '--json');
    expect(JSON.parse(out)).toMatchObject({ done: true, verb: 'offboard', after: 'active' });
  });
});

describe('what is refused', () => {
  test.each([
    [['offboard', 'ada'], 'when? say one of'],
    [['offboard', 'ada', '--now', '--at', '17:00'], 'when? say one of'],
    [['move', 'ada'], 'what changes?'],
    [['suspend', 'ada', '--kind', 'idle'], 'Allowed choices are administrative, security'],
    [['hold', 'ada'], "required option '--matter <matter>' not specified"],
    [['offbord', 'ada'], 'Did you mean offboard?'],
    [['join'], "missing required argument 'full name'"],
  ])('%j', async (args, text) => {
    const { code, err } = await cli().run(...args);
    expect([code, err]).toEqual([exitCodes.usage, expect.stringContaining(text)]);
  });

  test('by the directory', async () => {
    cli().memory.fail = new LdapError('unwillingToPerform', 'ada has left already');
    const { code, err } = await cli().run('contain', 'ada');
    expect([code, err]).toEqual([
      exitCodes.refused,
      'tenure: unwillingToPerform (53): ada has left already\n',
    ]);
  });
});

describe('move of many', () => {
  const way = { attribute: 'department', from: 'R-210', to: "R 3'00", people: 11 };

  test('is one order, which says whether they really move', async () => {
    const { code, out } = await cli().run(
      'move',
      'ada',
      'bob',
      '--department',
      'R-300',
      '--as-moves',
    );
    expect([code, out]).toEqual([0, '0 people\n']);
    const order = { names: ['ada', 'bob'], by: 'tester', because: '', department: 'R-300' };
    expect(orders()).toEqual([['moves', { ...order, rehearse: false, asMoves: true }]]);
    await cli().run('move', 'ada', 'bob', '--department', 'R-300', '--preview');
    expect(orders()[1]).toEqual(['moves', { ...order, rehearse: true }]);
  });

  test('shows the command that renames the value, ready to be typed; a plan does, too', async () => {
    cli().memory.reorganisations = [way];
    const command = `tenure rename value department R-210 'R 3'\\''00'`;
    for (const args of [
      ['move', 'ada', 'bob', '--kind', 'x', '--preview'],
      ['plan', '--until', 'in 7 days'],
    ]) {
      const { out } = await cli().run(...args);
      expect(out.split('\n')[0]).toBe(
        `  ! 11 people go from department "R-210" to "R 3'00"; ` +
          `if that is another name for the same, say this first: ${command}`,
      );
    }
  });
});

describe('decide as somebody', () => {
  test('asks for the password unseen, and sends it on', async () => {
    cli().typed = 'secret-trout-9';
    const { code, out, err } = await cli().run('decide', '7', 'yes', '--as', 'hilda');
    expect([code, out + err]).toEqual([0, expect.not.stringContaining('trout')]);
    expect(cli().asked).toEqual(['password of hilda: ']);
    const ask = { id: 7, answer: 'yes', by: 'tester', because: '' };
    const as = { name: 'hilda', password: 'secret-trout-9' };
    expect(orders()).toEqual([['decide', { ...ask, as }]]);
    await cli().run('decide', '7', 'no');
    expect(cli().asked).toHaveLength(1);
  });

  test.each([undefined, ''])('nothing typed (%p) is nothing done', async (typed) => {
    cli().typed = typed;
    const { code, err } = await cli().run('decide', '7', 'yes', '--as', 'hilda');
    expect([code, err]).toEqual([
      exitCodes.usage,
      expect.stringContaining('--as hilda: type the password, or write it to standard input'),
    ]);
    expect(orders()).toEqual([]);
  });
});

test('through a server it is the same', async () => {
  const server = cli().start('serve', '--json');
  await server.ready;
  cli().typed = 'y';
  expect((await cli().run('offboard', 'ada', '--at', 'today 17:00')).code).toBe(0);
  expect((await cli().run('join', 'Ada Byron')).code).toBe(0);
  expect(orders()).toEqual([
    ['csn-1', { ...who, verb: 'offboard', when: { at: 'today 17:00' } }],
    ['at once', { ...who, verb: 'join', name: 'Ada Byron', firstPassword: true }],
  ]);
  cli().memory.calls.length = 0;
  cli().signal('SIGTERM');
  expect((await server.ended).code).toBe(0);
});

describe('instants as people read them', () => {
  const now = '2026-11-25T12:00:00.000Z';

  test('with the day, and the year where it is another', () => {
    expect(momentText('2026-11-25T16:00:00.000Z', 'Europe/Berlin', now)).toBe(
      'Wed 25 Nov 17:00:00',
    );
    expect(momentText('2027-06-01T16:00:00.000Z', 'UTC', now)).toBe('Tue 1 Jun 2027 16:00:00');
  });

  test('midnight is the day that begins, or the end of the one before', () => {
    expect(startText('2026-11-30T23:00:00.000Z', 'Europe/Berlin', now)).toBe('Tue 1 Dec');
    expect(endText('2026-11-30T23:00:00.000Z', 'Europe/Berlin', now)).toBe('the end of Mon 30 Nov');
    expect(startText('2026-11-30T08:00:00.000Z', 'UTC', now)).toBe('Mon 30 Nov 08:00:00');
    expect(endText('2026-11-30T17:00:00.000Z', 'UTC', now)).toBe('Mon 30 Nov 17:00:00');
  });
});
