/** Wall clocks of time zones: what Intl says at any second, and the way back. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayStart, instantOf, isZone, localTime } from '../../../src/policy/core/index.js';
import { seed } from '../../support/seed.js';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe', // half an hour of summer time
  'Pacific/Apia', // left out a day in 2011
  'Pacific/Chatham',
  'Africa/Casablanca', // a pause of summer time in Ramadan
  'Asia/Kathmandu',
  'America/Caracas',
  'Antarctica/Troll', // two hours of summer time
];
const utc = (text: string) => Date.parse(text) / 1_000;

const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);

function byIntl(seconds: number, zone: string) {
  const parts = formats
    .get(zone)!
    .format(seconds * 1_000)
    .split(/[-: ]/)
    .map(Number);
  const [year, month, day, hour, minute, second] = parts;
  return { year, month, day, hour, minute, second };
}

test('every second is shown as Intl shows it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: utc('1971-01-01T00:00:00Z'), max: utc('2099-12-31T00:00:00Z') }),
      (zone, seconds) => {
        expect([zone, seconds, localTime(seconds, zone)]).toEqual([
          zone,
          seconds,
          byIntl(seconds, zone),
        ]);
      },
    ),
    { seed: seed(), numRuns: 1_500 },
  );
});

test('beside every change of a year, too', () => {
  for (const zone of zones) {
    for (const year of [2011, 2026]) {
      const first = utc(`${year}-01-01T00:00:00Z`);
      const offset = (at: number) => Date.parse(`${stamp(localTime(at, zone))}Z`) / 1_000 - at;
      for (let at = first; at < first + 366 * 86_400; at += 10_800) {
        if (offset(at) === offset(at + 10_800)) continue;
        for (let near = at; near <= at + 10_800; near += 300) {
          for (const second of [near - 1, near]) {
            expect([zone, second, localTime(second, zone)]).toEqual([
              zone,
              second,
              byIntl(second, zone),
            ]);
          }
        }
      }
    }
  }
});

const two = (n: number) => String(n).padStart(2, '0');
const stamp = ({ year, month, day, hour, minute, second }: ReturnType<typeof localTime>) =>
  `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;

describe('a wall-clock time', () => {
  test('is the instant at which clocks show it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: utc('1990-01-01T00:00:00Z'), max: utc('2060-01-01T00:00:00Z') }),
        (zone, seconds) => {
          const local = localTime(seconds, zone);
          const back = instantOf(local, zone);
          // Of one that comes twice the first counts.
          expect([zone, back <= seconds, localTime(back, zone)]).toEqual([zone, true, local]);
        },
      ),
      { seed: seed(), numRuns: 1_500 },
    );
  });

  test.each([
    ['2026-03-29T02:30:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29T02:00:00', '2026-03-29T01:00:00Z'],
    ['2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
  ])('that is skipped or comes twice: %s in Berlin is %s', (local, instant) => {
    const [year, month, day, hour, minute, second] = local.split(/[-:T]/).map(Number);
    const time = { year, month, day, hour, minute, second } as ReturnType<typeof localTime>;
    expect(instantOf(time, 'Europe/Berlin')).toBe(utc(instant));
  });
});

test('a day begins at its midnight, on days of 23 and 25 hours as well', () => {
  const noon = utc('2026-03-29T12:00:00Z');
  expect(dayStart(noon, 'Europe/Berlin')).toBe(utc('2026-03-28T23:00:00Z'));
  expect(dayStart(noon, 'Europe/Berlin', 1)).toBe(utc('2026-03-29T22:00:00Z'));
});

test('a zone is one that the machine knows', () => {
  expect([isZone('Europe/Berlin'), isZone('Europe/Berlim'), isZone('')]).toEqual([
    true,
    false,
    false,
  ]);
});
