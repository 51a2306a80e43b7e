/** The source tree as text, for the rules. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Paths below the project, with `/`, to their text. */
export type Tree = ReadonlyMap<string, string>;

/** The project: the first folder upwards that holds sources, or TENURE_ROOT for builds elsewhere. */
export function projectRoot(): string {
  const given = process.env['TENURE_ROOT'];
  if (given !== undefined) return given;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'src/main.ts'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('src/main.ts is nowhere above; set TENURE_ROOT');
    folder = above;
  }
  return folder;
}

/** All files below the folders and files named whose names end in one of `endings`. */
export function readTree(names: readonly string[], endings: readonly string[]): Tree {
  const root = projectRoot();
  const files = new Map<string, string>();
  const add = (name: string): void => {
    const path = join(root, name);
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const inner of readdirSync(path).sort()) add(`${name}/${inner}`);
    } else if (endings.some((ending) => name.endsWith(ending))) {
      files.set(name, readFileSync(path, 'utf8'));
    }
  };
  for (const name of names) add(name);
  return files;
}
