/**
 * `tenure audit [NAME]`: who did what, from where, through which service, and why; page by page, and
 * with --follow as it happens. `tenure audit verify`: nothing was taken out, altered or cut off.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Actions } from '../../actions/index.js';
import { type AuditPage, type AuditQuery, auditKinds } from '../../audit.js';
import { command, type Flags, NAME } from '../about.js';
import { auditCheckText, auditText } from '../audit-text.js';
import { endWith, type Run, show, wholeNumber } from '../command.js';
import { runningServer, withActions } from '../reach.js';

interface AuditFlags extends Flags {
  readonly by?: string;
  readonly since?: string;
  readonly until?: string;
  readonly kind?: (typeof auditKinds)[number];
  readonly run?: number;
  readonly follow?: true;
}

const PAGE = 200;
const FOLLOW_EVERY_MS = 500;
/** What was forgotten is told by `verify`, not asked for. */
const kindChoices = auditKinds.filter((kind) => kind !== 'forgotten');

/** Adds it to `parent`. */
export function addAudit(parent: Command, run: Run): void {
  const audit = command(parent, run, 'audit', 'who did what, from where, through what, and why')
    .argument('[name]', `whom it is about: ${NAME}`)
    .option('--by <name>', 'only what that one did')
    .option('--since <when>', 'such as today, "2 days ago" or 2026-11-30')
    .option('--until <when>', 'only what was before')
    .addOption(new Option('--kind <kind>', 'only that').choices(kindChoices))
    .option('--run <n>', 'only what was part of that run', wholeNumber)
    .option('--follow', 'go on with what happens, until you stop it')
    .action(async (name: string | undefined, flags: AuditFlags) => list(run, name, flags));
  command(audit, run, 'verify', 'was anything taken out, altered, exchanged or cut off?')
    .addOption(
      new Option(
        '--head <hex>',
        'a head that was noted earlier: it must be in the chain',
      ).argParser((text) => {
        if (/^[0-9a-fA-F]{16,64}$/.test(text)) return text;
        throw new InvalidArgumentError(
          'write the 16 digits that `tenure status` printed, or more of them',
        );
      }),
    )
    .action(async (own: Flags & { readonly head?: string }) => {
      // What both commands take is read by the outer one, wherever it stands.
      const flags = { ...own, ...audit.opts<Flags>() };
      const { head } = flags;
      const check = await withActions(run.host, flags.data, ({ audit }) => audit.verify({ head }));
      if (!check.ok) endWith(run, 'damaged');
      await show(run, flags, check, () => auditCheckText(check));
    });
}

async function list(run: Run, name: string | undefined, flags: AuditFlags): Promise<void> {
  const { by, since, until, kind, run: ofRun, data, follow } = flags;
  const kinds = kind === undefined ? undefined : [kind];
  const query = { name, by, since, until, kinds, run: ofRun, limit: PAGE };
  if (follow !== true) {
    await withActions(run.host, data, async ({ audit }) => {
      const told = await pages(run, flags, audit, query);
      if (told === 0 && flags.json !== true) await run.host.writeOut('nothing of that kind\n');
    });
    return;
  }
  const { audit } = await runningServer(run.host, data);
  // What was asked for comes first; without a beginning only what happens from now on.
  let after = since === undefined ? (await audit.list({ limit: 1, after: FAR })).last : 0;
  for (;;) {
    await pages(run, flags, audit, { ...query, after }, (last) => {
      after = last;
    });
    await run.host.sleep(FOLLOW_EVERY_MS);
  }
}

/** Behind everything that there is. */
const FAR = Number.MAX_SAFE_INTEGER;

/** Prints page after page; nothing is kept. JSON is one object a line. */
async function pages(
  run: Run,
  { json }: Flags,
  audit: Actions['audit'],
  query: AuditQuery,
  reached: (last: number) => void = () => {},
): Promise<number> {
  let told = 0;
  let { after } = query;
  for (;;) {
    const page: AuditPage = await audit.list({ ...query, after });
    told += page.events.length;
    if (page.events.length > 0) {
      const lines = () => page.events.map((event) => `${JSON.stringify(event)}\n`).join('');
      await run.host.writeOut(json === true ? lines() : auditText(page.events, page));
    }
    reached(page.next ?? page.last);
    if (page.next === undefined) return told;
    after = page.next;
  }
}
