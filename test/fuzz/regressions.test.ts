/** What the fuzzer once found, each as small as it gets. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { builtinSchema, dnFault, normalizeDn } from '../../src/directory/schema/index.js';
import { assertionOid, encodeAssertion, type Filter } from '../../src/ldap/protocol/index.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { codeOf, modifyOp, saslOp, textOf, WireClient } from '../support/wire-client.js';

let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);
afterAll(() => server.finish(), 60_000);

test.each<[string, Filter]>([
  ['no name', { kind: 'present', attribute: '' }],
  ['a brace in a name', { kind: 'present', attribute: 'objec}Class' }],
  ['more of a filter in a name', { kind: 'present', attribute: 'x=1)(objectClass' }],
  [
    'a rule that is none',
    {
      kind: 'extensible',
      rule: 'x:=y)(cn',
      attribute: undefined,
      value: Buffer.from('z'),
      dnAttributes: false,
    },
  ],
])('an assertion with %s is malformed, not a defect', async (_what, filter) => {
  const client = await WireClient.connect(server.localPath);
  await client.ask(saslOp('EXTERNAL'));
  const control = { oid: assertionOid, critical: true, value: encodeAssertion(filter) };
  const op = modifyOp(`uid=ada,ou=people,${suffix}`, 'title', 'Countess');
  const answer = await client.ask(op, [control]);
  expect([codeOf(answer), textOf(answer)]).toEqual([2, expect.stringContaining('malformed')]);
  client.end();
});

test.each([
  ['nothing', ''],
  ['half a greeting', '16030102000100'],
])(
  'who ends a TLS handshake after %s is let go at once',
  async (_what, octets) => {
    const socket = connect({ port: server.ldapsPort, host: '127.0.0.1', allowHalfOpen: true });
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
    socket.resume();
    socket.end(Buffer.from(octets, 'hex'));
    // The timeout of a handshake is longer than that of this test.
    await closed;
  },
  20_000,
);

test('white space that is no space is no name', () => {
  const schema = builtinSchema();
  for (const text of ['\n', ' \f', '\u00a0']) {
    expect(normalizeDn(schema, text)).toBeUndefined();
    expect(dnFault(schema, text)).toBeDefined();
  }
  expect(normalizeDn(schema, '  ')?.rdns).toEqual([]);
});
