/** What a password policy says to changes: who may, when, how long, how good, what was used before. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { bytesOfText } from '../../../src/directory/model/bytes.js';
import type { WriteOutcome } from '../../../src/directory/operations/index.js';
import type { PolicyErrorName, ResultCodeName } from '../../../src/runtime/errors.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { bindAware, policyDn, policyValues, setDefault } from '../../support/policy-entries.js';

const DAY = 86_400;
const ada = person('ada');
const first = 'a-first-and-long-one';

async function denied(
  outcome: Promise<WriteOutcome>,
  code: ResultCodeName,
  policyError: PolicyErrorName | undefined,
): Promise<string> {
  const settled = await outcome;
  expect(settled).toMatchObject({ ok: false, error: { code } });
  expect(settled.ok ? '' : settled.error.policyError).toBe(policyError);
  return settled.ok ? '' : settled.error.text;
}

describe('a change of the own password', () => {
  const at = eachDirectory({ judged: true });
  const me = () => at().user(ada);
  /** The three shapes in which clients change a password. */
  const shapes = {
    exop: (to: string, from?: string) => at().changePassword('', from, to, me()),
    replace: (to: string) => at().modify(ada, [['replace', 'userPassword', to]], undefined, me()),
    'delete and add': (to: string, from?: string) =>
      at().modify(
        ada,
        [
          from === undefined ? ['delete', 'userPassword'] : ['delete', 'userPassword', from],
          ['add', 'userPassword', to],
        ],
        undefined,
        me(),
      ),
  } as const;
  const names = Object.keys(shapes) as (keyof typeof shapes)[];

  beforeEach(async () => {
    await ok(at().add(ada, personValues('ada', { userPassword: first, mail: 'ada@example.org' })));
  });

  test.each(names)('%s: sets the password and its time, keeps the former one', async (shape) => {
    const d = at();
    d.clock.advance(5_000);
    await ok(shapes[shape]('quartz lantern otter river', first));
    expect(d.entry(ada).texts('pwdChangedTime')).toEqual(['20260105090005Z']);
    expect(d.entry(ada).texts('pwdReset')).toEqual([]);
    await bindAware(d, ada, 'quartz lantern otter river');
    const kinds = d.sql(
      'SELECT kind, count(*) FROM secret WHERE owner = ? GROUP BY kind',
      me().identity.entryId,
    );
    expect(new Map(kinds as [string, number][])).toEqual(
      new Map([
        ['pwdHistory', 1],
        ['userPassword', 1],
      ]),
    );
    // The administrator sees no hash of it either.
    expect(d.entry(ada).attributes.has('pwdHistory')).toBe(false);
    expect(d.found('(pwdHistory=*)')).toEqual([]);
  });

  test.each(names)('%s: too short, too easy, one’s own name, too long', async (shape) => {
    const change = shapes[shape];
    const short = await denied(change('short', first), 'constraintViolation', 'passwordTooShort');
    expect(short).toContain('10 characters at least');
    for (const [weak, why] of [
      ['password123', 'most common'],
      ['ada@example.org', 'name, login or address'],
      ['aaaaaaaaaaaaa', 'too easy to guess'],
    ] as const) {
      const error = 'insufficientPasswordQuality';
      expect(await denied(change(weak, first), 'constraintViolation', error)).toContain(why);
    }
    await setDefault(at(), { pwdMaxLength: '20' });
    await denied(
      change('quartz lantern otter river', first),
      'constraintViolation',
      'insufficientPasswordQuality',
    );
    await bindAware(at(), ada, first);
  });

  test.each(names)('%s: neither the present password nor one of the last', async (shape) => {
    const d = at();
    await setDefault(d, { pwdInHistory: '2' });
    const change = shapes[shape];
    const used = ['zephyr-kettle-mosaic', 'orchid-anvil-trumpet', 'velvet-comet-harbor'] as const;
    await denied(change(first, first), 'constraintViolation', 'passwordInHistory');
    await ok(change(used[0], first));
    await ok(change(used[1], used[0]));
    const told = denied(change(first, used[1]), 'constraintViolation', 'passwordInHistory');
    expect(await told).toContain('the last 2');
    await ok(change(used[2], used[1]));
    // Two are kept, so the first one may come back.
    await ok(change(first, used[2]));
    await setDefault(d, { pwdInHistory: '0' });
    await ok(change(used[0], first));
    const kept = d.sql("SELECT count(*) FROM secret WHERE kind = 'pwdHistory'");
    expect(kept).toEqual([[0]]);
  });

  test('safe modify asks for the old password, in whatever shape', async () => {
    await setDefault(at(), { pwdSafeModify: 'TRUE' });
    for (const shape of names) {
      await denied(
        shapes[shape]('quartz lantern otter river'),
        'insufficientAccessRights',
        'mustSupplyOldPassword',
      );
    }
    await ok(shapes.exop('quartz lantern otter river', first));
    await ok(shapes['delete and add']('zephyr-kettle-mosaic', 'quartz lantern otter river'));
    await denied(shapes.exop('orchid-anvil-trumpet', 'wrong'), 'invalidCredentials', undefined);
    await denied(
      shapes['delete and add']('orchid-anvil-trumpet', 'wrong'),
      'noSuchAttribute',
      undefined,
    );
  });

  test('a hash of the old password is not the old password', async () => {
    const d = at();
    const [[hash]] = d.sql(
      "SELECT value FROM secret WHERE kind = 'userPassword' AND owner = ?",
      me().identity.entryId,
    ) as [[Buffer]];
    await denied(
      shapes['delete and add']('orchid-anvil-trumpet', hash.toString('latin1')),
      'noSuchAttribute',
      undefined,
    );
  });

  test('minimum age, and none after a reset', async () => {
    const d = at();
    await setDefault(d, { pwdMinAge: `${DAY}`, pwdMustChange: 'TRUE' });
    const soon = await denied(
      shapes.exop('quartz lantern otter river', first),
      'constraintViolation',
      'passwordTooYoung',
    );
    expect(soon).toContain('1 day');
    await ok(d.modify(ada, [['replace', 'userPassword', 'given']]));
    expect(d.entry(ada).texts('pwdReset')).toEqual(['TRUE']);
    await ok(shapes.exop('quartz lantern otter river', 'given'));
    d.clock.advance(DAY * 1000);
    await ok(shapes.exop('zephyr-kettle-mosaic'));
  });

  test('pwdAllowUserChange FALSE leaves it to the administrator', async () => {
    const d = at();
    await setDefault(d, { pwdAllowUserChange: 'FALSE' });
    for (const shape of names) {
      await denied(
        shapes[shape]('quartz lantern otter river', first),
        'insufficientAccessRights',
        'passwordModNotAllowed',
      );
    }
    await ok(d.modify(ada, [['replace', 'userPassword', 'by-admin']]));
  });

  test('characters that the policy asks for are named', async () => {
    const d = at();
    await ok(
      d.modify(policyDn('default'), [
        ['add', 'tenureMinDigits', '2'],
        ['add', 'tenureMinUpper', '1'],
      ]),
    );
    const why = await denied(
      shapes.exop('quartz lantern otter', first),
      'constraintViolation',
      'insufficientPasswordQuality',
    );
    expect(why).toBe('the password needs a capital letter and 2 digits');
  });

  test('a generated password is as long as the policy allows, and opens', async () => {
    const d = at();
    await setDefault(d, { pwdMaxLength: '16' });
    const { generated } = await ok(d.changePassword('', first, undefined, me()));
    expect(generated).toHaveLength(16);
    await bindAware(d, ada, generated!);
  });

  test('bytes that are no text are refused where the policy checks always', async () => {
    const d = at();
    const odd = (byte: number) =>
      `${bytesOfText('quartz lantern otter ')}${String.fromCharCode(byte)}`;
    const change = (value: string) =>
      d.directory.submit({
        op: 'changePassword',
        context: me(),
        reason: 'test',
        dn: '',
        oldPassword: undefined,
        newPassword: value,
      });
    await ok(change(odd(0xff)));
    await setDefault(d, { pwdCheckQuality: '2' });
    for (const byte of [0xfe, 0]) {
      await denied(change(odd(byte)), 'constraintViolation', 'insufficientPasswordQuality');
    }
  });
});

