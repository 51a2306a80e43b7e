/** The policy engine over a directory under test: time is moved by hand, and nothing waits for it. */

import { firstPasswords } from '../../src/compose/first-mail.js';
import type { Message } from '../../src/directory/model/records.js';
import type { Context } from '../../src/directory/operations/index.js';
import {
  pumpOutbox,
  type RunReport,
  type RunTools,
  Scheduler,
} from '../../src/policy/run/index.js';
import { ok } from './directory-expect.js';
import { seededRandom } from './directory-fakes.js';
import { origin, suffix } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

export class TestEngine {
  readonly directory: TestDirectory;
  readonly scheduler: Scheduler;
  readonly tools: RunTools;
  readonly runs: RunReport[] = [];
  readonly sent: Message[] = [];
  readonly defects: unknown[] = [];
  frozen = false;
  /** What a transport says of a message; undefined is that it went. */
  refuse: (message: Message) => string | undefined = () => undefined;

  constructor(directory: TestDirectory) {
    this.directory = directory;
    const { reader, names, clock } = directory;
    const random = seededRandom(11);
    const identity = { role: 'administrator', dn: `cn=policy,${suffix}`, entryId: 0 } as const;
    const context: Context = { identity, origin };
    this.tools = {
      reader,
      names,
      write: async (request) => directory.apply([request])[0]!,
      // Nothing happens between two ticks.
      clock: {
        ...clock,
        monotonicMs: () => performance.now(),
        later: (ms, task) => this.#later(ms, task),
      },
      context: () => context,
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      frozen: () => this.frozen,
      firstPasswords: firstPasswords({
        reader,
        random: () => random,
        box: () => directory.half.box(),
        nowMs: () => clock.nowMs(),
      }),
    };
    const transport = {
      send: async (message: Message) => {
        const error = this.refuse(message);
        if (error !== undefined) throw new Error(error);
        this.sent.push(message);
      },
    };
    const transports = { mail: transport, hook: transport };
    this.scheduler = new Scheduler({
      ...this.tools,
      onDefect: (error) => void this.defects.push(error),
      onRun: (report) => void this.runs.push(report),
      pump: () => pumpOutbox({ ...this.tools, transports }),
    });
  }

  /** The one timer: when it is due, milliseconds from when it was set. */
  timer: { readonly ms: number; readonly task: () => void } | undefined;

  #later(ms: number, task: () => void): () => void {
    const timer = { ms, task };
    this.timer = timer;
    return () => {
      if (this.timer === timer) this.timer = undefined;
    };
  }

  /** Puts a policy in force, in place of the one before. */
  async install(text: string): Promise<void> {
    const dn = `cn=policy,${suffix}`;
    const { directory } = this;
    if (directory.names.idOf(dn) !== 0) {
      await ok(directory.modify(dn, [['replace', 'tenurePolicyText', text]]));
      return;
    }
    const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text };
    await ok(directory.add(dn, values));
  }

  /** Moves the clock and looks, as the timer would at that instant. */
  async advance(seconds: number): Promise<void> {
    this.directory.clock.advance(seconds * 1000);
    await this.tick();
  }

  async tick(): Promise<void> {
    await this.scheduler.tick();
    if (this.defects.length > 0) throw this.defects[0];
  }
}
