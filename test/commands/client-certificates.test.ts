/** Logins with client certificates (SASL EXTERNAL over TLS), spoken by hand to a served directory. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { authority, type Client, type ClientOptions } from '../support/client-certificates.js';
import { suffix, TenureServer } from '../support/process-server.js';
import {
  codeOf,
  extendedOp,
  saslOp,
  searchOp,
  textOf,
  until,
  WireClient,
} from '../support/wire-client.js';

const whoAmIOid = '1.3.6.1.4.1.4203.1.11.3';
const ours = authority('Clients of Example');
const theirs = authority('Somebody else');
const ada = `uid=ada,ou=people,${suffix}`;
const subjectOf = (uid: string): ClientOptions['subject'] => [
  ['DC', 'com'],
  ['DC', 'example'],
  ['OU', 'people'],
  ['UID', uid],
];
const revoked = ours.issue({ subject: subjectOf('ada') });
let server: TenureServer;
let plain: TenureServer;
const crlFile = () => join(server.folder, 'data/clients.crl');

beforeAll(async () => {
  server = await TenureServer.create();
  plain = await TenureServer.create({ sample: false });
  writeFileSync(join(server.folder, 'data/clients.pem'), ours.pem);
  writeFileSync(crlFile(), ours.revoke([revoked.serial]));
  appendFileSync(
    join(server.folder, 'data/config.yaml'),
    'certificateLogin:\n  ca: clients.pem\n  crl: clients.crl\n' +
      '  map: [subject, email=mail, upn=mail, cn=uid]\n',
  );
  await Promise.all([server.start('--test-clock'), plain.start()]);
}, 60_000);

afterAll(async () => {
  for (const one of [server, plain]) {
    await one.end('SIGTERM');
    expect(one.defects()).toEqual([]);
    expect(await one.problems()).toEqual([]);
    await one.remove();
  }
}, 60_000);

const connected = (client: Client | undefined, on = server) =>
  WireClient.connectTls(
    on.ldapsPort,
    client === undefined ? {} : { cert: client.pem, key: client.key },
  );

/** Who the client is after EXTERNAL, or the code and the reason. */
async function external(client: Client | undefined, on = server): Promise<string> {
  const wire = await connected(client, on);
  try {
    const answer = await wire.ask(saslOp('EXTERNAL'));
    if (codeOf(answer) !== 0) return `${codeOf(answer)} ${textOf(answer)}`;
    const { op } = await wire.ask(extendedOp(whoAmIOid));
    return op.kind === 'extendedResponse' ? String(op.responseValue) : op.kind;
  } finally {
    wire.end();
  }
}

describe('whose a certificate is', () => {
  test('its subject is the name of the entry', async () => {
    expect(await external(ours.issue({ subject: subjectOf('ada') }))).toBe(`dn:${ada}`);
  });

  test.each([
    ['a mail address', { emails: ['ADA@example.com'] }, 'ada'],
    ['a principal name', { upns: ['grace@example.com'] }, 'grace'],
    [
      'the first rule that leads to anybody',
      { emails: ['no@where'], upns: ['alan@example.com'] },
      'alan',
    ],
  ])('%s', async (_name, names, uid) => {
    const client = ours.issue({ subject: [['O', 'Example']], ...names });
    expect(await external(client)).toBe(`dn:uid=${uid},ou=people,${suffix}`);
  });

  test('its common name', async () => {
    const client = ours.issue({ subject: [['CN', 'alan']] });
    expect(await external(client)).toBe(`dn:uid=alan,ou=people,${suffix}`);
  });
});

