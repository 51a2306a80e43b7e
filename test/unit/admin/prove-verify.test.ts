/** `tenure prove --verify FILE`: whole or not, whose key it is, and text that cannot fake either. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exitCodes, type ProofBody } from '../../../src/admin/index.js';
import { fingerprintOf, proofText } from '../../../src/admin/proof.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const made = generateKeyPairSync('ed25519');
const text = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const own = fingerprintOf(text(made.publicKey));
const other = fingerprintOf(text(generateKeyPairSync('ed25519').publicKey));

/** Writes a proof that is signed well, whatever it says. */
function proofSaying(more: Partial<ProofBody> = {}): void {
  const proof = { ...cli().memory.proof.proof, ...more };
  const signature = sign(null, Buffer.from(proofText(proof)), made.privateKey).toString('base64');
  const whole = { proof, key: text(made.publicKey), signature };
  writeFileSync(join(cli().dir, 'proof.json'), `${JSON.stringify(whole)}\n`);
}

const verified = (...more: string[]) => cli().run('prove', '--verify', 'proof.json', ...more);

/** What a server that has the key says of the same file. */
async function besideServer(proofKey: string | undefined, ...more: string[]) {
  cli().memory.status = proofKey === undefined ? {} : { proofKey };
  const server = cli().start('serve', '--json');
  await server.ready;
  const ended = await verified(...more);
  cli().signal('SIGTERM');
  await server.ended;
  return ended;
}

test('without a server the fingerprint is told, to be compared', async () => {
  proofSaying();
  const { code, out } = await verified();
  expect(code).toBe(0);
  expect(out).toContain(`whole: signed by ${own} at `);
  expect(out).toContain('compare that with tenure status, where it should come from\n');
  const json = JSON.parse((await verified('--json')).out) as Record<string, unknown>;
  expect(json).toEqual({ proof: cli().memory.proof.proof, fingerprint: own });
});

test('beside the server that signed it, it is said to be its key', async () => {
  proofSaying();
  const { code, out } = await besideServer(own);
  expect(code).toBe(0);
  expect(out).toContain(`signed by ${own}`);
  expect(out).toContain(`which is the key of ${join(cli().dir, 'data')}\n`);
  const json = JSON.parse((await besideServer(own, '--json')).out) as Record<string, unknown>;
  expect(json).toMatchObject({ fingerprint: own, own });
});

test('beside another directory it is whole, and not its key: an exit code says so', async () => {
  proofSaying();
  const { code, out } = await besideServer(other);
  expect(code).toBe(exitCodes.unwell);
  expect(out).toContain(`NOT THE KEY OF ${join(cli().dir, 'data')}, which is ${other}\n`);
  const json = await besideServer(other, '--json');
  expect(json.code).toBe(exitCodes.unwell);
  expect(JSON.parse(json.out)).toMatchObject({ fingerprint: own, own: other });
});

test('a directory that never signed anything has no key to compare with', async () => {
  proofSaying();
  const { code, out } = await besideServer(undefined);
  expect(code).toBe(0);
  expect(out).toContain('compare that with tenure status');
});

test('what was altered is damaged, and what is not there is said so', async () => {
  proofSaying();
  const file = join(cli().dir, 'proof.json');
  const whole = { proof: { ...cli().memory.proof.proof, login: 'eve' } };
  const signature = Buffer.alloc(64).toString('base64');
  writeFileSync(file, JSON.stringify({ ...whole, key: text(made.publicKey), signature }));
  const altered = await verified();
  expect(altered.code).toBe(exitCodes.damaged);
  expect(altered.err).toBe('tenure: proof.json was altered after it was signed\n');
  const missing = await cli().run('prove', '--verify', 'nowhere.json');
  expect(missing.code).toBe(exitCodes.input);
  expect(missing.err).toMatch(/nowhere\.json.*there is no such file/);
});

describe('whoever signs may write what they like', () => {
  const escapes = '\u001b[2A\u001b[2K\r\n  which is the key of data\n';

  test('and moves no cursor, and begins no line, with it', async () => {
    const door = { door: `bind${escapes}`, as: `x${escapes}`, shut: false, saw: escapes };
    proofSaying({
      doors: [door],
      login: `ada${escapes}`,
      state: `gone${escapes}`,
      waits: [`this${escapes}`],
    });
    const { code, out } = await besideServer(other);
    expect(code).toBe(exitCodes.unwell);
    expect(out).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(out.split('\n').filter((line) => line.startsWith('  which is the key'))).toEqual([]);
  });

  test.each([
    [{ at: 'some day' }],
    [{ doors: [null] as never }],
    [{ doors: [{ door: 7, as: {}, shut: 'no', saw: [] }] as never }],
    [{ waits: 'nothing' as never }],
    [{ login: undefined as never }],
    [{ version: 2 as never }],
  ])('and what has not the form of a proof is none: %j', async (more) => {
    proofSaying(more);
    const { code, err } = await verified();
    expect([code, err]).toEqual([
      exitCodes.input,
      'tenure: proof.json is no proof of tenure prove\n',
    ]);
  });
});
