/**
 * First passwords that the policy gives (`give manager first-password for 3 days`). The password is
 * made with the step and goes to those who are named in a mail; until that is sent it lies sealed in
 * the secret table, under the key of its message, and goes from there in the commit that notes the
 * sending. It is in no row of the outbox, no Change and no log.
 */
import {
  encodeGrant,
  grantKinds,
  makeGenerated,
  SealedError,
  type SecretBox,
} from '../credentials/index.js';
import { bytesOf } from '../directory/model/bytes.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { FirstPasswords } from '../policy/run/index.js';
import type { Random } from '../runtime/random.js';

const KIND = 'firstMail';

export interface FirstMailParts {
  readonly reader: DirectoryReader;
  readonly random: () => Random;
  /** @throws KeyFileError */
  readonly box: () => SecretBox;
  readonly nowMs: () => number;
}

interface Kept {
  /** Of the message. */
  readonly key: string;
  readonly password: string;
}

export function firstPasswords({ reader, random, box, nowMs }: FirstMailParts): FirstPasswords {
  return {
    make(owner, { startsAt, endsAt }, keys) {
      const { text, id, digest } = makeGenerated('first', random());
      const window = { startsMs: startsAt * 1000, endsMs: endsAt * 1000 };
      const grant = { id, madeMs: nowMs(), ...window, usesLeft: 1, digest };
      // One that is not sent yet is of no use to anybody beside a new one.
      const gone: ReadonlySet<string> = new Set(['userPassword', grantKinds.first, KIND]);
      const remove = reader.secrets(owner).filter(({ kind }) => gone.has(kind));
      const mails = keys.map((key): Kept => ({ key, password: text }));
      return {
        remove: remove.map((secret) => secret.id),
        add: [
          { kind: grantKinds.first, value: bytesOf(encodeGrant('first', grant)) },
          ...mails.map((mail) => ({
            kind: KIND,
            value: bytesOf(Buffer.from(JSON.stringify(mail))),
          })),
        ],
      };
    },

    find(owner, key) {
      for (const secret of reader.secrets(owner)) {
        if (secret.kind !== KIND) continue;
        try {
          const kept = JSON.parse(box().open(secret.value, secret).toString('utf8')) as Kept;
          if (kept.key === key) return { password: kept.password, secretId: secret.id };
        } catch (error) {
          if (!(error instanceof SealedError)) throw error;
        }
      }
      return undefined;
    },
  };
}
