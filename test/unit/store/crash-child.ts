/**
 * Run as a process of its own by crash.test.ts: writes people into the directory of its argument
 * until it is killed, and prints each login name after its commit returned.
 */
import { writeSync } from 'node:fs';
import { Scene } from './support.js';

const dir = process.argv[2];
if (dir === undefined) throw new Error('which directory?');
const scene = new Scene(dir, false);
const people = scene.reader.childId(scene.reader.suffixes()[0]!.id, 'ou=people');
for (let batch = 0; ; batch += 1) {
  const names = [0, 1, 2].map((i) => `u${batch}-${i}`);
  scene.writer.begin();
  for (const name of names) scene.writer.savepoint(() => scene.person(people, name));
  scene.writer.commit();
  writeSync(1, `${names.join('\n')}\n`);
  if (batch % 5 === 0) scene.writer.maintain();
}
