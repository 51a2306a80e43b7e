/** States written with ldapmodify: what they become as facts, and the sentences that refuse them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { adminDn } from '../../support/directory-requests.js';
import { block, inSeconds, setFacts } from '../../support/facts.js';
import { eachServed } from '../../support/served-directory.js';

const OK = 0;
const INVALID = 49;
const DAY = 86_400;
const ada = person('ada');
const now = '20260105090000Z';

const served = eachServed();
const d = () => served().directory;
const texts = (name: string, dn = ada) => d().entry(dn).texts(name);
const state = (dn = ada) => texts('lifecycleState', dn)[0];
const bind = (dn = ada) => served().bind(dn, 'pass');
const write = (asked: string, dn = ada) => d().modify(dn, [['replace', 'lifecycleState', asked]]);

beforeEach(() => d().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' })));

describe('suspended', () => {
  test('is the writer’s own block, and the class comes by itself', async () => {
    await ok(write('suspended'));
    expect(texts('lifecycleBlock')).toEqual([`kind=administrative by=${adminDn} since=${now}`]);
    expect(texts('objectClass')).toContain('lifecycleSubject');
    expect(state()).toBe('suspended');
    expect(await bind()).toBe(INVALID);
    const { csn } = d().reader.entry(d().names.idOf(ada))!;
    // Said again, it is no second block.
    await ok(write('Suspended'));
    expect(texts('lifecycleBlock')).toHaveLength(1);
    expect(d().reader.entry(d().names.idOf(ada))!.csn >= csn).toBe(true);
  });

  test('beside somebody else’s block, each has their own', async () => {
    await setFacts(d(), ada, { lifecycleBlock: block(d(), 'security', 'cn=ciso') });
    await ok(write('suspended'));
    expect(texts('lifecycleBlock')).toHaveLength(2);
    expect(await refused(write('active'), 'constraintViolation')).toBe(
      `${ada} stays suspended: the security block by cn=ciso since ${now} is theirs to lift, ` +
        "or an administrator's, who deletes that value",
    );
    // What was refused changed nothing.
    expect(texts('lifecycleBlock')).toHaveLength(2);
    await ok(d().modify(ada, [['delete', 'lifecycleBlock', block(d(), 'security', 'cn=ciso')]]));
    await ok(write('active'));
    expect(state()).toBe('active');
  });

  test('is refused for whoever has left', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: 'id=1 end=2026-01-02' });
    expect(await refused(write('suspended'), 'constraintViolation')).toBe(
      `${ada} stays offboarded: whoever has left is not suspended`,
    );
  });
});

describe('active', () => {
  test('lifts the writer’s own blocks, whatever their spelling of the name', async () => {
    const spelled = block(d(), 'administrative', '"CN=Admin, DC=example,DC=com"');
    await setFacts(d(), ada, { lifecycleBlock: spelled });
    await ok(write('active'));
    expect(texts('lifecycleBlock')).toEqual([]);
    expect(await bind()).toBe(OK);
  });

  test.each([
    ['kind=parental from=2026-01-01', 'the leave ends with "until" in lifecycleAbsence', 'Absence'],
    [
      'id=1 start=2026-02-01',
      'the first day is ahead; write an earlier lifecycleStart',
      'Engagement',
    ],
    [
      'id=1 end=2026-01-02',
      'write a later lifecycleEnd to take the end back, or add an engagement to hire anew',
      'Engagement',
    ],
  ])('is refused where a fact says otherwise: %s', async (fact, advice, kind) => {
    await setFacts(d(), ada, { [`lifecycle${kind}`]: fact });
    const sentence = await refused(write('active'), 'constraintViolation');
    expect(sentence).toBe(`${ada} stays ${state()}: ${advice}`);
  });
});

describe('offboarded', () => {
  test('ends every engagement now, and the first one that anybody hears of', async () => {
    await ok(write('offboarded'));
    expect(texts('lifecycleEngagement')).toEqual([`id=1 end=${now}`]);
    expect(state()).toBe('offboarded');
    expect(await bind()).toBe(INVALID);
    await setFacts(d(), person('bob'), {
      lifecycleEngagement: [
        'id=1 kind=employee end=2025-12-31',
        'id=2 start=2026-01-01 manager=ada',
        'id=3 start=2026-03-01',
      ],
    });
    await ok(write('offboarded', person('bob')));
    expect(texts('lifecycleEngagement', person('bob'))).toEqual([
      'id=1 kind=employee end=2025-12-31',
      `id=2 start=2026-01-01 end=${now} manager=ada`,
      `id=3 start=${now} end=${now}`,
    ]);
    expect(state(person('bob'))).toBe('offboarded');
  });
});

describe('staged, leave, archived, purged, and what is no state', () => {
  test('are refused with what to write instead', async () => {
    const sentences: [string, string][] = [
      [
        'staged',
        `${ada} stays active: staged is for somebody with a first day ahead; write lifecycleStart`,
      ],
      [
        'leave',
        `leave has a kind and a time: write lifecycleAbsence of ${ada}, such as ` +
          '"kind=parental from=2026-12-01 until=2027-06-01"',
      ],
      ['archived', 'archived is what the policy does after an end; it cannot be written'],
      ['purged', 'purged is what the policy does after an end; it cannot be written'],
      [
        'disabled',
        '"disabled" is no state: write active, suspended or offboarded, or the facts themselves',
      ],
    ];
    for (const [asked, sentence] of sentences) {
      expect(await refused(write(asked), 'constraintViolation')).toBe(sentence);
    }
    await setFacts(d(), ada, { lifecycleEngagement: 'id=1 start=2026-01-01' });
    expect(await refused(write('staged'), 'constraintViolation')).toBe(
      `${ada} stays active: staged is for people before their first day`,
    );
    expect(texts('lifecycleEngagement')).toEqual(['id=1 start=2026-01-01']);
  });

  test('said of somebody who is, they change nothing', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: 'id=1 start=2026-02-01' });
    await ok(write('staged'));
    await setFacts(d(), ada, {
      lifecycleEngagement: 'id=1',
      lifecycleAbsence: 'kind=parental from=2026-01-01',
    });
    await ok(write('leave'));
    expect(state()).toBe('leave');
  });
});

describe('as clients write it', () => {
  test('deleting the old value and adding the new one', async () => {
    await ok(
      d().modify(ada, [
        ['delete', 'lifecycleState', 'active'],
        ['add', 'lifecycleState', 'suspended'],
      ]),
    );
    expect(state()).toBe('suspended');
    expect(
      await refused(d().modify(ada, [['delete', 'lifecycleState', 'active']]), 'noSuchAttribute'),
    ).toBe(`lifecycleState of ${ada} is suspended, not active`);
  });

  test('taking a state away without another, or giving two, is refused', async () => {
    expect(
      await refused(d().modify(ada, [['delete', 'lifecycleState']]), 'constraintViolation'),
    ).toBe(`${ada} always has a state: write the new one, such as active or suspended`);
    await refused(
      d().modify(ada, [['add', 'lifecycleState', 'active', 'suspended']]),
      'constraintViolation',
    );
    await refused(d().modify(ada, [['increment', 'lifecycleState', '1']]), 'constraintViolation');
  });

  test('in an add, with dates first whatever the order', async () => {
    const eve = person('eve');
    await ok(
      d().add(
        eve,
        personValues('eve', { lifecycleState: 'staged', lifecycleStart: '20260201000000Z' }),
      ),
    );
    expect(texts('lifecycleEngagement', eve)).toEqual(['id=1 start=20260201000000Z']);
    expect(state(eve)).toBe('staged');
    expect(texts('objectClass', eve)).toContain('lifecycleSubject');
    const mia = person('mia');
    await ok(d().add(mia, personValues('mia', { lifecycleState: 'suspended' })));
    expect(state(mia)).toBe('suspended');
    const sentence = await refused(
      d().add(person('kim'), personValues('kim', { lifecycleState: 'staged' })),
      'constraintViolation',
    );
    expect(sentence).toContain('write lifecycleStart');
  });

  test('in the entries of a file, unless facts stand beside it', async () => {
    const entry = (uid: string, more: string) =>
      `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: x\n${more}\n`;
    await d().import(
      entry('eve', 'lifecycleState: suspended\n') +
        entry('kim', 'lifecycleState: active\nlifecycleEngagement: id=1 end=2026-01-01\n'),
    );
    expect(state(person('eve'))).toBe('suspended');
    expect(state(person('kim'))).toBe('offboarded');
  });
});

describe('lifecycleStart and lifecycleEnd', () => {
  const end = (op: 'add' | 'replace' | 'delete', ...values: string[]) =>
    d().modify(ada, [[op, 'lifecycleEnd', ...values]]);

  test('make the one engagement, and change it', async () => {
    await ok(end('add', inSeconds(d(), DAY)));
    expect(texts('lifecycleEngagement')).toEqual(['id=1 end=20260106090000Z']);
    expect(texts('lifecycleEnd')).toEqual(['20260106090000Z']);
    expect(texts('lifecycleStart')).toEqual([]);
    await ok(d().modify(ada, [['replace', 'lifecycleStart', '2026-01-01']]));
    expect(texts('lifecycleEngagement')).toEqual(['id=1 start=2026-01-01 end=20260106090000Z']);
    expect(texts('lifecycleStart')).toEqual(['20260101000000Z']);
    // A date is a whole day.
    await ok(end('replace', '2026-01-06'));
    expect(texts('lifecycleEnd')).toEqual(['20260107000000Z']);
    d().clock.advance(DAY * 1000);
    expect(await bind()).toBe(OK);
    d().clock.advance(15 * 3_600_000);
    expect(await bind()).toBe(INVALID);
  });

  test('the old value goes with the new one, as the same instant in any spelling', async () => {
    await ok(end('add', '2026-01-06'));
    expect(await refused(end('add', '20260108000000Z'), 'attributeOrValueExists')).toBe(
      `lifecycleEnd of ${ada} is 2026-01-06 already; replace it`,
    );
    await ok(
      d().modify(ada, [
        ['delete', 'lifecycleEnd', '20260107000000Z'],
        ['add', 'lifecycleEnd', '20260108000000Z'],
      ]),
    );
    expect(texts('lifecycleEngagement')).toEqual(['id=1 end=20260108000000Z']);
  });

  test('taken away, they would open what they close: refused', async () => {
    await refused(end('delete'), 'noSuchAttribute');
    await ok(end('replace', '2026-01-06'));
    for (const asked of [end('delete'), end('replace'), end('delete', '2026-01-06')]) {
      expect(await refused(asked, 'constraintViolation')).toBe(
        `lifecycleEnd of ${ada} cannot be taken away: write another, or replace the value of ` +
          'lifecycleEngagement where it shall have none',
      );
    }
    await refused(end('delete', '2026-01-09'), 'noSuchAttribute');
  });

  test('are refused for several engagements, and for what is no time', async () => {
    await setFacts(d(), ada, { lifecycleEngagement: ['id=1', 'id=hr-7 end=2027-01-01'] });
    expect(await refused(end('replace', '2026-01-06'), 'constraintViolation')).toBe(
      `${ada} has 2 engagements (1, hr-7): change the one that is meant, as a value of ` +
        'lifecycleEngagement',
    );
    const sentence = await refused(end('replace', 'tomorrow'), 'invalidAttributeSyntax');
    expect(sentence).toContain('write 2026-11-30, 2026-11-30T17:00 or 20261130170000Z');
    await refused(end('replace', '2026-01-06', '2026-01-07'), 'constraintViolation');
  });

  test('several changes of one write mean what they say in their order', async () => {
    await ok(
      d().modify(ada, [
        ['add', 'lifecycleEngagement', 'id=7 kind=intern start=2026-01-01'],
        ['add', 'lifecycleEnd', '2026-06-30'],
        ['replace', 'lifecycleState', 'suspended'],
      ]),
    );
    expect(texts('lifecycleEngagement')).toEqual([
      'id=7 kind=intern start=2026-01-01 end=2026-06-30',
    ]);
    expect(state()).toBe('suspended');
  });
});
