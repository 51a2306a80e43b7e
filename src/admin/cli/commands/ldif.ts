/** `tenure import` and `tenure export`: entries from and to LDIF. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ExportResult, WriteChunk } from '../../actions/index.js';
import { asAdminError } from '../../errors.js';
import { command, type Flags, withProgress } from '../about.js';
import { asMovesOption, expectOption, type Run, show } from '../command.js';
import type { CliHost } from '../host.js';
import { progressBar } from '../progress.js';
import { withActions } from '../reach.js';
import { counted, grouped } from '../render.js';

interface ImportFlags extends Flags {
  readonly expect?: number;
  readonly asMoves?: true;
}

/** Adds `import` to `parent`. */
export function addImport(parent: Command, run: Run): void {
  command(parent, run, 'import', 'add the entries of an LDIF file, all or nothing')
    .argument('<file.ldif>', 'the file')
    .addOption(expectOption())
    .addOption(asMovesOption())
    .action(async (name: string, flags: ImportFlags) => {
      const { host } = run;
      const { expect, asMoves } = flags;
      const input = { file: resolve(host.workingDir, name), by: host.user, expect, asMoves };
      const report = await withProgress(run, flags, (actions, onProgress) =>
        actions.importLdif(input, onProgress),
      );
      await show(run, flags, report, () => {
        const replaced = report.replaced === 0 ? '' : `, ${grouped(report.replaced)} replaced`;
        return `imported ${counted(report.entries, 'entry', 'entries')}${replaced}\n`;
      });
    });
}

interface ExportFlags extends Flags {
  readonly base?: string;
  readonly output?: string;
}

/** Adds `export` to `parent`. */
export function addExport(parent: Command, run: Run): void {
  command(parent, run, 'export', 'write entries as LDIF, password hashes included')
    .option('--base <dn>', 'only this entry and those below it')
    .option('-o, --output <file>', 'write to FILE (mode 0600) instead of standard output')
    .action(async (flags: ExportFlags) => {
      const { host } = run;
      if (flags.output === undefined) {
        // The LDIF is the output; --json concerns errors only.
        await exportTo(host, flags, host.writeOut);
        return;
      }
      const file = resolve(host.workingDir, flags.output);
      const { entries } = await exportToFile(host, flags, file);
      await show(run, flags, { entries, file }, () => {
        return `exported ${counted(entries, 'entry', 'entries')} to ${file}\n`;
      });
    });
}

async function exportTo(
  host: CliHost,
  { data, base }: ExportFlags,
  write: WriteChunk,
): Promise<ExportResult> {
  return withActions(host, data, (actions) => actions.exportLdif({ base }, write));
}

/** Whole or not at all: written beside, renamed when it is on disk. */
async function exportToFile(
  host: CliHost,
  flags: ExportFlags,
  file: string,
): Promise<ExportResult> {
  const half = `${file}.${host.random.bytes(4).toString('hex')}.part`;
  const stream = createWriteStream(half, { mode: 0o600, flags: 'wx', flush: true });
  const closed = finished(stream);
  // Also awaited below; an early failure must not count as unhandled meanwhile.
  closed.catch(() => undefined);
  const quiet = flags.json === true;
  const bar = progressBar(host.stderr, host.clock, quiet);
  let bytes = 0;
  try {
    const result = await exportTo(host, flags, async (chunk) => {
      bytes += chunk.length;
      bar.onProgress({ phase: 'export, bytes', done: bytes, total: 0 });
      if (!stream.write(chunk)) await drained(stream, closed);
    });
    stream.end();
    await closed;
    await rename(half, file);
    return result;
  } catch (error) {
    stream.destroy();
    await rm(half, { force: true });
    throw asAdminError(stream.errored ?? error);
  } finally {
    bar.end();
  }
}

async function drained(stream: NodeJS.WritableStream, closed: Promise<void>): Promise<void> {
  const drain = new Promise<void>((resolve) => stream.once('drain', resolve));
  await Promise.race([drain, closed]);
}
