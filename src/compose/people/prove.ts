/**
 * Tries every door of somebody the way its client does, over the directory that clients ask: binds,
 * logins through each application, what each application and machine finds and sees, memberships, sudo, NT hashes, open sessions. What
 * the directory cannot reach is listed as what it waits for.
 */
import { type Proof, type ProofBody, type ProofDoor, proofText } from '../../admin/index.js';
import { departureOf } from '../../directory/model/cases.js';
import type { Filter } from '../../directory/model/filter.js';
import type { Identity } from '../../directory/model/identity.js';
import { type State, shownState } from '../../directory/model/timeline.js';
import { type Directory, isService } from '../../directory/operations/index.js';
import { closedSince, stateOf, viewOfAccount } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { parseFilter } from '../../directory/text/index.js';
import { itemsOf } from './case-items.js';
import { escapeFilterValue } from './filter-value.js';
import { accessOf, departs, goneByOf } from './gone-by.js';
import { findPerson, loginOf, naming, type Person } from './parts.js';
import { type SigningParts, signed, signingKey } from './signing.js';
import { whyPerson } from './why.js';

export interface ProveParts extends SigningParts {
  readonly directory: Directory;
  /** Open sessions that are bound as an entry. */
  readonly sessionsOf: (entryId: number) => number;
  readonly logEnd: () => { readonly seq: number; readonly head: string };
}

/** Applications and machines that are asked; a directory with more of them asks the first ones. */
const CONSUMERS_MAX = 200;

/** @throws LdapError */
export async function prove(name: string, parts: ProveParts): Promise<Proof> {
  const key = await signingKey(parts);
  const person = findPerson(name, parts);
  const { dn, login, entry, now, state } = person;
  const doors = [
    await bindDoor(person, parts),
    ...whyPerson({ name: dn }, parts).doors.map(({ door, opens, because }) => ({
      door: `login by ${door}`,
      as: '',
      shut: opens === 'no',
      saw: because,
    })),
    sessionDoor(person, parts),
    ...accountDoors(person, parts),
    ...cacheDoors(person, parts),
    ...consumersOf(parts).flatMap((consumer) => consumerDoors(person, consumer, parts)),
  ];
  const { seq, head } = parts.logEnd();
  const proof: ProofBody = {
    what: 'what is shut for somebody in a Tenure directory',
    version: 1,
    dn,
    login,
    uuid: entry.uuid,
    at: new Date(now * 1000).toISOString(),
    state: shownState(state),
    doors,
    waits: waitsOf(person, parts),
    seq,
    head,
  };
  return { proof, ...signed(proofText(proof), key) };
}

/** A bind with a password that nobody has: what a client sees of it is 49 in any case. */
async function bindDoor({ dn, state }: Person, parts: ProveParts): Promise<ProofDoor> {
  const password = Buffer.from(parts.random().bytes(24).toString('hex'));
  const shut = state !== 'active';
  try {
    await parts.directory.authenticate({ dn, password }, parts.origin);
    return { door: 'bind', as: '', shut: false, saw: 'a password that nobody knows was taken' };
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? error);
    const saw = shut ? `${code}: refused whatever is sent` : `${code} for a wrong password only`;
    return { door: 'bind', as: '', shut, saw };
  }
}

function sessionDoor({ entry }: Person, { sessionsOf }: ProveParts): ProofDoor {
  const open = sessionsOf(entry.id);
  const saw = open === 0 ? 'none is open' : `${open} open`;
  return { door: 'sessions', as: '', shut: open === 0, saw };
}

/** What an application or a machine may still go by, of those through which somebody was seen. */
function cacheDoors({ entry, state, now }: Person, parts: ProveParts): ProofDoor[] {
  if (state === 'active') return [];
  const shutAt = departs(entry, parts.reader) ?? closedSince(entry.id, parts.reader, now);
  return goneByOf(accessOf(entry.id, parts), shutAt, parts).map(({ consumer, at, because }) => {
    const shut = at !== undefined && Date.parse(at) <= now * 1000;
    const saw = at === undefined ? because : `${shut ? 'gone since' : 'may hold until'} ${at}`;
    return { door: 'cache', as: consumer, shut, saw };
  });
}

/** Second accounts and devices: what is theirs is shut with them. */
function accountDoors({ entry, now }: Person, { reader }: ProveParts): ProofDoor[] {
  const devices = reader
    .entries([...naming(entry.id, 'owner', reader)])
    .filter((one) => one.kind.classes.some(({ name }) => name === 'tenureDevice'));
  const seconds = reader.entries([...naming(entry.id, 'lifecyclePrincipal', reader)]);
  return [...devices, ...seconds].map((one) => {
    const state = stateOf(one.id, reader, now);
    const login = loginOf(one, reader);
    return { door: `account ${login}`, as: '', shut: state !== 'active', saw: shownState(state) };
  });
}

