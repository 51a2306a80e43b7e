/** What the verbs make of facts. */
import { describe, expect, test } from '@jest/globals';
import { type Facts, noFacts, verbs } from '../../../src/policy/core/index.js';

const now = Date.parse('2026-11-25T12:00:00Z') / 1000;
const instant = '20261125120000Z';
const calendar = { zone: 'UTC', endDateMeans: 'the whole of the last day' } as const;
const said = { now, calendar };
const employed: Facts = { ...noFacts, engagements: [{ id: '1', start: '2020-01-01' }] };
const contract: Facts = {
  ...noFacts,
  engagements: [{ id: '1', kind: 'contractor', start: '2026-01-01', end: '2026-12-31' }],
};
const gone: Facts = {
  ...noFacts,
  engagements: [{ id: '1', start: '2020-01-01', end: '2026-11-01' }],
  notice: { since: '2026-10-01' },
};
const fault = (text: string) => ({ fault: expect.stringContaining(text) });

describe('offboard', () => {
  test('ends all that is open, leaves alone what has ended, drops what would begin later', () => {
    const facts: Facts = {
      ...noFacts,
      engagements: [
        { id: '1', end: '2025-01-01' },
        { id: '2', start: '2025-01-02' },
        { id: '3', start: '2026-01-01', end: '2027-01-01' },
        { id: '4', start: '2027-02-01' },
        { id: '5', start: '2026-01-01', end: '2026-12-01' },
      ],
    };
    expect(verbs.offboard(facts, '2026-12-31', {}, said)).toMatchObject({
      engagements: [
        { id: '1', end: '2025-01-01' },
        { id: '2', end: '2026-12-31' },
        { id: '3', end: '2026-12-31' },
        { id: '5', end: '2026-12-01' },
      ],
    });
  });

  test('never makes anybody stay longer', () => {
    expect(verbs.offboard(contract, '2027-06-30', {}, said)).toEqual(
      fault('leaves with 2026-12-31 already'),
    );
  });

  test('of somebody without engagements makes the one that ends', () => {
    const after = verbs.offboard(noFacts, instant, { kind: 'employee' }, said);
    expect(after).toMatchObject({ engagements: [{ id: '1', kind: 'employee', end: instant }] });
  });

  test('of somebody staged leaves a contract of no length', () => {
    const staged: Facts = { ...noFacts, engagements: [{ id: '1', start: '2027-01-01' }] };
    expect(verbs.offboard(staged, instant, {}, said)).toMatchObject({
      engagements: [{ id: '1', start: instant, end: instant }],
    });
  });

  test('of somebody who has left is refused', () => {
    expect(verbs.offboard(gone, instant, {}, said)).toEqual(fault('has left already'));
  });
});

describe('extend', () => {
  test('moves the end, takes it away with the notice, brings back the one who just left', () => {
    expect(verbs.extend(contract, '2027-03-31', said)).toMatchObject({
      engagements: [{ id: '1', end: '2027-03-31' }],
    });
    const back = verbs.extend(gone, undefined, said);
    expect(back).toMatchObject({ engagements: [{ id: '1', start: '2020-01-01' }] });
    expect(back).not.toHaveProperty('notice');
    expect(JSON.stringify(back)).not.toContain('end');
  });

  test('of several says how', () => {
    const two: Facts = { ...noFacts, engagements: [{ id: '1' }, { id: '2' }] };
    expect(verbs.extend(two, '2027-03-31', said)).toEqual(fault('several engagements (1, 2)'));
    expect(verbs.extend(noFacts, undefined, said)).toEqual(fault('no engagement'));
    expect(verbs.extend(noFacts, '2027-01-01', said)).toMatchObject({
      engagements: [{ id: '1', end: '2027-01-01' }],
    });
  });
});

