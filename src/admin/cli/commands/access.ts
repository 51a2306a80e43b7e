/** `tenure seen` and `tenure report`: where people were seen, through what, and lists of who needs a look. */
import { type Command, InvalidArgumentError } from 'commander';
import {
  type GoneBy,
  type Report,
  type ReportKind,
  reportKinds,
  type Seen,
  type SeenPerson,
  type SeenRow,
  type SeenThrough,
} from '../../access.js';
import { AdminError } from '../../errors.js';
import type { AppPasswordInfo } from '../../factors.js';
import type { LoginInfo } from '../../logins.js';
import { answer, command, type Flags, NAME } from '../about.js';
import { type Run, show } from '../command.js';
import { momentText } from '../moments.js';
import { withActions } from '../reach.js';
import { counted, since, table } from '../render.js';
import { signIn } from '../sign-in.js';

interface SeenFlags extends Flags {
  readonly service?: string;
}

interface ReportFlags extends Flags {
  readonly csv?: true;
  readonly days?: number;
  readonly as?: string;
}

type Whole = Seen & { readonly appPasswords: readonly AppPasswordInfo[] };

/** Days that a report looks back, or ahead, unless it is told. */
const daysOf: Readonly<Record<ReportKind, number>> = {
  idle: 45,
  'never-seen': 1,
  expiring: 30,
  locked: 1,
  'no-second-factor': 1,
  services: 90,
  groups: 1,
};

/** Adds both to `parent`. */
export function addAccess(parent: Command, run: Run): void {
  command(parent, run, 'seen', 'where somebody was seen, or who was seen through an application')
    .argument('[name]', NAME)
    .option('--service <name>', 'who was seen through this application or machine')
    .action(async (name: string | undefined, flags: SeenFlags) => {
      const { service } = flags;
      if ((name === undefined) === (service === undefined)) {
        throw new AdminError('usage', 'say who: tenure seen NAME, or tenure seen --service NAME');
      }
      if (service !== undefined) {
        await answer(run, flags, ({ access }) => access.through({ service }), throughText);
        return;
      }
      const ask = async (actions: Parameters<Parameters<typeof answer>[2]>[0]): Promise<Whole> => {
        const seen = await actions.access.seen({ name: name! });
        const { appPasswords } = await actions.factors.listAppPasswords({ name: seen.dn });
        return { ...seen, appPasswords };
      };
      await answer(run, flags, ask, seenText);
    });
  command(parent, run, 'report', 'who needs a look, as a list')
    .argument('<kind>', reportKinds.join(', '), kindIn)
    .option('--days <n>', 'how far back, or ahead', wholeDays)
    .option('--csv', 'as CSV, with a header')
    .option(
      '--as <login>',
      'expiring: what that one may see; asks for their password, or reads it from a pipe',
    )
    .action(async (kind: ReportKind, flags: ReportFlags) => {
      if (flags.csv === true && flags.json === true) {
        throw new AdminError('usage', 'say --csv or --json, not both');
      }
      if (flags.as !== undefined && kind !== 'expiring') {
        throw new AdminError('usage', '--as is for "expiring"; other reports are administrators’');
      }
      const as = flags.as === undefined ? undefined : await signIn(run, flags.as);
      const asked = { kind, days: flags.days ?? daysOf[kind], ...(as !== undefined && { as }) };
      const report = await withActions(run.host, flags.data, ({ access }) => access.report(asked));
      await show(run, flags, report, () =>
        flags.csv === true ? csvText(report) : reportText(report),
      );
    });
}

function kindIn(text: string): ReportKind {
  const kind = reportKinds.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new InvalidArgumentError(`there are: ${reportKinds.join(', ')}`);
}

function wholeDays(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 3_650) return Number(text);
  throw new InvalidArgumentError('write a number of days, 3650 at most');
}

function loginText(login: LoginInfo | undefined, now: string): string {
  if (login === undefined) return 'never seen';
  const through = login.service === undefined ? '' : ` through ${login.service}`;
  return `${timeText(login.at, now)} from ${login.from}${through}`;
}

const timeText = (iso: string, now: string) => `${momentText(iso, 'UTC', now)} UTC`;

function keptText({ kept }: Pick<Seen, 'kept'>): string {
  if (!kept.enabled) return '  no access map is kept (accessMap in config.yaml)\n';
  return `  kept ${counted(kept.days, 'day')}, ${kept.purpose}\n`;
}

function seenText(seen: Whole): string {
  const { dn, now, success, failure, appPasswords, rows, goneBy } = seen;
  const head = [
    ['login', loginText(success, now)],
    ['refusal', loginText(failure, now)],
    ...appPasswords.map(({ label, lastUse }) => [
      `app password "${label}"`,
      loginText(lastUse && { ...lastUse, service: lastUse.service }, now),
    ]),
  ];
  const list = rows.map((row) => rowCells(row, now));
  const where = list.length === 0 ? '' : table([rowHead, ...list], '  ');
  return `${dn}\n${table(head, '  ')}${where}${goneText(goneBy, now)}${keptText(seen)}`;
}

const rowHead = ['THROUGH', 'FROM', 'BY', 'LAST', 'FIRST', 'COUNT'];

function rowCells({ consumer, address, method, first, last, count }: SeenRow, now: string) {
  const times = [timeText(last, now), timeText(first, now), String(count)];
  return [consumer ?? '-', address, method, ...times];
}

/** When a departure has reached everything, once there is one. */
export function goneText(goneBy: readonly GoneBy[], now: string): string {
  const lines = goneBy.filter(({ at, asked }) => at !== undefined || asked !== undefined);
  if (lines.length === 0) return '';
  return `  gone by\n${table(
    lines.map((one) => goneCells(one, now)),
    '    ',
  )}`;
}

function goneCells({ consumer, at, because, but, asked }: GoneBy, now: string): string[] {
  const when = at === undefined ? 'not known' : `${at <= now ? '✓ ' : ''}${timeText(at, now)}`;
  const still =
    asked === undefined
      ? ''
      : `⚑ asked ${counted(asked.count, 'time')} since, last ${timeText(asked.last, now)}`;
  const why = but === undefined ? because : `${because}; ${but}`;
  return still === '' ? [consumer, when, why] : [consumer, when, `${still}; ${why}`];
}

function throughText(through: SeenThrough): string {
  const { dn, now, people, more, cache } = through;
  const count = `${counted(people.length, 'person', 'people')}${more ? ' and more' : ''}`;
  const head = `${dn}  ${count}\n`;
  const rows = people.map((one) => personCells(one, now));
  const list =
    rows.length === 0 ? '' : table([['LOGIN', 'LAST', 'COUNT', 'BY', ''], ...rows], '  ');
  const goes =
    cache === undefined
      ? ''
      : `  goes by what it read for ${since(cache.seconds)} (${cache.because})\n`;
  return `${head}${list}${goes}${keptText(through)}`;
}

function personCells({ login, last, count, methods, state }: SeenPerson, now: string): string[] {
  const shown = state === 'active' ? '' : state;
  return [login, timeText(last, now), String(count), methods.join(', '), shown];
}

function reportText({ title, columns, rows }: Report): string {
  const head = `${title}: ${rows.length === 0 ? 'nobody and nothing' : rows.length}\n`;
  if (rows.length === 0) return head;
  return `${head}${table([columns.map((one) => one.toUpperCase()), ...rows], '  ')}`;
}

/** RFC 4180; what a spreadsheet would take for a formula is text. */
function csvText({ columns, rows }: Report): string {
  const cell = (text: string) => {
    const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
