/** Whether a step has to be done again: a stamp file holds the digest of all it was made from. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Digest of the files and folders named, below `root`, and of the words in `also`. */
export function stampOf(root, names, also) {
  const hash = createHash('sha256');
  for (const word of also) hash.update(`${word}\0`);
  for (const name of names) addTo(hash, root, name);
  return hash.digest('hex');
}

function addTo(hash, root, name) {
  const path = join(root, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const inner of readdirSync(path).sort()) addTo(hash, root, join(name, inner));
    return;
  }
  hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
}

/** Whether the file `stamp` holds `wanted`. */
export function fresh(stamp, wanted) {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

export function writeStamp(stamp, wanted) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Whether node_modules already holds what package-lock.json asks for, by npm's own record. */
export function installedAsLocked(root) {
  try {
    const { packages: locked } = readJson(join(root, 'package-lock.json'));
    const { packages: installed } = readJson(join(root, 'node_modules/.package-lock.json'));
    return Object.entries(locked).every(([name, { version, optional }]) => {
      if (name === '') return true;
      const there = installed[name];
      return there === undefined ? optional === true : there.version === version;
    });
  } catch {
    return false;
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Removes compiled files below `folder` whose TypeScript source is gone. */
export function sweep(folder, root, inside = '') {
  for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
    const name = join(inside, entry.name);
    if (entry.isDirectory()) {
      sweep(folder, root, name);
      continue;
    }
    const source = name.replace(/\.js(?:\.map)?$/, '.ts');
    if (source !== name && !existsSync(join(root, source))) rmSync(join(folder, name));
  }
}
