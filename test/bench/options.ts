/** The command line of the bench: what may be asked for. Refuses what it does not know. */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { storm } from './argon.js';
import { modes } from './modes.js';

export interface Options {
  readonly people: number;
  /** Measured for each mode, after the warm-up. */
  readonly seconds: number;
  readonly warmupSeconds: number;
  /** Names of modes; empty for all. */
  readonly only: readonly string[];
  /** Measure again with a million people, Tenure alone, beside its own figures for fewer. */
  readonly million: boolean;
  /** What the lifecycle costs, Tenure alone, and nothing else. */
  readonly lifecycle: boolean;
  /** What rules about reading cost, Tenure alone, and nothing else. */
  readonly accessRules: boolean;
  /** What the access map costs, Tenure alone, and nothing else. */
  readonly accessMap: boolean;
  readonly json: boolean;
  readonly slapd: boolean;
  readonly tenure: boolean;
  /** Where the databases go; on a disk, or durable writes cost nothing. */
  readonly dir: string;
}

export const usage = `npm run bench -- [options]
  --people N     how many people both servers hold (100000)
  --seconds N    measured for each mode (4)
  --warmup N     seconds before that (2)
  --only MODE    only this mode, repeatable: ${modes.map((m) => m.name).join(', ')}, ${storm.name}
  --million      Tenure alone with --people and then with a million people
  --lifecycle    what the lifecycle costs: plans, and searches where everybody has facts; nothing else
  --access-rules  what 500 rules about reading cost: searches by them and above them; nothing else
  --access-map   what the access map costs: searches and binds with it and without; nothing else
  --no-slapd     Tenure alone
  --no-tenure    slapd alone
  --dir DIR      where the databases go for the time being (${tmpdir()})
  --json         the figures as one JSON object
`;

/** The options in `args`, or a sentence about what is wrong with them. */
export function parseOptions(args: readonly string[]): Options | string {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const people = numberIn(values.people ?? '100000', 1, 1_000_000, true);
  const seconds = numberIn(values.seconds ?? '4', 0.1, 600, false);
  const warmupSeconds = numberIn(values.warmup ?? '2', 0, 60, false);
  if (people === undefined) return '--people takes a whole number from 1 to 1000000';
  if (seconds === undefined) return '--seconds takes a number from 0.1 to 600';
  if (warmupSeconds === undefined) return '--warmup takes a number from 0 to 60';
  const only = values.only ?? [];
  const names = [...modes.map((m) => m.name), storm.name];
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) return `there is no mode "${unknown}"`;
  return {
    people,
    seconds,
    warmupSeconds,
    only,
    million: values.million === true,
    lifecycle: values.lifecycle === true,
    accessMap: values['access-map'] === true,
    accessRules: values['access-rules'] === true,
    json: values.json === true,
    slapd: values['no-slapd'] !== true && values.million !== true,
    tenure: values['no-tenure'] !== true,
    dir: resolve(values.dir ?? tmpdir()),
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      people: { type: 'string' },
      seconds: { type: 'string' },
      warmup: { type: 'string' },
      only: { type: 'string', multiple: true },
      million: { type: 'boolean' },
      lifecycle: { type: 'boolean' },
      'access-map': { type: 'boolean' },
      'access-rules': { type: 'boolean' },
      json: { type: 'boolean' },
      'no-slapd': { type: 'boolean' },
      'no-tenure': { type: 'boolean' },
      dir: { type: 'string' },
    },
  }).values;
}

function numberIn(text: string, least: number, most: number, whole: boolean): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= least && value <= most)) return undefined;
  return whole && !Number.isInteger(value) ? undefined : value;
}
