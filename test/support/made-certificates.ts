/** Development certificates, made once a worker and written into each folder that wants some. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentNames, makeDevelopmentCertificates } from '../../src/admin/certificates.js';
import { systemClock } from '../../src/runtime/clock.js';
import { systemRandom } from '../../src/runtime/random.js';

interface Kept {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mode: number;
}

let made: Promise<readonly Kept[]> | undefined;

/** Puts `certs` into `folder`, as the first start of a server leaves it. */
export async function putCertificates(folder: string): Promise<void> {
  made ??= make();
  const certs = join(folder, 'certs');
  const files = await made;
  mkdirSync(certs, { mode: 0o700 });
  for (const { name, bytes, mode } of files) writeFileSync(join(certs, name), bytes, { mode });
}

async function make(): Promise<readonly Kept[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-certs-'));
  try {
    const options = { ...developmentNames(), clock: systemClock, random: systemRandom() };
    await makeDevelopmentCertificates(folder, options);
    const certs = join(folder, 'certs');
    return readdirSync(certs).map((name) => {
      const path = join(certs, name);
      return { name, bytes: readFileSync(path), mode: statSync(path).mode };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
