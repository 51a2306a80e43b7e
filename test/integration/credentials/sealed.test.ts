/** Sealed secrets in the database, and changing their key under everything that can cut it off. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readerBox } from '../../../src/compose/open-box.js';
import { resetBox } from '../../../src/compose/reset-box.js';
import { unopened } from '../../../src/compose/rotate-keys.js';
import { WriteHalf } from '../../../src/compose/write-half.js';
import { readKeyFile, sealedKinds } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { eachDirectory } from '../../support/directory-each.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { cheapArgon2 } from '../../support/directory-temp.js';

const at = eachDirectory();
const ada = person('ada');
const idOf = (dn: string) => at().names.idOf(dn);
const keyFile = () => join(at().dir, 'secrets.key');

function put(dn: string, values: readonly string[], kind = 'totp'): void {
  const add = values.map((value) => ({ kind, value: bytesOf(Buffer.from(value)) }));
  const [outcome] = at().apply([
    { op: 'credentials', context: at().admin, reason: 'test', owner: idOf(dn), remove: [], add },
  ]);
  expect(outcome).toEqual({ ok: true });
}

function opened(dn: string): string[] {
  const box = readerBox(keyFile(), seededRandom(2));
  return at()
    .reader.secrets(idOf(dn))
    .filter(({ kind }) => kind !== 'userPassword')
    .map((secret) => box.open(secret.value, secret).toString());
}

beforeEach(() => at().seed(manyPeople(['ada', 'bob'], { userPassword: 'pass' })));

describe('a sealed secret', () => {
  test('is nowhere in the database, and opens with the key file', () => {
    put(ada, ['a seed of twenty chars']);
    expect(opened(ada)).toEqual(['a seed of twenty chars']);
    at().half.store.maintain();
    for (const name of ['tenure.db', 'tenure.db-wal']) {
      expect(readFileSync(join(at().dir, name)).includes('a seed of twenty')).toBe(false);
    }
    expect(at().logged(0).join('')).not.toContain('a seed of twenty');
  });

  test('moved to another row of the same table does not open', () => {
    put(ada, ['hers']);
    put(person('bob'), ['his']);
    const [hers] = at().reader.secrets(idOf(ada)).slice(-1);
    const [his] = at()
      .reader.secrets(idOf(person('bob')))
      .slice(-1);
    const box = readerBox(keyFile(), seededRandom(2));
    expect(() => box.open(hers!.value, his!)).toThrow('altered, or moved here');
    expect(() => box.open(hers!.value, { ...his!, id: hers!.id })).toThrow();
  });

  test('goes with its entry, and is no part of an export', async () => {
    put(ada, ['hers']);
    expect(at().export()).not.toMatch(/totp/i);
    await at().delete(ada);
    expect(at().sql("SELECT count(*) FROM secret WHERE kind = 'totp'")).toEqual([[0]]);
  });

  test('one that is gone cannot be removed again, and then nothing is added', () => {
    put(ada, ['one']);
    const { id } = at().reader.secrets(idOf(ada)).at(-1)!;
    const replace = () =>
      at().apply([
        {
          op: 'credentials',
          context: at().admin,
          reason: 'test',
          owner: idOf(ada),
          remove: [id],
          add: [{ kind: 'totp', value: 'two' }],
        },
      ])[0];
    expect(replace()).toEqual({ ok: true });
    expect(replace()).toMatchObject({ ok: false, error: { code: 'noSuchAttribute' } });
    expect(opened(ada)).toEqual(['two']);
  });
});

/** The folder as a crash would leave it now, opened anew. */
async function afterCrash(work: (half: WriteHalf, file: string) => void): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-crash-'));
  for (const name of ['tenure.db', 'tenure.db-wal', 'secrets.key']) {
    cpSync(join(at().dir, name), join(dir, name));
  }
  const defects: unknown[] = [];
  const half = new WriteHalf(dir, {
    clock: at().clock,
    random: seededRandom(3),
    limits: at().limits,
    argon2: cheapArgon2,
    sshKeys: defaultConfig.sshKeys,
    onDefect: (error) => void defects.push(error),
  });
  try {
    work(half, join(dir, 'secrets.key'));
    expect(half.store.verify().problems).toEqual([]);
    expect(defects).toEqual([]);
  } finally {
    await half.close();
    rmSync(dir, { recursive: true });
  }
}

function finish(
  half: WriteHalf,
): ReturnType<WriteHalf['rotateKeys']> extends Generator<unknown, infer R> ? R : never {
  const slices = half.rotateKeys();
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
  }
}

