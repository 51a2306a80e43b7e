/**
 * The code points that string preparation treats specially (RFC 4518 §2.2 and §2.4, with the tables
 * of RFC 3454 that it names), as inclusive ranges. Facts only; prep.ts does the work.
 */

/** Pairs of first and last code point, ascending. */
export type CodePointRanges = readonly (readonly [number, number])[];

/** Mapped to nothing (RFC 4518 §2.2, first three paragraphs and the last). */
export const mappedToNothing: CodePointRanges = [
  [0x0000, 0x0008],
  [0x000e, 0x001f],
  [0x007f, 0x0084],
  [0x0086, 0x009f],
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x06dd, 0x06dd],
  [0x070f, 0x070f],
  [0x1806, 0x1806],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2063],
  [0x206a, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffc],
  [0x1d173, 0x1d17a],
  [0xe0001, 0xe0001],
  [0xe0020, 0xe007f],
];

/** Mapped to SPACE: line ends, tabs and every Zs, Zl and Zp (RFC 4518 §2.2). */
export const mappedToSpace: CodePointRanges = [
  [0x0009, 0x000d],
  [0x0085, 0x0085],
  [0x00a0, 0x00a0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];

/**
 * Prohibited whatever the Unicode version: private use (C.3), non-characters (C.4), surrogates
 * (C.5), what changes display or is deprecated (C.8), and REPLACEMENT CHARACTER (RFC 4518 §2.4).
 */
export const prohibited: CodePointRanges = [
  [0x0340, 0x0341],
  [0xd800, 0xdfff],
  [0xe000, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfffd, 0xffff],
  [0x1fffe, 0x1ffff],
  [0x2fffe, 0x2ffff],
  [0x3fffe, 0x3ffff],
  [0x4fffe, 0x4ffff],
  [0x5fffe, 0x5ffff],
  [0x6fffe, 0x6ffff],
  [0x7fffe, 0x7ffff],
  [0x8fffe, 0x8ffff],
  [0x9fffe, 0x9ffff],
  [0xafffe, 0xaffff],
  [0xbfffe, 0xbffff],
  [0xcfffe, 0xcffff],
  [0xdfffe, 0xdffff],
  [0xefffe, 0xeffff],
  [0xf0000, 0x10ffff],
];

/** Whether `code` lies in one of the ranges. */
export function inRanges(ranges: CodePointRanges, code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (code < range[0]) high = middle - 1;
    else if (code > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
