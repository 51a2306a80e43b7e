/** Runs the command line in process, on a folder of its own, with output kept. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { type CliHost, type Output, runCli, type StopSignal } from '../../../src/admin/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { createLog } from '../../../src/runtime/log.js';
import { systemRandom } from '../../../src/runtime/random.js';
import { sleep } from '../../../src/runtime/sleep.js';
import { putCertificates } from '../../support/made-certificates.js';
import { type Memory, memoryComposition } from './memory-composition.js';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Harness {
  readonly dir: string;
  readonly memory: Memory;
  /** Standard input of the next run. */
  stdin: string;
  /** What is typed at the next question; undefined where nobody is there. */
  typed: string | undefined;
  /** Questions whose answer nobody shall see. */
  readonly asked: string[];
  /** Pretend that standard error is a terminal. */
  terminal: boolean;
  run(...args: string[]): Promise<Ended>;
  /** Makes the folder `name` with certificates in it: new keys for each test would take seconds. */
  seed(name: string): Promise<void>;
  /** Makes the directory `data` on such a folder. */
  make(...more: string[]): Promise<Ended>;
  /** Starts a command that goes on; `ready` resolves with what it printed first. */
  start(...args: string[]): { readonly ready: Promise<string>; readonly ended: Promise<Ended> };
  signal(name: StopSignal): void;
  remove(): void;
}

/**
 * A command line for each test of a file, on a folder of its own; where `made`, with a directory in
 * it. What it returns gives that of the running test.
 */
export function eachCommandLine({ made }: { readonly made: boolean }): () => Harness {
  let current: Harness | undefined;
  beforeEach(async () => {
    current = harness();
    if (!made) return;
    expect(await current.make()).toMatchObject({ code: 0, err: '' });
    current.memory.calls.length = 0;
  });
  afterEach(() => {
    current?.remove();
    current = undefined;
  });
  return () => current!;
}

function harness(): Harness {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-cli-'));
  chmodSync(dir, 0o700);
  const memory = memoryComposition();
  const handlers = new Map<StopSignal, Set<() => void>>();
  const silent = createLog({ level: 'silent', destination: 'json', stream: { write: () => true } });

  const begin = (
    args: readonly string[],
    onOut: (text: string) => void,
    onErr: (text: string) => void,
  ): Promise<number> => {
    const output = (write: (text: string) => void, isTTY: boolean): Output => ({ write, isTTY });
    const host: CliHost = {
      composition: memory.composition,
      stdout: output(onOut, false),
      stderr: output(onErr, it.terminal),
      writeOut: async (text) => onOut(text),
      readIn: async () => it.stdin,
      readLine: async () => it.typed,
      async readSecret(question) {
        it.asked.push(question);
        return it.typed;
      },
      clock: systemClock,
      random: systemRandom(),
      sleep,
      makeLog: () => silent,
      onSignal(name, handler) {
        const named = handlers.get(name) ?? new Set();
        handlers.set(name, named.add(handler));
        return () => named.delete(handler);
      },
      workingDir: dir,
      user: 'tester',
      version: '1.2.3',
    };
    return runCli(args, host);
  };

  const it: Harness = {
    dir,
    memory,
    stdin: '',
    typed: undefined,
    asked: [],
    terminal: false,
    async run(...args) {
      return it.start(...args).ended;
    },
    async seed(name) {
      mkdirSync(join(dir, name), { mode: 0o700 });
      await putCertificates(join(dir, name));
    },
    async make(...more) {
      await it.seed('data');
      return it.run('init', '--suffix', 'dc=example,dc=com', ...more);
    },
    start(...args) {
      let out = '';
      let err = '';
      let first: (text: string) => void = () => undefined;
      const ready = new Promise<string>((resolve) => {
        first = resolve;
      });
      const ended = begin(
        args,
        (text) => {
          out += text;
          first(text);
        },
        (text) => {
          err += text;
        },
      ).then((code) => {
        // Whoever waits for a start that failed learns why.
        first(`ended with ${code}: ${err}`);
        return { code, out, err };
      });
      return { ready, ended };
    },
    signal(name) {
      for (const handler of [...(handlers.get(name) ?? [])]) handler();
    },
    remove() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return it;
}
