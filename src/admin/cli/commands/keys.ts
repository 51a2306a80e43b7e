/** `tenure keys NAME`: somebody's SSH keys, and adding and removing them. */
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import type { KeyChange, KeyInfo, KeyList } from '../../keys.js';
import { about, answer, type Flags, verbArgument } from '../about.js';
import type { Run } from '../command.js';
import { parseDuration } from '../duration.js';
import { textIn } from '../input-file.js';
import { counted, table } from '../render.js';

interface KeyFlags extends Flags {
  readonly expires?: string;
}

const verbs = ['list', 'add', 'remove'] as const;
type Verb = (typeof verbs)[number];
/** A key file is a line; what is longer is something else. */
const FILE_BYTES_MOST = 64 * 1024;

/** Adds the command to `parent`. */
export function addKeys(parent: Command, run: Run): void {
  about(parent, run, 'keys', "somebody's SSH keys: list them, add one, remove one")
    .addArgument(verbArgument(verbs))
    .argument(
      '[key]',
      'to add: a file ending in .pub, - for standard input, or the line itself; ' +
        'to remove: the fingerprint, its first letters, or the comment',
    )
    .option('--expires <when>', 'with add: a day (its end, UTC), or a time from now such as 90d')
    .action(async (name: string, verb: Verb, key: string | undefined, flags: KeyFlags) => {
      if (verb === 'list') await list(run, name, key, flags);
      else await change(run, name, verb, key, flags);
    });
}

async function list(run: Run, name: string, key: string | undefined, flags: KeyFlags) {
  if (key !== undefined || flags.expires !== undefined) {
    throw new AdminError('usage', 'list takes a name and nothing else');
  }
  await answer(run, flags, (actions) => actions.listKeys({ name }), listText);
}

async function change(
  run: Run,
  name: string,
  verb: 'add' | 'remove',
  key: string | undefined,
  flags: KeyFlags,
): Promise<void> {
  const { host } = run;
  const { user: by } = host;
  if (key === undefined) {
    const what = verb === 'add' ? 'a file ending in .pub, or -' : 'its fingerprint';
    throw new AdminError('usage', `which key? ${verb} needs ${what}`);
  }
  if (verb === 'remove' && flags.expires !== undefined) {
    throw new AdminError('usage', '--expires goes with add');
  }
  const expires =
    flags.expires === undefined ? undefined : endOf(flags.expires, host.clock.nowMs());
  const line = verb === 'add' ? await lineOf(run, key) : key;
  await answer(
    run,
    flags,
    (actions) =>
      verb === 'add'
        ? actions.addKey({ name, line, expires, by })
        : actions.removeKey({ name, key, by }),
    (changed) => changeText(changed, verb),
  );
}

/** The text of a key: of a file, of standard input, or as it was typed. */
async function lineOf({ host }: Run, key: string): Promise<string> {
  if (/^(?:ssh-|ecdsa-|sk-)\S+ \S/.test(key)) return key;
  const text = await textIn(host, key);
  if (text.length > FILE_BYTES_MOST) throw new AdminError('input', `${key} is no public key`);
  return text.trim();
}

const day = /^\d{4}-\d\d-\d\d$/;

/** ISO 8601 of the instant from which on the key is withheld. */
function endOf(written: string, nowMs: number): string {
  const duration = parseDuration(written);
  if (duration !== undefined) return new Date(nowMs + duration).toISOString();
  const startMs = day.test(written) ? Date.parse(`${written}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(startMs)) {
    throw new AdminError('usage', `--expires ${written}: write a day (2027-01-31) or 90d, 12h …`);
  }
  return new Date(startMs + 86_400_000).toISOString();
}

function listText({ dn, keys }: KeyList): string {
  if (keys.length === 0) return `${dn} has no SSH keys\n`;
  const rows = keys.map((key) => [
    key.fingerprint,
    `${key.type.replace(/^ssh-|@openssh\.com$/g, '')} ${key.bits}`,
    key.comment,
    notes(key),
  ]);
  return `${dn}: ${counted(keys.length, 'SSH key')}\n${table(rows, '  ')}`;
}

function notes({ added, changed, expires, expired, options }: KeyInfo): string {
  const parts: string[] = [];
  if (added !== undefined) parts.push(`added ${added.slice(0, 10)}`);
  if (changed !== undefined && changed !== added) parts.push(`changed ${changed.slice(0, 10)}`);
  if (expires !== undefined) {
    parts.push(expired ? `EXPIRED ${expires.slice(0, 10)}` : `opens until ${lastTime(expires)}`);
  }
  if (options.replace(/expiry-time="[^"]*",?/, '') !== '') parts.push('with options');
  return parts.join(', ');
}

/** The last day, or the minute, at which a key opens something. */
function lastTime(iso: string): string {
  if (!iso.endsWith('T00:00:00.000Z')) return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
  return new Date(Date.parse(iso) - 86_400_000).toISOString().slice(0, 10);
}

function changeText({ dn, key }: KeyChange, verb: 'add' | 'remove'): string {
  const done = verb === 'add' ? 'added to' : 'removed from';
  const end =
    verb === 'add' && key.expires !== undefined ? `, opens until ${lastTime(key.expires)}` : '';
  return `${key.fingerprint} ${key.comment}`.trimEnd().concat(` ${done} ${dn}${end}\n`);
}
