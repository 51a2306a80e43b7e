/**
 * What the access map tells the world, in the commit that brings it: somebody is told of a first login
 * through another application; whoever answers for an application is told that it still asks for
 * somebody who has left, once a day. A message has a key, so that it is never made twice.
 */
import type { AccessNews } from '../directory/model/access.js';
import type { NewMessage } from '../directory/model/records.js';
import type { Names } from '../directory/operations/index.js';
import { textsOf } from '../directory/operations/index.js';
import type { DirectoryReader, EntryRecord } from '../directory/ports.js';
import { noFacts } from '../policy/core/index.js';
import { type Recipient, recipientsOf } from '../policy/run/index.js';

export interface NewsParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  /** Whether people are told of a first login through another application. */
  readonly tellPeople: boolean;
}

export function messagesAbout({ kind, row }: AccessNews, parts: NewsParts): NewMessage[] {
  const { reader } = parts;
  const person = reader.entry(row.person);
  const consumer = reader.entry(row.consumer);
  if (person === undefined || consumer === undefined) return [];
  if (kind === 'leaver') return tripwire(person, consumer, row, parts);
  return parts.tellPeople ? newClient(person, consumer, row, reader) : [];
}

type Row = AccessNews['row'];

/** `2026-11-25 17:00:09 UTC`. */
const timeText = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function nameOf(entry: EntryRecord, reader: DirectoryReader): string {
  return textsOf(entry, 'uid', reader)[0] ?? textsOf(entry, 'cn', reader)[0] ?? entry.rdn;
}

const message = (key: string, at: number, to: string, subject: string, body: string) =>
  ({ key, run: 0, at, channel: 'mail', to, subject, body }) as const;

function newClient(
  person: EntryRecord,
  consumer: EntryRecord,
  { lastMs, address, method }: Row,
  reader: DirectoryReader,
): NewMessage[] {
  const app = nameOf(consumer, reader);
  const login = nameOf(person, reader);
  const who = recipientsOf([{ is: 'person' }], person, noFacts, reader);
  const key = `client|${person.uuid}|${consumer.uuid}|${lastMs}`;
  const body =
    `${timeText(lastMs)}: ${login} logged in through ${app} for the first time, ` +
    `by ${method}, from ${address}.\n\n` +
    'If that was you, there is nothing to do. If not, tell your administrator at once.\n';
  return who
    .filter(({ to }) => to !== '')
    .map(({ to }) => message(key, seconds(lastMs), to, `first login through ${app}`, body));
}

function tripwire(
  person: EntryRecord,
  consumer: EntryRecord,
  { lastMs, address, method }: Row,
  { reader, names }: NewsParts,
): NewMessage[] {
  const app = nameOf(consumer, reader);
  const login = nameOf(person, reader);
  const day = new Date(lastMs).toISOString().slice(0, 10);
  const did = method === 'asked' ? 'still looks for' : 'still tries to log in as';
  const body =
    `${timeText(lastMs)}: ${names.text(consumer)} ${did} ${login}, who has left, from ${address}.\n\n` +
    `It was refused. Take ${login} out of ${app}: what is kept there may hold longer than here.\n` +
    `This is told once a day; the whole of it: tenure seen ${login}\n`;
  return answering(consumer, reader).map(({ role, to }) =>
    message(
      `tripwire|${person.uuid}|${consumer.uuid}|${day}|${role}|${to}`,
      seconds(lastMs),
      to,
      `${app} still asks for ${login}, who has left`,
      body,
    ),
  );
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** Owner and deputy of the application, else the administrators. */
function answering(consumer: EntryRecord, reader: DirectoryReader): readonly Recipient[] {
  const own = recipientsOf([{ is: 'owner' }, { is: 'deputy' }], consumer, noFacts, reader);
  const reached = own.filter(({ to }) => to !== '');
  return reached.length > 0 ? reached : recipientsOf([{ is: 'admins' }], consumer, noFacts, reader);
}