describe('move', () => {
  test('changes words within a kind', () => {
    expect(verbs.move(employed, { department: 'R-1' }, instant, said)).toMatchObject({
      engagements: [{ id: '1', start: '2020-01-01', department: 'R-1' }],
    });
  });

  test('to another kind is a new contract in the same second, without the old end', () => {
    const after = verbs.move(contract, { kind: 'employee' }, instant, said) as Facts;
    expect(after.engagements).toEqual([
      { id: '1', kind: 'contractor', start: '2026-01-01', end: instant },
      { id: '2', kind: 'employee', start: instant },
    ]);
  });

  test('before the first day changes the contract that is to come', () => {
    const staged: Facts = {
      ...noFacts,
      engagements: [{ id: '1', kind: 'intern', start: '2027-01-01' }],
    };
    expect(verbs.move(staged, { kind: 'employee' }, instant, said)).toMatchObject({
      engagements: [{ id: '1', kind: 'employee', start: '2027-01-01' }],
    });
    expect(verbs.move(gone, { kind: 'employee' }, instant, said)).toEqual(fault('has left'));
    expect(verbs.move(noFacts, { kind: 'employee' }, instant, said)).toBe(noFacts);
  });
});

describe('pause and resume', () => {
  const away: Facts = { ...employed, absences: [{ kind: 'sick', from: '2026-11-20' }] };

  test('an absence that holds ends now; another stays', () => {
    const both = verbs.pause(away, { kind: 'parental', from: '2027-01-01' });
    expect(verbs.resume(both, instant, false, said)).toMatchObject({
      absences: [
        { kind: 'sick', from: '2026-11-20', until: instant },
        { kind: 'parental', from: '2027-01-01' },
      ],
    });
    expect(verbs.resume(both, instant, true, said)).toMatchObject({
      absences: [{ kind: 'sick', from: '2026-11-20' }],
    });
  });

  test('nothing to end is said', () => {
    expect(verbs.resume(employed, instant, false, said)).toEqual(fault('is not absent now'));
    expect(verbs.resume(away, instant, true, said)).toEqual(fault('no planned absence'));
    const later = verbs.pause(employed, { kind: 'parental', from: '2027-01-01' });
    expect(verbs.resume(later, instant, false, said)).toEqual(fault('--planned'));
  });
});

describe('blocks', () => {
  const administrative = { kind: 'administrative', by: 'cn=a', since: instant } as const;
  const security = { kind: 'security', by: 'cn=s', since: instant, reason: 'leak' } as const;

  test('come once and go by kind', () => {
    const one = verbs.block(employed, administrative, said) as Facts;
    expect(verbs.block(one, administrative, said)).toEqual(fault('is blocked already'));
    const two = verbs.block(one, security, said) as Facts;
    expect(verbs.lift(two, ['administrative', 'idle'], said)).toMatchObject({ blocks: [security] });
  });

  test('a security block is not lifted with the others', () => {
    const one = verbs.block(employed, security, said) as Facts;
    const answer = verbs.lift(one, ['administrative', 'idle'], said);
    expect(answer).toEqual(
      fault('is blocked by cn=s for security (leak); tenure lift --kind security'),
    );
    expect(verbs.lift(employed, ['idle'], said)).toEqual(fault('is not blocked'));
  });
});

test('holds come and go by matter', () => {
  const one = { matter: 'A', by: 'cn=l', since: instant };
  const held = verbs.hold(employed, one) as Facts;
  expect(verbs.hold(held, one)).toEqual(fault('is held already'));
  const two = verbs.hold(held, { ...one, matter: 'B' }) as Facts;
  expect(verbs.release(two, undefined)).toEqual(fault('one of "A", "B"'));
  expect(verbs.release(two, 'C')).toEqual(fault('there is "A", "B"'));
  expect(verbs.release(two, 'A')).toMatchObject({ holds: [{ matter: 'B' }] });
  expect(verbs.release(held, undefined)).toMatchObject({ holds: [] });
  expect(verbs.release(employed, undefined)).toEqual(fault('under no hold'));
});

test('a rehire is a new contract for who has left, and nobody else', () => {
  const back = verbs.rehire(gone, { start: '2026-12-01' }, said) as Facts;
  expect(back.engagements.map(({ id }) => id)).toEqual(['1', '2']);
  expect(back).not.toHaveProperty('notice');
  expect(verbs.rehire(employed, { start: instant }, said)).toEqual(fault('has not left'));
  expect(verbs.rehire(noFacts, { start: instant }, said)).toEqual(fault('has not left'));
  const purged: Facts = { ...gone, disposals: [{ kind: 'purged', at: instant }] };
  expect(verbs.rehire(purged, { start: instant }, said)).toEqual(fault('is purged'));
});
