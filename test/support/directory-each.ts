/** A fresh directory for each test of a file, verified and removed behind it. */
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { PasswordJudge } from '../../src/credentials/quality/index.js';
import { systemClock } from '../../src/runtime/clock.js';
import { type DirectoryTestOptions, TestDirectory } from './directory-temp.js';

/** Call at the top of a `describe`; what it returns gives the directory of the running test. */
export function eachDirectory(options: DirectoryTestOptions = {}): () => TestDirectory {
  let current: TestDirectory | undefined;
  const judge = options.judged === true ? new PasswordJudge({ clock: systemClock }) : undefined;
  afterAll(() => judge?.close());
  beforeEach(async () => {
    current = await TestDirectory.open(judge === undefined ? options : { ...options, judge });
  });
  afterEach(async () => {
    const last = current;
    current = undefined;
    await last?.close();
  });
  return () => current!;
}
