/** Moments in the words that people use. */
import { describe, expect, test } from '@jest/globals';
import { isWholeDay, momentOf } from '../../../src/policy/core/index.js';

// A Wednesday: 13:30 in Berlin.
const now = Date.parse('2026-11-25T12:30:00Z') / 1000;
const zone = 'Europe/Berlin';
const read = (words: string, at = now, where = zone) => momentOf(words, at, where);

describe('words that are a time', () => {
  test.each([
    ['now', '20261125123000Z'],
    ['today', '2026-11-25'],
    ['Tomorrow', '2026-11-26'],
    ['yesterday', '2026-11-24'],
    ['17:00', '2026-11-25T17:00'],
    ['at 17:00', '2026-11-25T17:00'],
    ['today 09:15', '2026-11-25T09:15'],
    ['tomorrow  9:15:30', '2026-11-26T09:15:30'],
    ['friday', '2026-11-27'],
    ['wednesday', '2026-12-02'],
    ['monday 08:00', '2026-11-30T08:00'],
    ['in 30 days', '2026-12-25'],
    ['in 1 day', '2026-11-26'],
    ['30 days ago', '2026-10-26'],
    ['in 2 weeks', '2026-12-09'],
    ['in 3 months', '2027-02-25'],
    ['in 1 year', '2027-11-25'],
    ['in 4 hours', '20261125163000Z'],
    ['in 90 minutes', '20261125140000Z'],
    ['2026-11-30', '2026-11-30'],
    ['2026-11-30 17:00', '2026-11-30T17:00'],
    ['2026-11-30T17:00:30', '2026-11-30T17:00:30'],
    ['20261130160000Z', '20261130160000Z'],
  ])('%s', (words, time) => {
    expect(read(words)).toBe(time);
  });

  test('a month that is too short ends on its last day', () => {
    const january = Date.parse('2027-01-31T12:00:00Z') / 1000;
    expect(read('in 1 month', january)).toBe('2027-02-28');
  });

  test('the day is that of the zone', () => {
    const late = Date.parse('2026-11-25T23:30:00Z') / 1000;
    expect(read('today', late)).toBe('2026-11-26');
    expect(read('today', late, 'UTC')).toBe('2026-11-25');
    expect(read('today', late, 'America/New_York')).toBe('2026-11-25');
  });

  test('only a date is a whole day', () => {
    expect(isWholeDay('2026-11-30')).toBe(true);
    expect(isWholeDay('2026-11-30T17:00')).toBe(false);
    expect(isWholeDay('20261130160000Z')).toBe(false);
  });
});

describe('words that are none', () => {
  test.each([
    ['soon', 'is no time; write today'],
    ['', 'is no time'],
    ['12:00', 'has passed today; write "tomorrow 12:00"'],
    ['25:00', 'no such time of day'],
    ['2026-02-30', 'no such day'],
    ['2026-11-30 24:01', 'no such time of day'],
    ['friday noon', 'ends in "noon"'],
    ['friday 17:00 sharp', 'is no time'],
    ['30 days', 'lacks a direction'],
    ['in 30 days ago', 'lacks a direction'],
    ['in 999999 years', 'is too far away'],
  ])('%s', (words, fault) => {
    expect(read(words)).toEqual({ fault: expect.stringContaining(fault) });
  });
});
