/** Paged results (RFC 2696): cookies without state, bound to their search and its author. */
import { beforeEach, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { manyPeople, people, person } from '../../support/directory-people.js';
import type { Ask } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';

const at = eachDirectory({ limits: { pageSizeMax: 20 } });
const uids = Array.from({ length: 25 }, (_, i) => `p${String(i).padStart(2, '0')}`);
const empty = Buffer.alloc(0);

beforeEach(() => at().seed(manyPeople(uids, { sn: 'tester' })));

function page(
  d: TestDirectory,
  size: number,
  cookie: Buffer,
  more: Ask = {},
  filter = '(sn=tester)',
) {
  const { entries, done } = d.search(filter, { base: people, ...more, paged: { size, cookie } });
  return { names: entries.map((entry) => entry.dn), done, cookie: done.paged?.cookie ?? empty };
}

function pages(d: TestDirectory, size: number, filter = '(sn=tester)', more: Ask = {}) {
  const all: string[][] = [];
  let cookie: Buffer = empty;
  do {
    const next = page(d, size, cookie, more, filter);
    expect(next.done.code).toBe('success');
    all.push(next.names);
    cookie = next.cookie;
  } while (cookie.length > 0);
  return all;
}

test('pages are disjoint and together everything', () => {
  const got = pages(at(), 10);
  expect(got.map((names) => names.length)).toEqual([10, 10, 5]);
  expect(got.flat().sort()).toEqual(uids.map(person));
});

test('no page is empty at the end where the last is full', () => {
  expect(pages(at(), 5)).toHaveLength(5);
  expect(pages(at(), 1)).toHaveLength(25);
});

test('one page that holds everything still answers the control, with an empty cookie', () => {
  const { done, names } = page(at(), 20, empty, {}, '(uid=p03)');
  expect(names).toEqual([person('p03')]);
  expect(done.paged).toEqual({ cookie: empty, estimate: expect.any(Number) });
  expect(page(at(), 20, empty, {}, '(uid=nobody)').done.paged?.cookie).toEqual(empty);
});

test('a scan pages as an index does', () => {
  for (const filter of ['(!(uid=nobody))', '(|(uid=p*)(ou=people))']) {
    expect(pages(at(), 7, filter).flat()).toHaveLength(26);
  }
  expect(pages(at(), 7, '(objectClass=*)', { scope: 'one' }).flat()).toHaveLength(25);
});

test('the size asked for is bounded by the server’s own', () => {
  expect(page(at(), 1_000, empty).names).toHaveLength(20);
  expect(page(at(), 0, empty).names).toHaveLength(20);
});

test('page size 0 with a cookie gives the search up', () => {
  const { cookie } = page(at(), 10, empty);
  const { done, names } = page(at(), 0, cookie);
  expect(names).toEqual([]);
  expect(done).toMatchObject({ code: 'success', paged: { cookie: empty } });
});

test('a cookie of another search, author or making is refused', () => {
  const d = at();
  const { cookie } = page(d, 10, empty);
  const wrong: [Buffer, Ask, string?][] = [
    [cookie, {}, '(sn=other)'],
    [cookie, { scope: 'one' }],
    [cookie, { base: person('p01') }],
    [cookie, { attributes: ['cn'] }],
    [cookie, { typesOnly: true }],
    [cookie, { deref: 'always' }],
    [cookie, { as: d.user(person('p01')) }],
    [cookie.subarray(1), {}],
    [Buffer.concat([cookie, empty, Buffer.of(0)]), {}],
    [Buffer.from(cookie.map((byte, i) => (i === 7 ? byte ^ 1 : byte))), {}],
    [Buffer.from('guess'), {}],
  ];
  for (const [given, more, filter] of wrong) {
    const { done, names } = page(d, 10, given, more, filter ?? '(sn=tester)');
    expect(names).toEqual([]);
    expect(done.code).toBe('unwillingToPerform');
    expect(done.text).toMatch(/cookie/);
  }
});

test('the page size may change on the way, and entries may come and go', async () => {
  const d = at();
  const first = page(d, 10, empty);
  await d.delete(first.names.at(-1)!);
  await d.delete(person('p24'));
  d.seed(manyPeople(['zz'], { sn: 'tester' }));
  const second = page(d, 20, first.cookie);
  expect(second.cookie).toEqual(empty);
  expect([...first.names, ...second.names].sort()).toEqual(
    [...uids.filter((uid) => uid !== 'p24'), 'zz'].map(person),
  );
});

test('a size limit cuts a page short and says so', () => {
  const { done, names } = page(at(), 10, empty, { sizeLimit: 3 });
  expect(names).toHaveLength(3);
  expect(done.code).toBe('sizeLimitExceeded');
});
