/** Spans in which a reference holds: their text, their union, what they say of a second. */
import { describe, expect, test } from '@jest/globals';
import {
  byHand,
  formatSpans,
  holderText,
  holdsAt,
  instantsOf,
  isPlain,
  parseSpans,
  readHolder,
  type Span,
  unite,
} from '../../../src/directory/model/holder.js';

const span = (from: number, until: number): Span => ({ from, until });

describe('spans as text', () => {
  test.each([
    ['..', [span(-Infinity, Infinity)]],
    ['100..200', [span(100, 200)]],
    ['..200 300..', [span(-Infinity, 200), span(300, Infinity)]],
    ['-50..-20 100..200', [span(-50, -20), span(100, 200)]],
  ])('%s', (text, spans) => {
    expect(parseSpans(text)).toEqual(spans);
    expect(formatSpans(spans)).toBe(text);
  });

  test.each(['', '100', '200..100', '100..100', '1..5 5..9', '5..9 1..2', '1..2  3..4', 'a..b'])(
    '"%s" is none',
    (text) => expect(() => parseSpans(text)).toThrow('says of no time'),
  );
});

describe('a span', () => {
  test('begins with its first second and ends before its last', () => {
    const spans = [span(100, 200)];
    const at = [99, 100, 199, 200].map((now) => holdsAt(spans, now));
    expect(at).toEqual([false, true, true, false]);
  });

  test('no spans at all are always', () => expect(holdsAt([], 5)).toBe(true));

  test('an open side is no instant', () => {
    expect(instantsOf([span(-Infinity, 5), span(7, Infinity)])).toEqual([5, 7]);
  });
});

describe('the union', () => {
  test('of what overlaps or touches is one span', () => {
    expect(unite([[span(1, 4)], [span(3, 6), span(6, 7)], [span(9, 10)]])).toEqual([
      span(1, 7),
      span(9, 10),
    ]);
  });

  test('with something that always holds always holds', () => {
    expect(unite([[span(1, 4)], []])).toEqual([]);
  });

  test('of two halves of time is always', () => {
    expect(unite([[span(-Infinity, 4)], [span(4, Infinity)]])).toEqual([]);
  });
});

test('a holder survives being written', () => {
  const grant = { kind: 'grant', spans: [span(1, 4)], note: 'because="on call"' } as const;
  expect(readHolder(holderText(grant))).toEqual(grant);
  expect(readHolder(holderText(byHand))).toEqual(byHand);
  expect([byHand, grant, { ...byHand, note: 'x' }].map(isPlain)).toEqual([true, false, false]);
});
