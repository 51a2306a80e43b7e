import { describe, expect, test } from '@jest/globals';
import {
  holds,
  kindOf,
  rolesOf,
  spansOf,
  turnsOf,
} from '../../../src/policy/core/conditions/index.js';
import type { Condition } from '../../../src/policy/core/language/index.js';
import { companyOf300 } from '../../../src/policy/examples/index.js';
import { type PersonParts, person, policyFrom, utc } from '../../support/policy.js';

const policy = policyFrom(companyOf300.replace('Europe/Berlin', 'UTC'));
const now = utc('2026-11-25T12:00');

/** A condition out of a step, where everything may be asked. */
function asked(text: string): Condition {
  const text1 = `tenure: 1\nkinds: {k: {who: everyone}}\nroles: {r: {who: group ops, may: reset}}`;
  const step = `journeys: {j: {at end: ['offboard if ${text}']}}`;
  return policyFrom(`${text1}\n${step}`).journeys[0]!.rules[0]!.steps[0]!.when!;
}

const is = (text: string, parts: PersonParts, at = now) =>
  holds(asked(text), person(parts), policy, at);

describe('what holds of somebody', () => {
  test('values, case and space aside', () => {
    const attributes = { departmentnumber: ['R-210', 'X'], title: ['Head  of Sales'] };
    expect(is('department is r-210', { attributes })).toBe(true);
    expect(is('department is R-21', { attributes })).toBe(false);
    expect(is('title is "head of sales"', { attributes })).toBe(true);
    expect(is('department is not X', { attributes })).toBe(false);
    expect(is('has no title', { attributes })).toBe(false);
    expect(is('has no description', { attributes })).toBe(true);
  });

  test('and, or, not', () => {
    expect(is('everyone and not held', {})).toBe(true);
    expect(is('held or everyone and under notice', {})).toBe(false);
  });

  test('place, groups, roles', () => {
    expect(is('below ou=services', { below: ['ou=services'] })).toBe(true);
    expect(is('group a or b', { groups: ['b'] })).toBe(true);
    expect(is('group a', { groups: ['b'] })).toBe(false);
    expect(is('has any role', { groups: ['desk'] })).toBe(true);
    expect(is('has any role', { groups: ['dev'] })).toBe(false);
  });

  test('what engagements say goes before the attribute of that meaning', () => {
    const attributes = { departmentnumber: ['A'], employeetype: ['employee'] };
    const engagements = [
      { id: '1', department: 'B', end: '2026-12-31' },
      { id: '2', department: 'C', start: '2026-01-01' },
      { id: '3', department: 'D', start: '2027-01-01' },
    ];
    const parts = { attributes, facts: { engagements } };
    expect(is('department is A', parts)).toBe(false);
    expect(is('department is B and department is C', parts)).toBe(true);
    expect(is('department is D', parts)).toBe(false);
    expect(is('department is D', parts, utc('2027-01-01'))).toBe(true);
    expect(is('department is B', parts, utc('2027-01-01'))).toBe(false);
    expect(is('type is employee', parts)).toBe(true);
  });

  test('somebody who is gone is what they were last; somebody to come what they begin as', () => {
    const engagements = [
      { id: '1', kind: 'intern', start: '2025-01-01', end: '2025-06-30' },
      { id: '2', kind: 'contractor', start: '2025-07-01', end: '2026-06-30' },
      { id: '3', kind: 'employee', start: '2027-01-01' },
    ];
    const facts = { engagements };
    expect(kindOf(person({ facts }), policy, now)?.name).toBe('contractor');
    expect(kindOf(person({ facts }), policy, utc('2024-01-01'))?.name).toBe('intern');
    expect(kindOf(person({ facts }), policy, utc('2027-01-01'))?.name).toBe('employee');
  });

  test('the kind that the entry names wins over the first that fits', () => {
    const attributes = { employeetype: ['contractor'], lifecyclekind: ['Intern'] };
    expect(kindOf(person({ attributes }), policy, now)?.name).toBe('intern');
    expect(kindOf(person({}), policy, now)).toBeUndefined();
  });

  test('state, holds and notice turn at their second', () => {
    const facts = {
      engagements: [{ id: '1', end: '2026-11-30T17:00' }],
      holds: [{ matter: 'm', by: 'x', since: '2026-12-01' }],
      notice: { since: '2026-11-01' },
    };
    const at = utc('2026-11-30T17:00');
    expect(is('state is active', { facts }, at - 1)).toBe(true);
    expect(is('state is active', { facts }, at)).toBe(false);
    expect(is('state is offboarded', { facts }, at)).toBe(true);
    expect(is('held', { facts }, utc('2026-12-01') - 1)).toBe(false);
    expect(is('held', { facts }, utc('2026-12-01'))).toBe(true);
    expect(is('under notice', { facts }, utc('2026-10-31'))).toBe(false);
    expect(is('under notice', { facts })).toBe(true);
  });

  test('traces of them', () => {
    expect(is('never seen', {})).toBe(true);
    expect(is('seen within 7 days', {})).toBe(false);
    const lastSeen = utc('2026-11-18T12:00');
    expect(is('never seen', { lastSeen })).toBe(false);
    expect(is('used in 7 days', { lastSeen }, now - 1)).toBe(true);
    expect(is('used in 7 days', { lastSeen }, now)).toBe(false);
  });

  test('how long somebody was away', () => {
    const absences = [
      { kind: 'parental', from: '2026-01-01', until: '2026-01-05' },
      { kind: 'sick', from: '2026-08-01', until: '2026-11-24' },
    ];
    expect(is('away over 90 days', { facts: { absences } })).toBe(true);
    expect(is('away over 4 months', { facts: { absences } })).toBe(false);
    expect(is('away over 90 days', { facts: { absences: absences.slice(0, 1) } })).toBe(false);
    expect(is('away over 90 days', {})).toBe(false);
  });
});

