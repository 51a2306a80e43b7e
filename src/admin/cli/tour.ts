/** What a served directory says on the terminal: where it is, and lines to paste. Pure. */
import { isAbsolute, relative } from 'node:path';
import type { EngineStatus } from '../engine.js';
import type { Addresses } from '../ports.js';
import { contents, seconds } from './render.js';

export interface TourInput {
  readonly status: EngineStatus;
  readonly addresses: Addresses;
  readonly dataDir: string;
  /** Certificates to trust, absolute; undefined where the machine's own do. */
  readonly caFile: string | undefined;
  readonly testClock: boolean;
  readonly readyMs: number;
  /** The program `bin/tenure`, absolute. */
  readonly program: string;
  /** Paths are shown as seen from here. */
  readonly workingDir: string;
  /** Only right after it was made. */
  readonly password: string | undefined;
}

/** The first lines: what is served, where, and the password if it is new. */
export function banner(input: TourInput): string {
  const { status, addresses, testClock, readyMs, password } = input;
  const folder = near(input.workingDir, input.dataDir);
  const shown = folder.startsWith('/') || folder.startsWith('.') ? folder : `./${folder}`;
  const playground = testClock ? ' (playground: you may move its clock)' : '';
  const first = `  tenure  ${contents(status)} in ${shown}${playground}`;
  const doors = [
    addresses.ldap === undefined ? '' : `ldap://${addresses.ldap} (StartTLS)`,
    addresses.ldaps === undefined ? '' : `ldaps://${addresses.ldaps}`,
    password === undefined
      ? `${administrator(status)} (password lost? tenure admin recover)`
      : `${administrator(status)}, shown once (lost? tenure admin recover)`,
  ].filter((door) => door !== '');
  const lines = [`${first}     ready in ${seconds(readyMs)}`, `  ${doors.join('   ')}`];
  if (password !== undefined) lines.push(`  password: ${password}`);
  return `${lines.join('\n')}\n`;
}

/** Lines for another terminal that work when pasted. Over the local socket nobody asks a password. */
export function tour(input: TourInput): string {
  const { status, addresses, password } = input;
  const suffix = status.suffixes[0] ?? '';
  const ada = quoted(`uid=ada,ou=people,${suffix}`);
  const local = `-Q -Y EXTERNAL -H ${localUrl(input)}`;
  const simple = `-x -D ${quoted(administrator(status))} ${password === undefined ? '-W' : `-w ${quoted(password)}`}`;
  const trust =
    input.caFile === undefined
      ? ''
      : `LDAPTLS_CACERT=${quoted(near(input.workingDir, input.caFile))} `;
  const find = `-LLL -b ${quoted(suffix)} '(uid=ada)'`;
  const change = `dn: uid=ada,ou=people,${suffix}\\nchangetype: modify\\nreplace: title\\ntitle: Countess\\n`;

  const steps: [what: string, line: string][] = [
    ['who am I, over the local socket', `ldapwhoami ${local}`],
    ['everything about ada', `ldapsearch ${local} ${find} '*' '+'`],
    ['a new title', `printf ${quoted(change)} | ldapmodify ${local}`],
    ['a password for ada, made and shown', `ldappasswd ${local} ${ada}`],
  ];
  if (addresses.ldap !== undefined) {
    const url = `ldap://${reachable(addresses.ldap)}`;
    steps.push(['the same by StartTLS', `${trust}ldapsearch -ZZ -H ${url} ${simple} ${find}`]);
  }
  if (addresses.ldaps !== undefined) {
    const url = `ldaps://${reachable(addresses.ldaps)}`;
    steps.push(['and over LDAPS', `${trust}ldapsearch -H ${url} ${simple} ${find}`]);
    steps.push(['who am I', `${trust}ldapwhoami -H ${url} ${simple}`]);
  }
  steps.push(...employment(input));
  const text = steps.map(([what, line]) => `  # ${what}\n  ${line}\n`).join('');
  return `\n  Paste these into another terminal in this folder; Ctrl-C here stops the server.\n\n${text}`;
}

/** What the directory is for. */
function employment({ program, dataDir, workingDir }: TourInput): [what: string, line: string][] {
  const data = near(workingDir, dataDir);
  const tenure = (words: string) =>
    `${quoted(near(workingDir, program))} ${words}${data === 'data' ? '' : ` --data ${quoted(data)}`}`;
  const joins = "join 'Lin Lanying' --department E-310 --manager grace --start today --yes";
  const leaves = "offboard grace --at 'in 5 minutes' --because 'only looking' --preview";
  const connects =
    "service add wiki --owner grace --deputy dennis --purpose 'the wiki' --until 'in 1 year'";
  const brownout = "brownout gitea --for 1m --because 'only trying' --yes";
  return [
    ['somebody joins: login, numbers, groups, first password', tenure(joins)],
    ['grace leaves: what would happen, and nothing does', tenure(leaves)],
    ['what the policy is going to do', tenure("plan --until 'in 30 days'")],
    ['why ada can come in, or cannot', tenure('why ada')],
    ['what ada may do, and what says so', tenure('why ada may write mobile on grace')],
    ['an application to connect: what it logs in with, shown once', tenure(connects)],
    ['shut gitea for a minute: who would miss it is in brownout list', tenure(brownout)],
    ['who did what', tenure('audit --since today')],
  ];
}

function administrator({ suffixes }: EngineStatus): string {
  return `cn=admin,${suffixes[0] ?? ''}`;
}

/** ldapi:// with the path percent-encoded, as libldap wants it. */
function localUrl({ addresses, workingDir }: TourInput): string {
  return `ldapi://${encodeURIComponent(near(workingDir, addresses.local))}`;
}

function near(workingDir: string, path: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(workingDir, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}

/** A listener on every address is reached on this machine by name. */
function reachable(address: string): string {
  return address.replace(/^(?:0\.0\.0\.0|\[::\]|127\.0\.0\.1|\[::1\]|\*)(?=:[0-9]+$)/, 'localhost');
}

/** For a POSIX shell: as it is where nothing is special, else in single quotes. */
function quoted(text: string): string {
  if (/^[A-Za-z0-9_./:=,@%+-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
