/**
 * A policy as a page that is read aloud and signed: what it says, in sentences, without the YAML.
 * Everything in the document is on the page, and nothing else.
 */
import {
  ADMINISTRATOR,
  type AttributeWord,
  type Journey,
  joined,
  type Kind,
  type PasswordRule,
  type Policy,
  type Role,
  sayCondition,
  sayDuration,
  sayTiming,
  sayWho,
  wordsBack,
} from '../core/language/index.js';
import { sayAccess } from './say-access.js';
import { sayStep } from './say-step.js';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Lines of text; headings are not indented. */
export function pageOf(policy: Policy): string[] {
  const word = wordsBack(policy.words);
  return [
    ...section('The company', companyLines(policy)),
    ...section(
      'Who is who: the first that fits',
      policy.kinds.flatMap((kind) => kindLines(kind, word)),
    ),
    ...policy.journeys.flatMap((journey) => journeyLines(journey, policy, word)),
    ...section('Groups', groupLines(policy, word)),
    ...section(
      'Passwords: the first that fits',
      policy.passwords.map((rule) => passwordLine(rule, word)),
    ),
    ...section(
      'Who may do what',
      policy.roles.map((role) => roleLine(role, word)),
    ),
    ...accessLines(policy, word),
    ...section('Outside of the directory', resourceLines(policy, word)),
    ...section('When too much would happen at once', guardLines(policy)),
    ...section('What is remembered', auditLines(policy)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function companyLines({ company }: Policy): string[] {
  const days = company.workingDays.map((day) => weekdays[day - 1]!);
  const { holidays, newEntries } = company;
  return [
    `Dates are read in ${company.zone}. An end that is a date means ${company.endDateMeans}.`,
    company.endDates === 'quiet'
      ? 'Nobody but those named below sees that somebody is going to leave.'
      : 'Everybody may see when somebody is going to leave.',
    `People work on ${days.join(', ')}${holidays.length > 0 ? `, not on ${holidays.join(', ')}` : ''}.`,
    `A probation lasts ${sayDuration(company.probation)}.`,
    ...newEntries.map(({ text, are }) => `A new entry ${text} is ${are}.`),
  ];
}

function kindLines(kind: Kind, word: AttributeWord): string[] {
  const has = (label: string, list: readonly string[], by = 'and') =>
    list.length === 0 ? [] : [`    ${label} ${joined(list, by)}`];
  return [
    `${kind.name}: ${sayCondition(kind.who, word)}`,
    ...has(
      'must have',
      kind.mustHave.map(({ text }) => text),
    ),
    ...(kind.endDates === 'open' ? ['    everybody may see when they leave'] : []),
    ...has('is in', kind.gets),
    ...has('is never in', kind.neverGets, 'or'),
    ...has('goes through', kind.journeys),
    ...has('is never touched by', kind.never, 'or'),
    ...(kind.everyUse.length > 0 ? [`    each use alarms ${sayWho(kind.everyUse)}`] : []),
    ...(kind.rehearseEvery ? [`    is tried out every ${sayDuration(kind.rehearseEvery)}`] : []),
    ...(kind.whenAUserLeaves ? ['    gets a new secret when somebody who uses it leaves'] : []),
  ];
}

function journeyLines(journey: Journey, { kinds }: Policy, word: AttributeWord): string[] {
  const going = kinds.filter(({ journeys }) => journeys.includes(journey.name));
  const who =
    going.length === 0
      ? 'nobody'
      : joined(
          going.map(({ name }) => name),
          'and',
        );
  return section(`${journey.name}, for ${who}`, [
    ...journey.rules.flatMap(({ timing, steps }) => [
      `${sayTiming(timing)}`,
      ...steps.map((step) => `    ${sayStep(step, word)}`),
    ]),
  ]);
}

function groupLines({ groups }: Policy, word: AttributeWord): string[] {
  return groups.map((group) => {
    const parts = [
      group.rule && `everybody of whom it is true: ${sayCondition(group.rule, word)}`,
      group.moversKeepIt && `who no longer fits stays for ${sayDuration(group.moversKeepIt)}`,
      group.byHand && 'members come by hand only',
      group.longest && `for ${sayDuration(group.longest)} at the longest`,
      group.ask && `${sayWho([group.ask])} must say yes`,
    ];
    return `${group.name}: ${parts.filter(Boolean).join('; ')}`;
  });
}

function passwordLine(rule: PasswordRule, word: AttributeWord): string {
  const { secondFactor, wrongTries } = rule;
  const parts = [
    rule.madeBy === 'tenure' && 'made by Tenure',
    rule.lengthMin && `at least ${rule.lengthMin} characters`,
    rule.remembered && `none of the last ${rule.remembered}`,
    rule.renewEvery && `a new one every ${sayDuration(rule.renewEvery)}`,
    rule.bothWorkFor && `old and new both work for ${sayDuration(rule.bothWorkFor)}`,
    typeof secondFactor === 'string' && `a second factor ${secondFactor}`,
    typeof secondFactor === 'object' && `a second factor within ${sayDuration(secondFactor)}`,
    wrongTries && `${wrongTries.answer} after ${wrongTries.after} wrong tries`,
    wrongTries?.answer === 'lock' && wrongTries.for && `for ${sayDuration(wrongTries.for)}`,
  ];
  return `${rule.name} (${sayCondition(rule.who, word)}): ${parts.filter(Boolean).join('; ')}`;
}

function roleLine(role: Role, word: AttributeWord): string {
  const { name, may, over, neverOver } = role;
  if (name === ADMINISTRATOR) return `${name} (${holderOf(role, word)}) may do everything`;
  const powers = may.map(({ power, for: time }) =>
    time === undefined ? power : `${power} for ${sayDuration(time)}`,
  );
  const can = powers.length === 0 ? 'changes nothing' : `may ${joined(powers, 'and')}`;
  const never = neverOver === undefined ? '' : `, never over ${sayCondition(neverOver, word)}`;
  return `${name} (${holderOf(role, word)}) ${can}; over ${sayCondition(over, word)}${never}`;
}

/** Nothing where the document says nothing: then the usual holds. */
function accessLines({ access }: Policy, word: AttributeWord): string[] {
  if (access === undefined) return [];
  const lines = access.map((rule) => `${rule.name}: ${sayAccess(rule, word)}`);
  return section('Who may read what, and nothing else', lines.length > 0 ? lines : ['nobody']);
}

function holderOf({ who, relation }: Role, word: AttributeWord): string {
  if (relation === 'self') return 'everybody, over themselves';
  if (relation === 'manager') return 'over those whose manager or sponsor they are';
  return sayCondition(who, word);
}

function resourceLines({ resources }: Policy, word: AttributeWord): string[] {
  return resources.map(({ name, who, removedBy, within, checkedAgainst }) => {
    const when = within === undefined ? '' : ` within ${sayDuration(within)}`;
    const check = checkedAgainst === undefined ? '' : `; checked against ${checkedAgainst}`;
    return `${name} (${sayCondition(who, word)}): removed by ${sayWho(removedBy)}${when}${check}`;
  });
}

function guardLines({ guards }: Policy): string[] {
  const { hrFile, peopleClosed, yesFrom, tellAgainEvery } = guards;
  return [
    hrFile && `an HR file that shrinks by ${hrFile.text} is held`,
    peopleClosed && `more than ${peopleClosed.text} shut out are held`,
    yesFrom.length > 0 &&
      `what is held waits for a yes of ${joined(
        yesFrom.map((who) => `one of ${sayWho([who])}`),
        'and',
      )}`,
    tellAgainEvery && `they are told again every ${sayDuration(tellAgainEvery)}`,
  ].filter((line) => typeof line === 'string');
}

/** Nothing where the document says nothing: then all of it is kept for ever. */
function auditLines({ audit: { keep, keepBinds } }: Policy): string[] {
  if (keep === undefined && keepBinds === undefined) return [];
  const kept = (length: typeof keep) =>
    length === undefined ? 'for ever' : `for ${sayDuration(length)}, then forgotten`;
  return [
    `Who did what is kept ${kept(keep)}.`,
    `Who logged in, and who was refused, is kept ${kept(keepBinds ?? keep)}.`,
  ];
}
