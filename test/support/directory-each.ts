/** A fresh directory for each test of a file, verified and removed behind it. */
import { afterEach, beforeEach } from '@jest/globals';
import { type DirectoryTestOptions, TestDirectory } from './directory-temp.js';

/** Call at the top of a `describe`; what it returns gives the directory of the running test. */
export function eachDirectory(options: DirectoryTestOptions = {}): () => TestDirectory {
  let current: TestDirectory | undefined;
  beforeEach(async () => {
    current = await TestDirectory.open(options);
  });
  afterEach(async () => {
    const last = current;
    current = undefined;
    await last?.close();
  });
  return () => current!;
}
