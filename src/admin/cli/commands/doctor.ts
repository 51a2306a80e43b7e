/** `tenure doctor`: what is wrong around the directory, and what a password check costs here. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type DoctorResult, examine } from '../../actions/index.js';
import type { EngineStatus } from '../../engine.js';
import { reachServer } from '../../http/index.js';
import { command, type Flags } from '../about.js';
import { endWith, type Run, show } from '../command.js';
import type { CliHost } from '../host.js';
import { controlSocketOf, mustExist } from '../reach.js';

interface DoctorFlags extends Flags {
  readonly config?: string;
}

/** Adds the command to `parent`. */
export function addDoctor(parent: Command, run: Run): void {
  const description = 'look for what is wrong: keys, certificates, clock, disk; measure passwords';
  const doctor = command(parent, run, 'doctor', description).option(
    '--config <file>',
    'settings to look at instead of DIR/config.yaml',
  );
  doctor.action(async (flags: DoctorFlags) => {
    const { host } = run;
    await mustExist(host, flags.data);
    const input = {
      dataDir: flags.data,
      configFile: flags.config === undefined ? undefined : resolve(host.workingDir, flags.config),
    };
    const status = () => engineStatus(host, flags.data);
    const result = await examine(input, { ...host, status });
    if (!result.ok) endWith(run, 'unwell');
    await show(run, flags, result, () => text(result));
  });
}

/** From the server, or from the database where none runs. */
async function engineStatus(host: CliHost, dataDir: string): Promise<EngineStatus> {
  const server = await reachServer(controlSocketOf(dataDir));
  if (server !== undefined) return (await server.status()).directory;
  const engine = await host.composition.openEngine(dataDir, { log: host.makeLog('warn') });
  try {
    return engine.status();
  } finally {
    await engine.close();
  }
}

const marks = { fine: 'ok   ', look: 'look ', wrong: 'WRONG' } as const;

function text({ findings, ok }: DoctorResult): string {
  const widest = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.map(({ subject, level, text: said, advice }) => {
    const line = `${marks[level]}  ${subject.padEnd(widest)}  ${said}\n`;
    return advice === undefined ? line : `${line}${' '.repeat(widest + 9)}${advice}\n`;
  });
  const looks = findings.filter(({ level }) => level === 'look').length;
  const wrongs = findings.filter(({ level }) => level === 'wrong').length;
  const end = ok ? 'nothing is wrong' : `${wrongs} wrong`;
  return `${lines.join('')}${end}${looks > 0 ? `, ${looks} worth a look` : ''}\n`;
}
