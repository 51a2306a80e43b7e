/** The administration's view of the secret box: which keys there are, changing and resetting them. */
import type { SecretsEngine } from '../admin/secrets.js';
import { readKeyFile, type SecretBox, sealedKinds } from '../credentials/index.js';
import { LdapError } from '../runtime/errors.js';
import type { EngineParts } from './engine.js';
import type { BoxReset } from './reset-box.js';

export interface BoxParts {
  /** @throws KeyFileError */
  readonly open: () => SecretBox;
  readonly keyFile: string;
  /** Undefined where a server runs: then there is a key file that opens everything. */
  readonly reset: (() => BoxReset) | undefined;
}

export function secretsEngine(parts: EngineParts): SecretsEngine {
  const { box, log, reader } = parts;
  return {
    async status() {
      const keys = readKeyFile(box.keyFile).map(({ id }) => id);
      return { keyFile: box.keyFile, keys, sealed: reader.secretRows.counts(sealedKinds) };
    },

    async rotate(onProgress) {
      const rotated = await parts.job({ name: 'rotateKeys' }, onProgress);
      if (rotated === undefined || !('resealed' in rotated)) throw new Error('no report');
      log.info(
        { key: rotated.key, resealed: rotated.resealed },
        'the key of the secret box changed',
      );
      return rotated;
    },

    async reset() {
      if (box.reset === undefined) {
        throw new LdapError(
          'unwillingToPerform',
          'the server runs with a key file that fits: there is nothing to reset',
        );
      }
      const reset = box.reset();
      log.info({ ...reset }, 'the secret box was reset: what could not be opened is gone');
      return reset;
    },
  };
}