/** Service accounts and hosts, below their containers or by their class. */
function consumersOf({ reader, names }: ProveParts): EntryRecord[] {
  const found: EntryRecord[] = [];
  for (const { dn } of reader.suffixes()) {
    for (const ou of ['services', 'hosts']) {
      const id = names.idOf(`ou=${ou},${dn}`);
      if (id !== 0) found.push(...reader.entries(reader.childIds(id, 0, CONSUMERS_MAX)));
    }
  }
  return found.slice(0, CONSUMERS_MAX);
}

function consumerDoors(person: Person, consumer: EntryRecord, parts: ProveParts): ProofDoor[] {
  const { reader, names } = parts;
  const as = loginOf(consumer, reader);
  const identity: Identity = { role: 'user', dn: names.text(consumer), entryId: consumer.id };
  const look = looker(identity, parts);
  const who = `(uid=${escapeFilterValue(person.login)})`;
  const isHost = !isService(identity, reader);
  const { mirrors } = viewOfAccount(consumer, reader);
  const keeps = mirrors && person.state === 'leave';
  const doors: ProofDoor[] = [];
  const door = (name: string, shut: boolean, saw: string) =>
    doors.push({ door: name, as, shut, saw });
  if (!isHost) {
    const { doors: ways, verdict } = whyPerson({ name: person.dn, service: identity.dn }, parts);
    const opens = ways.some((way) => way.opens !== 'no');
    door('login', !opens, verdict);
  }
  const found = look(who, '1.1').entries;
  const disabled = found > 0 && isShownShut(person.state, look, who);
  const saw = found === 0 ? 'not found' : disabled ? 'shown as disabled' : 'shown as usable';
  door('account', found === 0 || disabled, saw);
  const keys = look(who, 'sshPublicKey').shown + look(`(&${who}(sshPublicKey=*))`, '1.1').entries;
  door('SSH keys', keys === 0, keys === 0 ? 'none shown' : 'shown');
  const own = look(who, 'memberOf').shown;
  const dn = escapeFilterValue(person.dn);
  const login = escapeFilterValue(person.login);
  const groups = look(`(|(member=${dn})(uniqueMember=${dn})(memberUid=${login}))`, '1.1').entries;
  const member = own + groups > 0;
  door(
    'groups',
    !member || keeps,
    member ? (keeps ? 'kept for a mirror' : `in ${groups}`) : 'in none',
  );
  if (isHost) {
    const rules = look(`(sudoUser=${login})`, '1.1').entries;
    door('sudo', rules === 0, rules === 0 ? 'no rule' : `${rules} rules`);
  }
  const hashes = look(who, 'sambaNTPassword').shown;
  door('Wi-Fi hash', hashes === 0, hashes === 0 ? 'none given' : 'given');
  return doors;
}

type Look = (filter: string, attribute: string) => { entries: number; shown: number };

/** Searches as somebody: how many entries, and in how many of them the attribute was shown. */
function looker(identity: Identity, { directory, origin, reader }: ProveParts): Look {
  return (text, attribute) => {
    const filter: Filter = parseFilter(text);
    const total = { entries: 0, shown: 0 };
    for (const { dn: base } of reader.suffixes()) {
      const run = directory.search(
        {
          base,
          scope: 'sub',
          deref: 'never',
          sizeLimit: 0,
          timeLimit: 0,
          typesOnly: false,
          filter,
          attributes: [attribute],
        },
        { identity, origin },
      );
      const sink = ({ count }: { readonly count: number }) => {
        total.entries += 1;
        if (count > 0) total.shown += 1;
        return true;
      };
      while (run.pull(sink, Number.POSITIVE_INFINITY) !== 'done');
    }
    return total;
  };
}

/** Whether every way of saying it says that the account is shut. */
function isShownShut(state: State, look: Look, who: string): boolean {
  if (state === 'active') return false;
  return ['(nsAccountLock=TRUE)', '(loginDisabled=TRUE)', '(pwdAccountLockedTime=*)'].every(
    (said) => look(`(&${who}${said})`, '1.1').entries > 0,
  );
}

/** Open items of the case: what somebody has to do by hand. */
function waitsOf({ entry, now }: Person, { reader }: ProveParts): string[] {
  const one = reader.cases.openOf(entry.uuid);
  const timeline = reader.timelines.of(entry.id);
  if (one === undefined || timeline === undefined) return [];
  return itemsOf(one, entry, departureOf(timeline), reader, now)
    .filter(({ done }) => done === 0)
    .map(({ text, owner }) => `${text} (${owner})`);
}
