/**
 * Which keys a policy has and what kind of value each takes: the outer form of the document, as a
 * zod schema. Phrases are texts here; their grammar is in the files beside this one. The JSON Schema
 * for editors is made from it, with the descriptions and patterns.
 */
import * as z from 'zod';

/** Names and phrases; a name may look like a number. */
const text = (description: string, examples: readonly string[] = []) =>
  z.union([z.string(), z.number()]).meta({ description, examples: [...examples] });

const texts = (description: string, examples: readonly string[] = []) =>
  z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]).meta({
    description,
    examples: [...examples],
  });

const named = <T extends z.ZodType>(value: T, description: string) =>
  z.record(z.string(), value).meta({ description });

const who = (description: string) =>
  text(description, ['kind is employee or intern', 'type is contractor', 'below ou=services']);

const company = z.strictObject({
  zone: text('time zone in which dates are read', ['Europe/Berlin']).optional(),
  'an end date means': text('what the end of a contract is that is a date', [
    'the whole of the last day',
    'the first day without',
  ]).optional(),
  'working days': texts('days on which people work', ['Mon-Fri']).optional(),
  holidays: texts('dates that are no working days', ['2026-12-25']).optional(),
  'end dates are': text('whether everybody may see when somebody leaves', [
    'quiet',
    'open',
  ]).optional(),
  probation: text('how long it lasts from the start on', ['6 months']).optional(),
  'new entries': named(
    text('what an entry without facts is', ['active', 'staged']),
    'by place (below ou=people) or author (made by hr): active or staged',
  ).optional(),
});

const kind = z.strictObject({
  who: who('who is of this kind; first match wins'),
  'must have': texts('what nobody may lack', ['sponsor', 'end within 6 months']).optional(),
  'end dates are': text('open or quiet', ['open']).optional(),
  gets: texts('groups that everybody of this kind is in').optional(),
  'never gets': texts('groups that nobody of this kind is in').optional(),
  journeys: texts('journeys of this policy').optional(),
  never: texts('what is never done to them', ['idle', 'expire', 'lock out']).optional(),
  'every use': text('whom to alarm at each login', ['alarm security']).optional(),
  rehearse: text('how often they are tried out', ['every 90 days']).optional(),
  'when a user leaves': text('rotate the secret', ['rotate the secret']).optional(),
});

const password = z.strictObject({
  who: who('whose passwords; first match wins; everyone where it is left out').optional(),
  'made by': text('who chooses them', ['tenure', 'anybody']).optional(),
  'at least': text('how long they are', ['12 characters']).optional(),
  remember: text('former ones that may not come back', ['5 passwords']).optional(),
  renew: text('how often', ['every year']).optional(),
  'old and new both work for': text('how long', ['7 days']).optional(),
  'second factor': text('when one is needed', ['always', 'within 7 days', 'never']).optional(),
  'wrong tries': text('what follows them', [
    'slow down after 5',
    'lock after 10 for 15 minutes',
  ]).optional(),
});

const journey = named(
  texts('steps, in the order in which they are taken', ['offboard', 'tell manager gone']),
  'steps by moment: "at end", "7 days before end"',
);

const group = z.strictObject({
  rule: who('who is in it').optional(),
  'movers keep it': text('how long', ['14 days', 'not at all']).optional(),
  members: text('by hand: nothing but a person puts a member here', ['by hand']).optional(),
  longest: text('the longest time of a membership that is granted', ['8 hours']).optional(),
  ask: text('who says yes to a grant', ['group owner']).optional(),
});

const role = z.strictObject({
  who: who('who has the role; left out for manager and self').optional(),
  may: texts('powers; what is usual where it is left out and the role is one of those known', [
    'reset',
    'unlock',
    'see end dates',
  ]).optional(),
  over: who('over whom; everyone where it is left out').optional(),
  'never over': who('over whom never').optional(),
});

const resource = z.strictObject({
  'who has it': who('who has it'),
  'removed by': text('who removes it, and how soon', ['it-desk within 1 day']),
  'checked against': text('an exported list of users', ['github-users.csv']).optional(),
});

const accessRule = z.strictObject({
  who: who(
    'whom the rule is for: anyone, anyone who has bound, self, manager, owner, or a condition',
  ),
  from: texts('addresses from which it holds', ['10.0.0.0/8']).optional(),
  with: texts('what the session must have', ['tls', 'second factor']).optional(),
  may: texts('what they may do', ['discover', 'search', 'compare', 'read', 'write', 'add']),
  what: text('which entries; all where it is left out', [
    'everything',
    'below ou=people',
  ]).optional(),
  attributes: texts('names and sets; @public where it is left out', [
    '@public',
    '@posix',
    '@personal',
  ]).optional(),
});

const guards = z.strictObject({
  'hr file': z
    .strictObject({ 'hold when it shrinks by': text('how much', ['3 % or 5 people']) })
    .optional(),
  'people closed': z
    .strictObject({ 'hold when more than': text('how many', ['5 an hour']) })
    .optional(),
  'when held': z
    .strictObject({
      'yes from': text('who must say yes', ['one admin and one of hr']).optional(),
      'tell again': text('how often', ['every 4 hours']).optional(),
    })
    .optional(),
});

export const shape = z.strictObject({
  tenure: z.literal(1).meta({ description: 'version of the language' }),
  company: company.optional(),
  words: named(
    text('an LDAP attribute', ['departmentNumber']),
    'our names for attributes',
  ).optional(),
  kinds: named(kind, 'who is who: first match wins').optional(),
  passwords: named(password, 'first match wins').optional(),
  journeys: named(journey, 'what happens to somebody, and when').optional(),
  groups: named(group, 'groups by the name that they have in the directory').optional(),
  roles: named(role, 'who may do what to whom').optional(),
  resources: named(resource, 'what people have outside of the directory').optional(),
  guards: guards.optional(),
  audit: z
    .strictObject({
      keep: text('how long the audit trail is kept', ['2 years']).optional(),
      'keep binds': text('the same of binds and refusals', ['90 days']).optional(),
    })
    .optional(),
  access: named(accessRule, 'who may read what; nothing else is given').optional(),
});

/** Keys that a section may have; undefined where it takes any names. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] | undefined {
  let found: unknown = shape;
  for (const step of path) {
    found = within(found, String(step));
    if (found === undefined) return undefined;
  }
  const inner = bare(found);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : undefined;
}

const bare = (schema: unknown): unknown =>
  schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema;

function within(schema: unknown, key: string): unknown {
  const inner = bare(schema);
  if (inner instanceof z.ZodRecord) return inner.valueType;
  return inner instanceof z.ZodObject ? (inner.shape as Record<string, unknown>)[key] : undefined;
}

/** Where each key may stand, for those who wrote the right one in the wrong section. */
export function homesOf(key: string): readonly string[] {
  const homes: string[] = [];
  const look = (schema: unknown, path: readonly string[]): void => {
    const inner = bare(schema);
    if (inner instanceof z.ZodRecord) look(inner.valueType, [...path, 'NAME']);
    if (!(inner instanceof z.ZodObject)) return;
    for (const [name, value] of Object.entries(inner.shape)) {
      if (name === key) homes.push([...path, name].join('.'));
      look(value, [...path, name]);
    }
  };
  look(shape, []);
  return homes;
}

/** JSON Schema (draft 7, which editors read) of the document. */
export function jsonSchema(): object {
  const made = z.toJSONSchema(shape, { target: 'draft-7' });
  return { ...made, title: 'Policy of a Tenure directory' };
}
