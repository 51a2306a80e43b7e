/**
 * Where the organisation wants NT hashes of login passwords: the first bind of a person who has
 * none leaves one behind. Services and the administrator get none.
 */
import { encodeNtSecret, ntHash } from '../../../credentials/index.js';
import { bytesOf } from '../../model/bytes.js';
import type { DirectoryReader } from '../../ports.js';
import type { Context, PreparedWrite, WriteOutcome } from '../types.js';
import type { BindObserver } from './types.js';

export interface NtHashObserverTools {
  readonly reader: DirectoryReader;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly system: () => Context;
  readonly nowMs: () => number;
}

const LOGIN_HASH = 'ntHash';

export function ntHashObserver(tools: NtHashObserverTools): BindObserver {
  return {
    succeeded({ entry, secrets, password }, { by, secret }) {
      if (by !== 'password' || secret === undefined) return;
      if (secrets.some(({ kind }) => kind === LOGIN_HASH)) return;
      const person = tools.reader.schema().objectClass('person');
      if (person === undefined || !entry.kind.has(person)) return;
      const hash = ntHash(password.toString('utf8'));
      const value = encodeNtSecret({ hash, madeMs: tools.nowMs() });
      // A refusal is as good: the password is another one already, or the next bind tries again.
      void tools.write({
        op: 'credentials',
        context: tools.system(),
        reason: 'NT hash of a verified password',
        owner: entry.id,
        whileThere: secret.id,
        remove: [],
        add: [{ kind: LOGIN_HASH, value: bytesOf(value) }],
      });
    },
    failed: () => undefined,
  };
}
