/** A process that is killed while it writes loses nothing that it said was written. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Scene } from './support.js';

let scene: Scene | undefined;

afterEach(() => scene?.close());

/** Starts the writer, kills it once it has told of `enough` names; returns what it told. */
async function writeUntilKilled(dir: string, enough: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.js'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  for await (const chunk of child.stdout) {
    told += String(chunk);
    if (told.split('\n').length > enough) child.kill('SIGKILL');
  }
  return told.split('\n').slice(0, -1);
}

test('kill -9 between and inside commits', async () => {
  const prepared = new Scene();
  prepared.write(() => prepared.unit(prepared.suffix(), 'people'));
  prepared.reader.close();
  prepared.writer.close();
  let told = 0;
  for (const enough of [1, 20]) {
    const names = await writeUntilKilled(prepared.dir, enough);
    expect(names.length).toBeGreaterThanOrEqual(enough);
    // The lock went with the process; its log is brought in by opening.
    scene = new Scene(prepared.dir, false);
    const { reader, writer } = scene;
    const people = reader.childId(reader.suffixes()[0]!.id, 'ou=people');
    for (const name of names) expect(reader.childId(people, `uid=${name}`)).toBeGreaterThan(0);
    told = names.length;
    const found = reader.childCount(people);
    // A commit that was durable may not have been told of; half a batch there is never.
    expect(found).toBeGreaterThanOrEqual(told);
    expect(found % 3).toBe(0);
    expect(writer.verify().problems).toEqual([]);
    for (const id of reader.childIds(people, 0, 10_000)) scene.write(() => scene?.remove(id));
    reader.close();
    writer.close();
  }
  scene = new Scene(prepared.dir, false);
});
