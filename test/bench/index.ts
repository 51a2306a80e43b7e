/**
 * `npm run bench`: slapd and Tenure one after the other, with the same people and the same load, and
 * the ratio. Everything happens on loopback and in one folder that is removed at the end.
 */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { accessMapReport, measureAccessMap } from './access-map.js';
import { accessRulesReport, measureAccessRules } from './access-rules.js';
import { lifecycleReport, measureLifecycle } from './lifecycle.js';
import { compileLoad } from './load.js';
import { isBusy, type Measured, machine, measure } from './measure.js';
import { type Mode, modes } from './modes.js';
import { type Options, parseOptions, usage } from './options.js';
import type { Peer } from './peer.js';
import { LARGE_GROUP_SIZE, writePeople } from './people.js';
import { growthReport, progressLine, report } from './report.js';
import { slapdMissing, startSlapd } from './slapd.js';
import { startTenure } from './tenure.js';

const MILLION = 1_000_000;
const TMPFS_MAGIC = 0x01021994;

process.exitCode = await bench(process.argv.slice(2));

async function bench(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const options = parseOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`bench: ${options}\n\n${usage}`);
    return 2;
  }
  let dir: string;
  try {
    dir = mkdtempSync(join(options.dir, 'tenure-bench-'));
  } catch (error) {
    say(`bench: --dir: ${(error as Error).message}\n`);
    return 2;
  }
  process.on('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  if (statfsSync(dir).type === TMPFS_MAGIC) {
    say(`${dir} is in memory: durable writes cost nothing there; --dir names another folder\n`);
  }
  try {
    return await benchIn(dir, options);
  } catch (error) {
    say(`bench: ${(error as Error).message}\n`);
    return 1;
  }
}

async function benchIn(dir: string, options: Options): Promise<number> {
  const generator = await compileLoad(dir);
  if (generator === undefined) {
    say('bench: the load generator needs a C compiler, and there is no cc\n');
    return 1;
  }
  if (options.lifecycle) {
    say(`${options.people} people, ${machine()}\n`);
    const figures = await measureLifecycle(dir, generator, options, say);
    const text = options.json ? JSON.stringify(figures) : lifecycleReport(figures);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  if (options.accessMap) {
    say(`${options.people} people, ${machine()}\n`);
    const figures = await measureAccessMap(dir, generator, options, say);
    const text = options.json ? JSON.stringify(figures) : accessMapReport(figures);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  if (options.accessRules) {
    say(`${options.people} people, ${machine()}\n`);
    const figures = await measureAccessRules(join(dir, 'rules'), generator, options, say);
    const text = options.json ? JSON.stringify(figures) : accessRulesReport(figures);
    process.stdout.write(`${text}\n`);
    return 0;
  }
  const missing = slapdMissing();
  if (options.slapd && missing !== undefined) say(`skipped: slapd, for ${missing}\n`);
  const one = (name: Peer['name'], people: number): Promise<Measured> =>
    measureOne(name, join(dir, `${name}-${people}`), generator, { ...options, people });
  say(`${options.people} people, ${machine()}\n`);
  if (isBusy()) say('this machine is busy with something else: read processor times, not rates\n');
  const withSlapd = options.slapd && missing === undefined;
  const slapd = withSlapd ? await one('slapd', options.people) : undefined;
  const tenure = options.tenure ? await one('tenure', options.people) : undefined;
  const million = options.million ? await one('tenure', MILLION) : undefined;
  const all = { machine: machine(), slapd, tenure, million };
  process.stdout.write(
    options.json ? `${JSON.stringify(all)}\n` : reportAll(slapd, tenure, million),
  );
  // A ratio below its target is for people to judge; an answer that is wrong is not.
  return [slapd, tenure, million].every((measured) => measured?.sound !== false) ? 0 : 1;
}

function reportAll(slapd?: Measured, tenure?: Measured, million?: Measured): string {
  const both = report(slapd, tenure);
  if (million === undefined || tenure === undefined) return both;
  return `${both}${report(undefined, million)}\n${growthReport(tenure, million)}`;
}

async function measureOne(
  name: Peer['name'],
  dir: string,
  generator: string,
  options: Options,
): Promise<Measured> {
  const ldif = join(dir, '..', `people-${options.people}.ldif`);
  if (!existsSync(ldif)) writePeople(ldif, options.people);
  say(`${name}: loading…\n`);
  const peer = await (name === 'slapd' ? startSlapd(dir, ldif) : startTenure(dir, ldif));
  try {
    const chosen = modes.filter((mode) => wanted(mode, options));
    return await measure(peer, chosen, generator, options, {
      onFigure: (figure) => say(progressLine(name, figure)),
      onFailure: (mode, error) => say(`${name} ${mode.name}: ${error.message}\n`),
    });
  } finally {
    await peer.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function wanted(mode: Mode, { only, people }: Options): boolean {
  if (only.length > 0 && !only.includes(mode.name)) return false;
  // There is nobody left to add to the large group.
  return mode.load !== 'member' || people > LARGE_GROUP_SIZE;
}

function say(text: string): void {
  process.stderr.write(text);
}
