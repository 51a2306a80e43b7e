/**
 * Writes a filter as text (RFC 4515) that parses back to the same filter. UTF-8 values stay
 * readable; what is not UTF-8, and every control character, is escaped, so a filter can go into a
 * log line. It checks nothing: a filter from the wire may name what no schema has.
 */
import { isUtf8 } from 'node:buffer';
import type { Filter } from '../model/filter.js';

/** The filter with its parentheses. Recursion is as deep as the filter, which is bounded. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return `(&${filter.filters.map(formatFilter).join('')})`;
    case 'or':
      return `(|${filter.filters.map(formatFilter).join('')})`;
    case 'not':
      return `(!${formatFilter(filter.filter)})`;
    case 'equality':
      return `(${filter.attribute}=${formatValue(filter.value)})`;
    case 'greaterOrEqual':
      return `(${filter.attribute}>=${formatValue(filter.value)})`;
    case 'lessOrEqual':
      return `(${filter.attribute}<=${formatValue(filter.value)})`;
    case 'approx':
      return `(${filter.attribute}~=${formatValue(filter.value)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'substrings': {
      const { attribute, initial, any, final } = filter;
      const middle = any.map((value) => `${formatValue(value)}*`).join('');
      return `(${attribute}=${formatValue(initial)}*${middle}${formatValue(final)})`;
    }
    case 'extensible': {
      const { attribute, rule, value, dnAttributes } = filter;
      const dn = dnAttributes ? ':dn' : '';
      const by = rule === undefined ? '' : `:${rule}`;
      return `(${attribute ?? ''}${dn}${by}:=${formatValue(value)})`;
    }
  }
}

/** A value as RFC 4515 valueencoding; the empty string for none. */
function formatValue(value: Buffer | undefined): string {
  if (value === undefined) return '';
  const isText = isUtf8(value);
  let text = '';
  let plainFrom = 0;
  for (let i = 0; i < value.length; i++) {
    if (!isEscaped(value, i, isText)) continue;
    text += value.toString('utf8', plainFrom, i);
    text += `\\${value[i]!.toString(16).padStart(2, '0')}`;
    plainFrom = i + 1;
  }
  return text + value.toString('utf8', plainFrom);
}

/**
 * NUL, "(", ")", "*" and "\" must be escaped. Control characters are, too: those of ASCII, and
 * U+0080 to U+009F, which UTF-8 writes as C2 80 to C2 9F.
 */
function isEscaped(value: Buffer, at: number, isText: boolean): boolean {
  const byte = value[at]!;
  if (byte < 0x80) {
    return byte < 0x20 || byte === 0x7f || (byte >= 0x28 && byte <= 0x2a) || byte === 0x5c;
  }
  if (!isText) return true;
  if (byte === 0xc2) return value[at + 1]! < 0xa0;
  return byte < 0xa0 && value[at - 1] === 0xc2;
}
