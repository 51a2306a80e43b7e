/** Grants of memberships as the tests of them write them. */
import { formatTime } from '../../src/directory/model/time.js';
import { group, person } from './directory-people.js';
import type { TestDirectory } from './directory-temp.js';

export const HOUR = 3_600;
export const people = ['ada', 'bob', 'eve'];

const seconds = (d: TestDirectory) => Math.floor(d.clock.nowMs() / 1000);

/** A value of tenureHolder that begins now, or in so many seconds. */
export function grantOf(d: TestDirectory, uid: string, length: number, from = 0): string {
  const begin = from === 0 ? '' : formatTime(seconds(d) + from);
  const end = formatTime(seconds(d) + from + length);
  return `kind=grant entry="${person(uid)}" when=${begin}..${end} because="on call"`;
}

export const grant = (d: TestDirectory, uid: string, cn: string, length = HOUR, from = 0) =>
  d.modify(group(cn), [['add', 'tenureHolder', grantOf(d, uid, length, from)]]);
