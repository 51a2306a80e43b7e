/** `tenure prove NAME`: every door tried, signed; `tenure prove --verify FILE`: checked offline. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { AdminError } from '../../errors.js';
import { reachServer } from '../../http/index.js';
import {
  checkProof,
  fingerprintOf,
  type Proof,
  type ProofBody,
  type ProofDoor,
} from '../../proof.js';
import { command, type Flags, NAME } from '../about.js';
import { endWith, type Run, show } from '../command.js';
import { textIn } from '../input-file.js';
import { momentText } from '../moments.js';
import { controlSocketOf, runningServer } from '../reach.js';
import { counted, table } from '../render.js';

interface ProveFlags extends Flags {
  readonly verify?: string;
}

/** Adds `prove` to `parent`. */
export function addProve(parent: Command, run: Run): void {
  command(
    parent,
    run,
    'prove',
    'try every door of somebody as its client would, and sign what was seen',
  )
    .argument('[name]', NAME)
    .option('--verify <file>', 'check a proof: needs neither server nor directory')
    .action(async (name: string | undefined, flags: ProveFlags) => {
      if ((name === undefined) === (flags.verify === undefined)) {
        throw new AdminError('usage', 'say whose doors to try, or --verify FILE');
      }
      if (flags.verify !== undefined) await check(run, flags.verify, flags);
      else await make(run, name!, flags);
    });
}

async function check(run: Run, file: string, flags: ProveFlags): Promise<void> {
  const text = await textIn(run.host, file);
  const checked = checkProof(text, basename(file));
  const own = await ownKey(flags.data);
  if (own !== undefined && own !== checked.fingerprint) endWith(run, 'unwell');
  await show(run, flags, { ...checked, ...(own !== undefined && { own }) }, () => {
    const { proof, fingerprint } = checked;
    const when = momentText(proof.at, 'UTC', proof.at);
    const head = `whole: signed by ${fingerprint} at ${when} UTC\n`;
    return `${head}${whoseText(fingerprint, own, flags.data)}${proofText(proof)}`;
  });
}

/** Of the directory that is served from the folder, where one is. */
async function ownKey(dataDir: string): Promise<string | undefined> {
  const server = await reachServer(controlSocketOf(dataDir));
  return (await server?.status())?.directory.proofKey;
}

function whoseText(fingerprint: string, own: string | undefined, dataDir: string): string {
  if (own === undefined) {
    return '  compare that with tenure status, where it should come from\n';
  }
  if (own === fingerprint) return `  which is the key of ${dataDir}\n`;
  return `  NOT THE KEY OF ${dataDir}, which is ${own}\n`;
}

async function make(run: Run, name: string, flags: ProveFlags): Promise<void> {
  const { host } = run;
  const server = await runningServer(host, flags.data);
  const made = await server.prove({ name });
  const file = `proof-${made.proof.login.replace(/[^A-Za-z0-9._-]/g, '_')}.json`;
  await writeFile(join(host.workingDir, file), `${JSON.stringify(made)}\n`, { mode: 0o600 });
  const ajar = made.proof.doors.filter(({ shut }) => !shut);
  if (ajar.length > 0) endWith(run, 'unwell');
  await show(run, flags, { ...made, file }, () => madeText(made, file));
}

function madeText({ proof, key }: Proof, file: string): string {
  const signed = `  ${file} signed by ${fingerprintOf(key)}, log head ${proof.head.slice(0, 8)}…\n`;
  return `${proofText(proof)}${signed}  anybody can check it offline: tenure prove --verify ${file}\n`;
}

/** What somebody wrote into a proof never begins a line of ours, nor moves the cursor. */
const plain = (text: string) => text.replace(/\p{Cc}+/gu, ' ');

function proofText({ doors, waits, ...said }: ProofBody): string {
  const [login, state] = [plain(said.login), plain(said.state)];
  const ajar = doors.filter(({ shut }) => !shut);
  const all = `${counted(doors.length, 'door')} tried, each as its own client would`;
  const count = `${doors.length - ajar.length} shut`;
  const head = `  ${login}  ${state}     ${all}: ${count}\n`;
  const caches = ajar.filter(({ door }) => door === 'cache');
  const wide = ajar.filter(({ door }) => door !== 'cache');
  const open = `${listText('OPEN', wide)}${listText('ajar', caches)}`;
  const list =
    waits.length === 0 ? '' : `  by hand\n${waits.map((text) => `    ${plain(text)}\n`).join('')}`;
  return `${head}${open}${list}`;
}

/** Open is what lets somebody in; ajar is what may go by what it read before. */
function listText(title: string, doors: readonly ProofDoor[]): string {
  return doors.length === 0 ? '' : `  ${title}\n${table(doors.map(cells), '    ')}`;
}

function cells({ door, as, saw }: ProofDoor): string[] {
  return [as === '' ? door : `${door} of ${as}`, saw].map(plain);
}