describe('what an administrator sets', () => {
  const at = eachDirectory({ judged: true });

  test('is taken as it is, and has to be changed where the policy says so', async () => {
    const d = at();
    await ok(d.add(ada, personValues('ada', { userPassword: 'x' })));
    await ok(d.modify(ada, [['replace', 'userPassword', 'y']]));
    expect(d.entry(ada).texts('pwdReset')).toEqual([]);
    await setDefault(d, { pwdMustChange: 'TRUE' });
    await ok(d.changePassword(ada, undefined, 'z'));
    expect(d.entry(ada).texts('pwdReset')).toEqual(['TRUE']);
  });

  test('is checked where the policy says always; a hash cannot be', async () => {
    const d = at();
    await setDefault(d, { pwdCheckQuality: '2' });
    const hash = '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0';
    for (const [password, error] of [
      ['short', 'passwordTooShort'],
      ['ada tester', 'insufficientPasswordQuality'],
      [hash, 'insufficientPasswordQuality'],
    ] as const) {
      const entry = personValues('ada', { userPassword: password });
      await denied(d.add(ada, entry), 'constraintViolation', error);
    }
    await ok(d.add(ada, personValues('ada', { userPassword: 'quartz lantern otter river' })));
    await denied(
      d.modify(ada, [['add', 'userPassword', 'short']]),
      'constraintViolation',
      'passwordTooShort',
    );
    await denied(
      d.changePassword(ada, undefined, 'short'),
      'constraintViolation',
      'passwordTooShort',
    );
  });

  test('an entry that is added meets the policy that it will have', async () => {
    const d = at();
    await ok(
      d.add(
        policyDn('staff'),
        policyValues('staff', {
          tenurePolicyFilter: '(&(objectClass=person)(employeeType=staff))',
          tenurePolicyOrder: '1',
          pwdCheckQuality: '2',
          pwdMinLength: '30',
        }),
      ),
    );
    const add = (uid: string, more: Record<string, string>) =>
      d.add(person(uid), personValues(uid, { userPassword: 'fourteen-signs', ...more }));
    await ok(add('bob', {}));
    await denied(add('eve', { employeeType: 'staff' }), 'constraintViolation', 'passwordTooShort');
    const named = { pwdPolicySubentry: policyDn('staff') };
    await denied(add('eve', named), 'constraintViolation', 'passwordTooShort');
  });
});
