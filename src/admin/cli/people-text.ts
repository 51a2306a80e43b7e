/** What the verbs about people say before they do something, and after. Pure: results in, text out. */
import type { Holdings, ManyMoved, StateFrom, VerbDone, VerbPreview } from '../people.js';
import { endText, momentText, startText } from './moments.js';
import { counted, table } from './render.js';
import { offersText } from './runs-text.js';

const NAMES_SHOWN = 6;
/** States that let nobody in. */
const shut: ReadonlySet<string> = new Set(['suspended', 'offboarded', 'archived', 'purged']);

/** `password, code, 2 app passwords, Wi-Fi, certificate`: what opens now. */
export function opensText(holdings: Holdings): string {
  const { password, code, appPasswords, firstPasswords, ntSecrets, certificates } = holdings;
  const parts = [
    password ? 'password' : '',
    code ? 'code' : '',
    appPasswords > 0 ? counted(appPasswords, 'app password') : '',
    firstPasswords > 0 ? 'first password' : '',
    ntSecrets > 0 ? (ntSecrets === 1 ? 'Wi-Fi' : `${ntSecrets} Wi-Fi and file secrets`) : '',
    certificates > 0 ? counted(certificates, 'certificate') : '',
  ].filter((part) => part !== '');
  return parts.join(', ') || 'nothing to come in with';
}

/** `2 keys, 3 groups, 1 sudo rule`: what is shown of somebody who is here. */
export function shownText({ sshKeys, groups, sudoRules }: Holdings): string {
  const parts = [
    sshKeys > 0 ? counted(sshKeys, 'key') : '',
    groups.length > 0 ? counted(groups.length, 'group') : '',
    sudoRules.length > 0 ? counted(sudoRules.length, 'sudo rule') : '',
  ].filter((part) => part !== '');
  return parts.join(', ') || 'no keys, no groups';
}

/** Some names, and how many more. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Two cells and two more on a line, as far as there is something to say. */
function rows(lines: readonly (readonly [string, string])[]): string {
  const said = lines.filter(([, text]) => text !== '').map(([name, text]) => [name, text]);
  return said.length === 0 ? '' : table(said, '    ');
}

/** `archived from Mon 1 Mar 2027`. */
function laterText({ at, state }: StateFrom, { zone, now }: VerbPreview): string {
  const when = shut.has(state) ? endText(at, zone, now) : startText(at, zone, now);
  return `${state} from ${when}`;
}

/** What would happen, before the question. */
export function previewText(preview: VerbPreview): string {
  return `${headText(preview)}${bodyText(preview)}`;
}

function headText(preview: VerbPreview): string {
  const { login, before, after, later, zone, now } = preview;
  const closing = later.find(({ state }) => shut.has(state));
  if (!shut.has(before) && shut.has(after)) {
    return `  ${login} is ${after} in the second of your answer:\n`;
  }
  if (preview.verb === 'offboard' && closing !== undefined) {
    const quiet = preview.quiet
      ? 'Nobody but who may see ends will know before.'
      : 'The end may be seen before.';
    return `  ${quiet} At ${endText(closing.at, zone, now)}, in the same second:\n`;
  }
  const same = before === after ? `stays ${after}` : `is ${after} (was ${before})`;
  const then = later.map((one) => `, ${laterText(one, preview)}`).join('');
  return `  ${login} ${before === 'unknown' ? `is ${after}` : same}${then}\n`;
}

function bodyText(preview: VerbPreview): string {
  const { holdings, before, after, later, changes, notes } = preview;
  const closes =
    !shut.has(before) && (shut.has(after) || later.some(({ state }) => shut.has(state)));
  const { accounts, owns, reports } = holdings;
  const held = [
    ['refused', opensText(holdings)],
    ['hidden', shownText(holdings)],
    ['with it', accounts.length === 0 ? '' : `accounts ${namesText(accounts)}`],
    ['needs heirs', heirsText(owns, reports)],
    ['sealed', preview.verb === 'offboard' ? sealedText(preview) : ''],
  ] as const;
  const closing = closes && preview.verb !== 'pause' ? rows(held) : '';
  const said = closes ? '' : changesText(changes);
  return `${closing}${said}${notes.map((note) => `    ${note}\n`).join('')}`;
}

/** How long what is shut could come back as it was. */
function sealedText({ destroyed, zone, now }: VerbPreview): string {
  const until =
    destroyed === undefined ? '' : `until ${momentText(destroyed, zone, now)}, then destroyed; `;
  return `${until}until then tenure undo, or another end, brings all of it back`;
}

function heirsText(owns: readonly string[], reports: readonly string[]): string {
  const parts = [
    owns.length > 0 ? namesText(owns) : '',
    reports.length > 0 ? `${counted(reports.length, 'report')} (${namesText(reports)})` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Values that come and go. */
function changesText(changes: VerbPreview['changes']): string {
  const lines = changes.flatMap(({ attribute, removed, added }) => [
    ...removed.map((value) => `    - ${attribute}: ${value}\n`),
    ...added.map((value) => `    + ${attribute}: ${value}\n`),
  ]);
  return lines.join('');
}

/** What was done. */
export function doneText(done: VerbDone): string {
  const { login, after, later, uidNumber, holdings, verb, password, passwordEnds, run } = done;
  const uid = uidNumber === undefined ? '' : `, uid ${uidNumber}`;
  const then = later.map((one) => `; ${laterText(one, done)}`).join('');
  const joins = verb === 'join' || verb === 'rehire' || verb === 'move';
  const groups =
    joins && holdings.groups.length > 0 ? `     groups  ${namesText(holdings.groups)}` : '';
  const inCase = done.case === undefined ? '' : `, case ${done.case}`;
  const ofRun = run === undefined ? '' : `     run ${run}${inCase}`;
  const head = `  ${login}  ${after} now${uid}${then}${groups}${ofRun}\n`;
  if (password === undefined) return `${head}${notesText(done)}`;
  const until = endText(passwordEnds!, done.zone, done.now);
  const slip = `  first password  ${password}   opens once, until ${until}; not shown again\n`;
  return `${head}${slip}${notesText(done)}`;
}

/** Several who moved, or would. */
export function manyMovedText({ people, reorganisations, run }: ManyMoved): string {
  const each = people.map(({ login, changes }) => `  ${login}\n${changesText(changes)}`).join('');
  const offers = run === 0 ? offersText(reorganisations) : '';
  const end = run === 0 ? '' : `run ${run}; to take it back: tenure undo ${run}\n`;
  return `${offers}${each}${counted(people.length, 'person', 'people')}\n${end}`;
}

function notesText({ notes }: VerbDone): string {
  return notes.map((note) => `    ${note}\n`).join('');
}
