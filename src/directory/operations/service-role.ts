/** What an administrator made a service: a RADIUS or a file server, which are shown what nobody else is. */
import type { NtConsumer } from '../../credentials/index.js';
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { Identity } from '../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';
import type { Schema } from '../schema/index.js';

type Found = ReturnType<Schema['objectClass']>;
const classes = new WeakMap<Schema, Map<string, Found>>();

/** The class of that name, looked up once a schema. */
export function classNamed(name: string, schema: Schema): Found {
  let known = classes.get(schema);
  if (known === undefined) {
    known = new Map();
    classes.set(schema, known);
  }
  if (!known.has(name)) known.set(name, schema.objectClass(name));
  return known.get(name);
}

/** The first role of the account that consumes hashes. */
export function consumerOf(entry: EntryRecord, reader: DirectoryReader): NtConsumer | undefined {
  const cls = classNamed('tenureService', reader.schema());
  if (cls === undefined || !entry.kind.has(cls)) return undefined;
  const slot = bodyFind(entry.body, reader.attributeNumber('tenurerole'));
  if (slot < 0) return undefined;
  const roles = bodyValuesAt(entry.body, slot).map((value) => value.toString('utf8'));
  return roles.includes('radius')
    ? 'radius'
    : roles.includes('fileServer')
      ? 'fileServer'
      : undefined;
}

/** Whether whoever asks opens sessions in a network for others. */
export function isRadius({ role, entryId }: Identity, reader: DirectoryReader): boolean {
  if (role !== 'user') return false;
  const entry = reader.entry(entryId);
  return entry !== undefined && consumerOf(entry, reader) === 'radius';
}
