/** Who may log in to a host: the bind through it, what is rendered on people, and filters agree. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountValues,
  group,
  groupOfNames as names,
  person,
} from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp } from '../../support/wire-client.js';

const served = eachServed();
const d = () => served().directory;
const host = (cn: string) => `cn=${cn},ou=hosts,${suffix}`;
const login = (uid: string, more: Values = {}): Values =>
  accountValues(uid, { userPassword: 'pass', ...more });
const everybody = ['ada', 'ben', 'cat', 'eve', 'max'];

const hostValues = (cn: string, more: Values): Values => ({
  objectClass: ['device', 'tenureHost'],
  cn: [cn, `${cn}.example.com`],
  userPassword: 'secret',
  ...more,
});

beforeEach(() => {
  const subject = (state: keyof typeof factsOfState): Values => ({
    objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
    ...factsOfState[state],
  });
  d().seed({
    [person('ada')]: login('ada'),
    [person('ben')]: login('ben', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'hostObject'],
    }),
    [person('cat')]: login('cat', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'hostObject'],
      host: ['db1', '!web1'],
    }),
    [person('eve')]: login('eve'),
    [person('max')]: login('max', subject('suspended')),
    [group('dev')]: names('dev', person('ada'), person('max'), person('cat')),
    [group('ops')]: names('ops', person('ben'), group('dev')),
    [host('web1')]: hostValues('web1', { tenureLoginGroup: group('ops') }),
    [host('db1')]: hostValues('db1', {
      tenureLoginGroup: group('dev'),
      tenureLoginService: ['sshd', 'login'],
    }),
    [host('bare')]: hostValues('bare', {}),
  });
});

async function through(cn: string, dn: string, password = 'pass'): Promise<number> {
  const client = await served().connect();
  expect(await client.code(bindOp(host(cn), 'secret'))).toBe(0);
  return client.code(bindOp(dn, password));
}

const letIn = async (cn: string) => {
  const found: string[] = [];
  for (const uid of everybody) if ((await through(cn, person(uid))) === 0) found.push(uid);
  return found;
};

const seen = (uid: string, attributes: string[], as = d().admin) => {
  const { attributes: shown } = d().entry(person(uid), attributes, as);
  return Object.fromEntries([...shown].map(([name, values]) => [name, values.map(String)]));
};

describe('a bind through a host', () => {
  test('lets in the members of its groups, nested ones too, and nobody else', async () => {
    expect(await letIn('web1')).toEqual(['ada', 'ben']);
    expect(await letIn('db1')).toEqual(['ada', 'cat']);
    expect(await letIn('bare')).toEqual([]);
    expect(await through('web1', person('ada'), 'wrong')).toBe(49);
    expect(await through('web1', host('web1'), 'secret')).toBe(0);
    expect(await through('web1', d().admin.identity.dn, 'administrator-secret')).toBe(0);
    expect(await served().bind(person('eve'), 'pass')).toBe(0);
  });

  test('is known by the address of the host, too', async () => {
    expect(await served().bind(person('eve'), 'pass')).toBe(0);
    await d().modify(host('web1'), [
      ['add', 'objectClass', 'ipHost'],
      ['add', 'ipHostNumber', '127.0.0.1'],
    ]);
    expect(await served().bind(person('eve'), 'pass')).toBe(49);
    expect(await served().bind(person('ada'), 'pass')).toBe(0);
  });

  test('follows the group in that second', async () => {
    await d().modify(group('dev'), [['delete', 'member', person('ada')]]);
    expect(await letIn('db1')).toEqual(['cat']);
    await d().modify(group('dev'), [['add', 'member', person('eve')]]);
    expect(await letIn('db1')).toEqual(['cat', 'eve']);
    await d().delete(group('dev'));
    expect(await letIn('db1')).toEqual(['cat']);
  });
});

describe('rendered on people', () => {
  test('host and authorizedService are asked for by name, or where the class allows them', () => {
    const both = ['host', 'authorizedService'];
    const web = ['web1', 'web1.example.com'];
    const all = [...web, 'db1', 'db1.example.com'];
    expect(seen('ada', both)).toEqual({ host: all, authorizedService: ['*', 'sshd', 'login'] });
    expect(seen('eve', both)).toEqual({});
    expect(seen('max', both)).toEqual({});
    expect(seen('cat', ['host'])).toEqual({ host: ['db1', '!web1'] });
    expect(seen('ada', ['*'])['host']).toBeUndefined();
    expect(seen('ben', ['*'])['host']).toEqual(web);
  });

  test('a host reads its own services', () => {
    const as = (cn: string) => d().user(host(cn));
    expect(seen('ada', ['authorizedService'], as('db1'))).toEqual({
      authorizedService: ['sshd', 'login'],
    });
    expect(seen('ada', ['authorizedService'], as('web1'))).toEqual({ authorizedService: ['*'] });
    expect(seen('ben', ['authorizedService'], as('db1'))).toEqual({});
  });

  test('filters and comparisons agree with it', () => {
    const found = (filter: string) => d().foundNames(filter);
    expect(found('(host=WEB1)')).toEqual(['ada', 'ben']);
    expect(found('(host=db1.example.com)')).toEqual(['ada']);
    expect(found('(host=db1)')).toEqual(['ada', 'cat']);
    expect(found('(host=*)')).toEqual(['ada', 'ben', 'cat']);
    expect(found('(host=web*)')).toEqual(['ada', 'ben']);
    expect(found('(&(objectClass=posixAccount)(!(host=web1)))')).toEqual(['cat', 'eve', 'max']);
    expect(found('(authorizedService=sshd)')).toEqual(['ada', 'cat']);
    expect(found('(authorizedService=*)')).toEqual(['ada', 'ben', 'cat']);
    expect(d().compare(person('ada'), 'host', 'web1')).toBe(true);
    expect(d().compare(person('ben'), 'host', 'db1')).toBe(false);
    expect(() => d().compare(person('eve'), 'host', 'db1')).toThrow();
  });
});

test('a host that is of no use costs nobody a value', async () => {
  for (const cn of ['web1', 'db1', 'bare']) await d().delete(host(cn));
  expect(seen('ada', ['host', 'authorizedService'])).toEqual({});
  expect(d().foundNames('(host=*)')).toEqual(['cat']);
});
