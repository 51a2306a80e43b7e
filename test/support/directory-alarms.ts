/** What a server does about uses that alarm somebody, with the lines of the log kept for the test. */
import { alarmsOver } from '../../src/compose/alarms.js';
import { policyContext } from '../../src/compose/scheduling.js';
import type { TestDirectory } from './directory-temp.js';

/** The part of a directory that may not be there yet when this is called. */
type Alarmed = Pick<TestDirectory, 'reader' | 'names' | 'apply' | 'warned'>;

export function alarmsInto(directory: Alarmed): ReturnType<typeof alarmsOver> {
  const { reader, names } = directory;
  return alarmsOver({
    reader,
    names,
    write: async (request) => directory.apply([request])[0]!,
    context: () => policyContext(reader),
    log: { warn: (...said: unknown[]) => void directory.warned.push(said) },
  });
}