describe('what proves nothing', () => {
  const refused = "49 the client's certificate is not accepted: ";
  test.each([
    ['revoked', () => revoked, `${refused}it was revoked`],
    [
      'expired',
      () => ours.issue({ subject: subjectOf('ada'), fromDays: -30, toDays: -1 }),
      `${refused}it has expired`,
    ],
    [
      'not valid yet',
      () => ours.issue({ subject: subjectOf('ada'), fromDays: 3 }),
      `${refused}it is not valid yet`,
    ],
    [
      'of another authority',
      () => theirs.issue({ subject: subjectOf('ada') }),
      `${refused}its authority is not ours`,
    ],
    [
      'for servers',
      () => ours.issue({ subject: subjectOf('ada'), purpose: 'serverAuth' }),
      `${refused}it is not meant for clients`,
    ],
    [
      "nobody's",
      () => ours.issue({ subject: [['CN', 'nobody']] }),
      '49 no entry goes with this certificate',
    ],
    [
      "two people's",
      () => ours.issue({ subject: [['O', 'x']], emails: ['ada@example.com', 'grace@example.com'] }),
      '49 several entries go with this certificate',
    ],
    ['none at all', () => undefined, '49 the client showed no certificate'],
  ])('%s', async (_name, client, answer) => {
    expect(await external(client())).toBe(answer);
  });

  test('acting for somebody else', async () => {
    const wire = await connected(ours.issue({ subject: subjectOf('ada') }));
    expect(codeOf(await wire.ask(saslOp('EXTERNAL', `dn:cn=admin,${suffix}`)))).toBe(123);
    expect(codeOf(await wire.ask(saslOp('EXTERNAL', `DN:${ada.toUpperCase()}`)))).toBe(0);
    wire.end();
  });

  test('a certificate that was revoked since is refused once the list is read', async () => {
    const client = ours.issue({ subject: subjectOf('ada') });
    expect(await external(client)).toBe(`dn:${ada}`);
    writeFileSync(crlFile(), ours.revoke([revoked.serial, client.serial]));
    process.kill(server.pid, 'SIGHUP');
    await until(() => server.log.some((line) => line.includes('certificate loaded again')));
    expect(await external(client)).toBe(`${refused}it was revoked`);
  });

  test('the dates are held against the clock of the directory as well', async () => {
    const client = ours.issue({ subject: subjectOf('ada'), toDays: 2 });
    expect(await external(client)).toBe(`dn:${ada}`);
    const { code } = await server.tenure(['clock', '--advance', '3d']);
    expect(code).toBe(0);
    expect(await external(client)).toBe('49 the certificate is not valid now');
  });
});

describe('the root DSE', () => {
  const mechanisms = async (client: Client | undefined, on = server) => {
    const wire = await connected(client, on);
    const op = { ...searchOp(''), scope: 0, attributes: ['supportedSASLMechanisms'] } as const;
    const id = wire.send(op);
    await wire.answer(id);
    wire.end();
    return JSON.stringify(wire.entries(id)).includes('supportedSASLMechanisms');
  };

  test('offers EXTERNAL to whom it would work for, and to nobody else', async () => {
    const good = ours.issue({ subject: subjectOf('ada') });
    expect(await mechanisms(good)).toBe(true);
    expect(await mechanisms(undefined)).toBe(false);
    expect(await mechanisms(theirs.issue({ subject: subjectOf('ada') }))).toBe(false);
    expect(await mechanisms(good, plain)).toBe(false);
  });
});

describe('without certificateLogin', () => {
  test('nobody is asked for a certificate, and EXTERNAL is not offered', async () => {
    expect(await asked(plain)).toBe(false);
    expect(await asked(server)).toBe(true);
    const client = ours.issue({ subject: subjectOf('ada') });
    expect(await external(client, plain)).toMatch(/^7 .*not offered here/);
  });
});

/** Whether the server asks for a certificate, as read from a handshake of TLS 1.2. */
async function asked(one: TenureServer): Promise<boolean> {
  const seen: Buffer[] = [];
  const proxy = createServer((client) => {
    const back = connectTcp(one.ldapsPort, 'localhost');
    client.pipe(back).pipe(client);
    back.on('data', (chunk: Buffer) => seen.push(chunk));
    for (const socket of [client, back]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = proxy.address() as AddressInfo;
    const ca = readFileSync(one.caFile);
    const socket = connectTls({ host: 'localhost', port, ca, maxVersion: 'TLSv1.2' });
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    socket.destroy();
  } finally {
    proxy.close();
  }
  return handshakeTypes(Buffer.concat(seen)).includes(CERTIFICATE_REQUEST);
}

const CERTIFICATE_REQUEST = 13;

/** Types of the handshake messages that a server sends in the clear (RFC 5246 §7.4). */
function handshakeTypes(bytes: Buffer): number[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === 22; ) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + 5, end));
    at = end;
  }
  const messages = Buffer.concat(parts);
  const types: number[] = [];
  for (let at = 0; at + 4 <= messages.length; at += 4 + messages.readUIntBE(at + 1, 3)) {
    types.push(messages[at]!);
  }
  return types;
}
