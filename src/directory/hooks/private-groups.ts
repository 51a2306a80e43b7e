/** The private group of an account is called as its login, whatever way the login changes. */
import { renamePrivateGroup } from '../operations/write/private-group.js';
import type { WriteHook } from './types.js';
import { firstText } from './unique.js';

export const privateGroups: WriteHook = {
  name: 'private groups',
  afterChange({ entry, before, after }, tx) {
    // Values that were not changed are the same array still.
    if (before.get('uid')?.values === after.get('uid')?.values) return;
    const from = firstText(before, 'uid');
    const to = firstText(after, 'uid');
    if (from === undefined || to === undefined || from === to) return;
    renamePrivateGroup(tx.writer.entry(entry.id) ?? entry, { from, to }, tx);
  },
};
