/**
 * What somebody who leaves is in charge of: things that they were given and give back, what needs
 * another owner, and who needs another manager.
 */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import type { Wanted } from './resources.js';

const isOf = (entry: EntryRecord, cls: string) =>
  entry.kind.classes.some(({ name }) => name === cls);
/** A login of its own, which ends with its owner's. */
export const isDevice = (entry: EntryRecord) => isOf(entry, 'tenureDevice');
/** A thing that comes back. */
const isGiven = (entry: EntryRecord) => isOf(entry, 'tenureOwnedDevice');

/** Entries that name somebody in such an attribute. */
export function naming(
  target: number,
  attribute: string,
  reader: DirectoryReader,
): readonly EntryRecord[] {
  const type = reader.schema().attribute(attribute);
  return type === undefined ? [] : reader.entries(reader.sourcesOf(target, [type]));
}

export const nameOf = (entry: EntryRecord, reader: DirectoryReader) =>
  textsOf(entry, 'cn', reader)[0] ?? loginOf(entry, reader);

export const loginOf = (entry: EntryRecord, reader: DirectoryReader) =>
  textsOf(entry, 'uid', reader)[0] ?? textsOf(entry, 'cn', reader)[0] ?? entry.rdn;

function kindOf(device: EntryRecord, reader: DirectoryReader): string {
  return textsOf(device, 'tenuredevicekind', reader)[0] ?? 'device';
}

export function heirsOf(entry: EntryRecord, departure: number, reader: DirectoryReader): Wanted[] {
  const login = loginOf(entry, reader);
  const item = (key: string, text: string): Wanted => ({
    key,
    text,
    owner: 'admins',
    due: departure,
  });
  const owned = naming(entry.id, 'owner', reader);
  return [
    ...owned
      .filter(isGiven)
      .map((one) =>
        item(
          `device:${one.uuid}`,
          `${login} gives back ${kindOf(one, reader)} ${nameOf(one, reader)}`,
        ),
      ),
    ...owned
      .filter((one) => !isDevice(one) && !isGiven(one))
      .map((one) =>
        item(`heir:${one.uuid}`, `${nameOf(one, reader)} needs an owner in place of ${login}`),
      ),
    ...naming(entry.id, 'manager', reader).map((one) =>
      item(`report:${one.uuid}`, `${loginOf(one, reader)} needs a manager in place of ${login}`),
    ),
  ];
}
