/** The spans in which somebody is active, kept beside the timelines: they never say more than those. */
import { describe, expect, test } from '@jest/globals';
import { parseTimeline, type Timeline } from '../../../src/directory/model/timeline.js';
import { QuietSpans } from '../../../src/store/quiet-spans.js';

const timeline = parseTimeline('staged 100 active 200 leave 300 active 400 sealed');

describe('quiet spans', () => {
  test('say active at exactly the seconds at which the timeline does, in whatever order', () => {
    const quiet = new QuietSpans((id) => (id === 7 ? timeline : undefined));
    const seconds = [399, 99, 100, 199, 200, 299, 300, 400, 150, 350, 5_000, 1];
    const active = seconds.filter((at) => quiet.holds(7, at));
    expect(active).toEqual([399, 100, 199, 300, 150, 350]);
    for (const at of seconds) expect(quiet.holds(8, at)).toBe(true);
  });

  test('a second account and an open end are never quiet', () => {
    const second = { ...timeline, principal: 9 };
    const open = { ...timeline, openEnds: true };
    const quiet = new QuietSpans((id) => (id === 1 ? second : open));
    expect([quiet.holds(1, 150), quiet.holds(2, 150)]).toEqual([false, false]);
  });

  test('a timeline that changed is looked at again, and only that one', () => {
    let now: Timeline | undefined;
    const asked: number[] = [];
    const quiet = new QuietSpans((id) => {
      asked.push(id);
      return now;
    });
    expect([quiet.holds(1, 50), quiet.holds(1, 50), quiet.holds(5_000, 50)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(asked).toEqual([1, 5_000]);
    now = timeline;
    quiet.forget(1);
    expect([quiet.holds(1, 50), quiet.holds(5_000, 50)]).toEqual([false, true]);
    quiet.clear();
    expect(quiet.holds(5_000, 50)).toBe(false);
  });
});
