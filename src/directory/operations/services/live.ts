/** What opens a service or a shared login now, and since when: who has seen it knows it still. */
import { endOfFormer, endOfServiceSecret, serviceSecretsIn } from '../../../credentials/index.js';
import { parseTime } from '../../model/time.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { renewalOf } from '../policies/index.js';
import { textsOf } from '../texts-of.js';

export interface LiveSecret {
  /** Seconds since 1970. */
  readonly made: number;
  /** Infinity where it does not end by itself. */
  readonly ends: number;
}

const USER_PASSWORD = 'userPassword';

/** Everything that opens the entry at the second. */
export function liveSecrets(
  entry: EntryRecord,
  reader: DirectoryReader,
  nowSeconds: number,
): readonly LiveSecret[] {
  const secrets = reader.secrets(entry.id);
  const generated = serviceSecretsIn(secrets).map(({ grant }) => grant);
  const found: LiveSecret[] = [];
  if (secrets.some(({ kind }) => kind === USER_PASSWORD)) {
    const changed = parseTime(textsOf(entry, 'pwdchangedtime', reader)[0] ?? '');
    const ends = endOfFormer(generated) / 1000;
    found.push({ made: changed ?? entry.createdAt, ends });
  }
  const renewal = generated.length === 0 ? undefined : renewalOf(entry, reader);
  for (const grant of renewal === undefined ? [] : generated) {
    const ends = endOfServiceSecret(grant, generated, renewal!) / 1000;
    found.push({ made: Math.floor(grant.madeMs / 1000), ends });
  }
  return found.filter(({ ends }) => ends > nowSeconds);
}

/** Whether anything that was there at `then` opens the entry still. */
export function isKnownSince(
  entry: EntryRecord,
  then: number,
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  return liveSecrets(entry, reader, nowSeconds).some(({ made }) => made <= then);
}
