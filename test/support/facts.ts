/** Facts about people as tests write them, and people for whom they end. */
import { formatTime } from '../../src/directory/model/time.js';
import { ok } from './directory-expect.js';
import type { Change } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

/** The instant so many seconds from now, as LDAP writes it. */
export function inSeconds(d: TestDirectory, seconds: number): string {
  return formatTime(Math.floor(d.clock.nowMs() / 1000) + seconds);
}

/** Facts by attribute; what had none of them becomes a subject of the lifecycle. */
export async function setFacts(
  d: TestDirectory,
  dn: string,
  facts: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  const changes: Change[] = Object.entries(facts).map(([name, values]) => {
    return ['replace', name, ...(typeof values === 'string' ? [values] : values)];
  });
  const { kind } = d.reader.entry(d.names.idOf(dn))!;
  if (!kind.isSubject) changes.unshift(['add', 'objectClass', 'lifecycleSubject']);
  await ok(d.modify(dn, changes));
}

/** An engagement that ends so many seconds from now. */
export function endsIn(d: TestDirectory, seconds: number): string {
  return `id=1 kind=contractor end=${inSeconds(d, seconds)}`;
}

export function block(d: TestDirectory, kind = 'administrative', by = 'policy'): string {
  return `kind=${kind} by=${by} since=${inSeconds(d, 0)}`;
}