test('roles, by who has them', () => {
  const names = (groups: string[]) =>
    rolesOf(person({ groups }), policy, now).map(({ name }) => name);
  expect(names(['desk', 'legal'])).toEqual(['help desk', 'legal']);
  expect(names([])).toEqual([]);
});

describe('when a condition holds', () => {
  const facts = {
    engagements: [
      { id: '1', kind: 'contractor', start: '2026-01-01', end: '2026-03-31' },
      { id: '2', kind: 'employee', start: '2026-06-01' },
    ],
  };
  const staff = policy.groups[0]!.rule!;

  test('from the second of one turn to that of another', () => {
    expect(spansOf(staff, person({ facts }), policy)).toEqual([
      { from: utc('2026-06-01'), until: Infinity },
    ]);
    const contractor: Condition = { is: 'kind', kinds: ['contractor'] };
    expect(spansOf(contractor, person({ facts }), policy)).toEqual([
      { from: -Infinity, until: utc('2026-06-01') },
    ]);
    const active: Condition = { is: 'state', states: ['active'] };
    expect(spansOf(active, person({ facts }), policy)).toEqual([
      { from: utc('2026-01-01'), until: utc('2026-04-01') },
      { from: utc('2026-06-01'), until: Infinity },
    ]);
  });

  test('always and never', () => {
    expect(spansOf({ is: 'everyone' }, person(), policy)).toEqual([
      { from: -Infinity, until: Infinity },
    ]);
    expect(spansOf({ is: 'held' }, person(), policy)).toEqual([]);
    expect(turnsOf(person(), policy)).toEqual([]);
  });

  test('dates are read in the zone of the person', () => {
    const [span] = spansOf(staff, person({ facts, zone: 'Asia/Tokyo' }), policy);
    expect(span!.from).toBe(utc('2026-05-31T15:00'));
  });
});
