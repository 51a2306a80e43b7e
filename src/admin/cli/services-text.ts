/** Services for people to read: lists, one of them, a credential that is shown once. Pure. */
import type {
  ServiceCredential,
  ServiceInfo,
  ServiceList,
  ServiceMade,
  ServiceShown,
} from '../services.js';
import { endText, momentText } from './moments.js';
import { counted, since, table } from './render.js';

interface At {
  readonly now: string;
  readonly zone: string;
}

const ago = (iso: string, now: string) =>
  `${since(Math.max(0, Math.floor((Date.parse(now) - Date.parse(iso)) / 1000)))} ago`;

function usedText({ lastUse }: ServiceInfo, now: string): string {
  return lastUse === undefined ? 'never' : `${ago(lastUse.at, now)} from ${lastUse.from}`;
}

function untilText({ ends, state }: ServiceInfo, { zone, now }: At): string {
  if (ends === undefined) return '–';
  return state === 'active' ? endText(ends, zone, now) : `${state}, ${endText(ends, zone, now)}`;
}

export function listText(list: ServiceList): string {
  const { services, now } = list;
  if (services.length === 0) return '  no services; make one with tenure service add NAME …\n';
  const rows = services.map((one) => [
    one.health === 'green' ? '' : one.health,
    one.login,
    one.owner ?? (one.users.length > 0 ? `${counted(one.users.length, 'user')}` : 'nobody'),
    untilText(one, list),
    usedText(one, now),
    one.addresses.join(' ') || 'anywhere',
  ]);
  const head = ['', 'name', 'owner', 'until', 'last use', 'from'];
  const said = services.flatMap(({ login, health, concerns }) =>
    concerns.map((text, i) => [i === 0 ? health : '', login, text]),
  );
  const what = said.length === 0 ? '' : `\n${table(said, '  ')}`;
  return `${table([head, ...rows], '  ')}${what}`;
}

export function shownText(one: ServiceShown): string {
  const { now, zone } = one;
  const rows = [
    ['name', one.dn],
    ['state', one.state],
    ['owner', one.owner ?? 'nobody'],
    ...(one.deputy === undefined ? [] : [['deputy', one.deputy]]),
    ...(one.users.length === 0 ? [] : [['used by', one.users.join(', ')]]),
    ...(one.purpose === undefined ? [] : [['purpose', one.purpose]]),
    ['until', untilText(one, one)],
    ['from', one.addresses.join(' ') || 'anywhere'],
    ...(one.view.length === 0 ? [] : [['view', one.view.join('  ')]]),
    ['last use', usedText(one, now)],
    ...(one.password ? [['password', 'chosen by somebody']] : []),
    ...one.credentials.map((credential) => [
      'credential',
      credentialText(credential, { now, zone }),
    ]),
    ...one.concerns.map((text, i) => [i === 0 ? one.health : '', text]),
  ];
  return `  ${one.login}\n${table(rows, '    ')}`;
}

function credentialText(
  { id, made, ends, ended, due, lastUse }: ServiceCredential,
  at: At,
): string {
  const text = (iso: string) => momentText(iso, at.zone, at.now);
  const parts = [`svc-${id}-…`, `made ${text(made)}`];
  if (due !== undefined) parts.push(`due ${text(due)}`);
  if (ends !== undefined) parts.push(`${ended ? 'ended' : 'ends'} ${text(ends)}`);
  parts.push(lastUse === undefined ? 'never used' : `used ${ago(lastUse, at.now)}`);
  return parts.join(', ');
}

/** What to paste, and a first look with it. */
export function madeText(made: ServiceMade): string {
  const { login, state, owner, deputy, addresses, dn, credential } = made;
  const from = addresses.length === 0 ? '' : `     from ${addresses.join(' ')}`;
  const until = `until ${untilText(made, made)}`;
  const rows = [
    ['bind DN', dn],
    ['credential', `${credential}   not shown again`],
  ];
  return `  ${login}  ${state} now, ${until}     owner ${owner}, deputy ${deputy}${from}\n${table(rows, '  ')}`;
}

export function rotatedText(made: ServiceMade): string {
  const { login, credential, oldUntil, zone, now } = made;
  const old =
    oldUntil === undefined
      ? ''
      : Date.parse(oldUntil) <= Date.parse(now)
        ? '  the old one has ended\n'
        : `  the old one works until ${momentText(oldUntil, zone, now)}, then it ends by itself\n`;
  return `  ${login}  credential  ${credential}   not shown again\n${old}`;
}