describe('changing the key', () => {
  const values = Array.from({ length: 450 }, (_, i) => `seed ${i}`);

  test('seals all values anew; digests, and what the log says, stay', () => {
    put(ada, values);
    const before = at().sql('SELECT id, digest, value FROM secret ORDER BY id');
    const [old] = readKeyFile(keyFile());
    const rotated = finish(at().half);
    expect(rotated).toMatchObject({ resealed: 450, resumed: false });
    at().reader.applyCommitted(at().half.store.takeCommitted());
    expect(readKeyFile(keyFile()).map(({ id }) => id)).toEqual([rotated.key]);
    expect(rotated.key).not.toBe(old!.id);
    expect(opened(ada)).toEqual(values);
    const after = at().sql('SELECT id, digest, value FROM secret ORDER BY id');
    expect(after.map(([id, digest]) => [id, digest])).toEqual(
      before.map(([id, digest]) => [id, digest]),
    );
    const moved = after.filter(
      ([, , value], i) => !(value as Buffer).equals(before[i]![2] as Buffer),
    );
    expect(moved).toHaveLength(450);
  });

  test('a reader that knows the old keys only learns of the new one by itself', () => {
    put(ada, ['seed']);
    const box = readerBox(keyFile(), seededRandom(2));
    finish(at().half);
    at().reader.applyCommitted(at().half.store.takeCommitted());
    const secret = at().reader.secrets(idOf(ada)).at(-1)!;
    expect(box.open(secret.value, secret).toString()).toBe('seed');
  });

  test('cut off anywhere, everything opens, and doing it again finishes it', async () => {
    put(ada, values);
    const slices = at().half.rotateKeys();
    for (let step = 0; ; step += 1) {
      const { done } = slices.next();
      await afterCrash((half, file) => {
        expect([...unopened(half.store, half.box())]).toEqual([]);
        const { resumed } = finish(half);
        expect(resumed).toBe(done !== true);
        expect(readKeyFile(file)).toHaveLength(1);
        expect([...unopened(half.store, half.box())]).toEqual([]);
        expect(half.store.sealed.after(sealedKinds, 0, 1_000)).toHaveLength(450);
      });
      if (done === true) {
        expect(step).toBe(3);
        return;
      }
    }
  });

  test('cut off with the new key in the file and nothing done yet', async () => {
    put(ada, values);
    await afterCrash((half, file) => {
      half.box();
      const [old] = readKeyFile(file);
      const other = Buffer.alloc(32, 7).toString('base64');
      writeFileSync(file, `${old!.id} ${old!.key.toString('base64')}\nabcdef01 ${other}\n`);
      expect(finish(half)).toEqual({ key: 'abcdef01', resealed: 450, resumed: true });
    });
  });
});

describe('a key file that is lost', () => {
  test('is named with what it sealed, and the way on; nothing else needs it', async () => {
    put(ada, ['one', 'two']);
    put(person('bob'), ['hash'], 'ntHash');
    await afterCrash((half, file) => {
      rmSync(file);
      const refused = () => half.box();
      expect(refused).toThrow(`${file}: the key file is missing. Sealed with its keys: `);
      expect(refused).toThrow(/1 NT hash\b.* \(of 1 entry\), 2 TOTP seeds \(of 1 entry\)/);
      expect(refused).toThrow('"tenure secrets reset --yes"');
      // A write without a sealed value goes on.
      const [outcome] = half.batch([
        {
          op: 'modify',
          context: at().admin,
          reason: 'test',
          dn: ada,
          changes: [{ op: 'replace', attribute: 'title', values: ['x'] }],
        },
      ]).outcomes;
      expect(outcome).toEqual({ ok: true });
    });
  });

  test('of another directory is refused by the key that it lacks', async () => {
    put(ada, ['one']);
    await afterCrash((half, file) => {
      const [mine] = readKeyFile(file);
      const other = Buffer.alloc(32, 7).toString('base64');
      writeFileSync(file, `abcdef01 ${other}\n`);
      expect(() => half.box()).toThrow(`key ${mine!.id} is in use and not in it`);
      writeFileSync(file, `${mine!.id} ${other}\n`);
      expect(() => half.box()).toThrow(`key ${mine!.id} is in use and another key under its id`);
    });
  });

  test('reset takes away what does not open, and only that; passwords stay', async () => {
    put(ada, ['one', 'two']);
    await afterCrash((half) => {
      expect(() => resetBox(half)).toThrow('there is nothing to reset');
    });
    await afterCrash((half, file) => {
      writeFileSync(file, 'not a key\n');
      const passwords = half.store.secrets(idOf(ada)).filter((s) => s.kind === 'userPassword');
      expect(half.resetBox()).toMatchObject({ removed: 2, owners: 1 });
      expect(half.store.secrets(idOf(ada))).toEqual(passwords);
      expect(readFileSync(`${file}.old`, 'utf8')).toBe('not a key\n');
      expect(readKeyFile(file)).toHaveLength(1);
      half.box();
      expect(() => half.resetBox()).toThrow('there is nothing to reset');
    });
  });
});
