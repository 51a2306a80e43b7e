/**
 * People named in the texts of sudo rules, netgroups and mail aliases. A value that denies somebody
 * something names nobody here: taking it away would open a door.
 */
import type { DirectoryReader } from '../../ports.js';
import type { Referring } from './roles.js';

/** Logins are unique; whoever imported several of one name gets the same answer for each. */
const NAMESAKES_MAX = 16;
const triple = /^\s*\(([^,]*),([^,]*),([^)]*)\)\s*$/;

/** Whether the value names somebody who is `withheld`. */
export function namesWithheld(
  role: Referring,
  value: string,
  reader: DirectoryReader,
  withheld: (id: number) => boolean,
): boolean {
  const has = (attribute: string, text: string): boolean => {
    const type = reader.schema().attribute(attribute);
    const key = type?.equality?.normalize(Buffer.from(text, 'utf8'));
    if (type === undefined || key === undefined || !reader.canUse(type, 'equality')) return false;
    return reader.idsEqual(type, key, NAMESAKES_MAX).ids.some(withheld);
  };
  switch (role) {
    case 'sudo':
      return namedBySudo(value.trim(), has);
    case 'netgroup': {
      const user = triple.exec(value)?.[2]?.trim() ?? '';
      return user !== '' && user !== '-' && has('uid', user);
    }
    case 'alias':
      return value.includes('@') ? has('mail', value.trim()) : has('uid', value.trim());
  }
}

/** `login` or `#number`; groups (%), netgroups (+), everybody and negations (!) name no person. */
function namedBySudo(value: string, has: (attribute: string, text: string) => boolean): boolean {
  if (value === '' || value === 'ALL' || /^[!%+]/.test(value)) return false;
  if (value.startsWith('#')) return has('uidNumber', value.slice(1));
  return has('uid', value);
}
