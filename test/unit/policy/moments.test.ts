import { describe, expect, test } from '@jest/globals';
import { calendarOf } from '../../../src/policy/core/conditions/index.js';
import { dueOf, localTime, momentsOf, shifted } from '../../../src/policy/core/index.js';
import type { Duration, Timing, Unit } from '../../../src/policy/core/language/index.js';
import { companyOf300 } from '../../../src/policy/examples/index.js';
import { type PersonParts, person, policyFrom, utc } from '../../support/policy.js';

const policy = policyFrom(companyOf300.replace('Europe/Berlin', 'UTC'));
const weekdays = { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-12-25'] };
const inUtc = { zone: 'UTC', ...weekdays };

/** An instant in a zone as clocks there show it. */
function shown(seconds: number, zone = 'UTC'): string {
  const { year, month, day, hour, minute } = localTime(seconds, zone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

describe('stretches of time', () => {
  test.each<[string, number, Unit, 1 | -1, string]>([
    ['2026-11-25T12:30', 90, 'minutes', 1, '2026-11-25T14:00'],
    ['2026-11-25T12:30', 13, 'hours', -1, '2026-11-24T23:30'],
    ['2026-02-28T12:30', 1, 'days', 1, '2026-03-01T12:30'],
    ['2026-11-25T12:30', 2, 'weeks', -1, '2026-11-11T12:30'],
    // A month ends on its last day at the latest.
    ['2026-01-31T09:00', 1, 'months', 1, '2026-02-28T09:00'],
    ['2026-03-31T09:00', 4, 'months', -1, '2025-11-30T09:00'],
    ['2026-12-15T09:00', 1, 'months', 1, '2027-01-15T09:00'],
    ['2028-02-29T09:00', 1, 'years', 1, '2029-02-28T09:00'],
    // Wednesday; Friday is a holiday.
    ['2026-12-23T08:00', 1, 'working days', 1, '2026-12-24T08:00'],
    ['2026-12-23T08:00', 2, 'working days', 1, '2026-12-28T08:00'],
    ['2026-12-27T08:00', 1, 'working days', -1, '2026-12-24T08:00'],
    ['2026-11-25T08:00', 10, 'working days', -1, '2026-11-11T08:00'],
  ])('%s moved by %s %s times %s is %s', (from, count, unit, direction, to) => {
    expect(shown(shifted(utc(from), { count, unit }, direction, inUtc))).toBe(to);
  });

  test('a day is a day of the zone, also where the clock is changed in it', () => {
    const berlin = { zone: 'Europe/Berlin', ...weekdays };
    const before = utc('2026-10-24T16:00');
    const day: Duration = { count: 1, unit: 'days' };
    expect(shifted(before, day, 1, berlin) - before).toBe(25 * 3600);
    expect(shown(shifted(before, day, 1, berlin), 'Europe/Berlin')).toBe('2026-10-25T18:00');
    expect(shifted(before, { count: 24, unit: 'hours' }, 1, berlin) - before).toBe(24 * 3600);
  });

  test('working days without any working day end somewhere', () => {
    const never = { zone: 'UTC', workingDays: [], holidays: [] };
    expect(Number.isFinite(shifted(0, { count: 1, unit: 'working days' }, 1, never))).toBe(true);
  });
});

const told = (parts: PersonParts) =>
  momentsOf(person(parts), policy).map(({ moment, at, about }) =>
    `${shown(at)} ${moment} ${about}`.trim(),
  );

describe('moments', () => {
  test('engagements that touch are one employment', () => {
    const engagements = [
      { id: 'b', start: '2026-04-01', end: '2026-12-31' },
      { id: 'a', start: '2026-01-01', end: '2026-03-31' },
      { id: 'c', start: '2027-02-01' },
    ];
    expect(told({ facts: { engagements } })).toEqual([
      '2026-01-01T00:00 start a b',
      '2026-07-01T00:00 probation end a b',
      '2027-01-01T00:00 end a b',
      '2027-02-01T00:00 start c',
      '2027-08-01T00:00 probation end c',
    ]);
  });

  test('who leaves before the probation ends has none; nobody knows when another began', () => {
    expect(
      told({ facts: { engagements: [{ id: '1', start: '2026-01-01', end: '2026-05-31' }] } }),
    ).toEqual(['2026-01-01T00:00 start 1', '2026-06-01T00:00 end 1']);
    expect(told({ facts: { engagements: [{ id: '1' }] } })).toEqual([]);
  });

  test('absences, notice, traces, passwords and keys', () => {
    expect(
      told({
        facts: {
          absences: [{ kind: 'parental', from: '2026-02-01', until: '2026-02-28' }],
          notice: { since: '2026-03-02' },
        },
        attributes: { pwdchangedtime: ['20260104120000Z'] },
        lastSeen: utc('2026-03-01T08:00'),
        keysAdded: [utc('2026-01-05')],
      }),
    ).toEqual([
      '2026-01-04T12:00 password set',
      '2026-01-05T00:00 key added',
      '2026-02-01T00:00 leave parental',
      '2026-03-01T00:00 return parental',
      '2026-03-01T08:00 last seen',
      '2026-03-02T00:00 notice',
    ]);
  });

  test('what is due around them', () => {
    const engagements = [{ id: '1', start: '2026-11-30', end: '2026-12-31' }];
    const someone = person({ facts: { engagements }, zone: 'Europe/Berlin' });
    const due = (timing: Timing) =>
      dueOf(timing, momentsOf(someone, policy), calendarOf(someone, policy)).map(({ at }) =>
        shown(at, 'Europe/Berlin'),
      );
    const timings = policy.journeys.flatMap(({ rules }) => rules.map(({ timing }) => timing));
    const named = (text: string) => timings.find((timing) => timing.text === text)!;
    expect(due(named('10 working days before start'))).toEqual(['2026-11-16T00:00']);
    expect(due(named('at end'))).toEqual(['2027-01-01T00:00']);
    expect(due(named('7 days after end'))).toEqual(['2027-01-08T00:00']);
    expect(due(named('at leave'))).toEqual([]);
  });
});
