/** What a kind must have: asked when somebody comes, kept afterwards, in nobody's way otherwise. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';

const at = eachDirectory();
const eve = person('eve');
const policy = `tenure: 1
kinds:
  contractor: {who: type is contractor, must have: [sponsor, end within 6 months]}
  service: {who: below ou=services, must have: owner}
  employee: {who: everyone, must have: employeeNumber}
`;

beforeEach(async () => {
  at().seed({ [person('old')]: personValues('old') });
  await ok(
    at().add(`cn=policy,${suffix}`, {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    }),
  );
});

const subject = (engagement: string, more: Values = {}): Values =>
  personValues('eve', {
    objectClass: ['inetOrgPerson', 'lifecycleSubject'],
    lifecycleEngagement: `id=1 ${engagement}`,
    ...more,
  });
const engage = (dn: string, words: string) =>
  at().modify(dn, [['replace', 'lifecycleEngagement', `id=1 ${words}`]]);

describe('somebody who comes', () => {
  test('has a sponsor and an end, or is told the line of the policy', async () => {
    expect(
      await refused(
        at().add(eve, subject('kind=contractor end=2026-03-31')),
        'constraintViolation',
      ),
    ).toBe('eve is of kind contractor, which must have sponsor (policy, line 3)');
    const endless = subject('kind=contractor sponsor=ada');
    expect(await refused(at().add(eve, endless), 'constraintViolation')).toContain(
      'end within 6 months',
    );
    const late = subject('kind=contractor sponsor=ada end=2026-12-31');
    expect(await refused(at().add(eve, late), 'constraintViolation')).toContain(
      'end within 6 months',
    );
    await ok(at().add(eve, subject('kind=contractor sponsor=ada end=2026-03-31')));
  });

  test('in a year counts the months from the start', async () => {
    await ok(at().add(eve, subject('kind=contractor sponsor=ada start=2027-01-01 end=2027-05-31')));
  });

  test('by an attribute as well as by the engagement, and by a reference', async () => {
    await ok(at().add(eve, subject('kind=employee', { employeeNumber: '17' })));
    await ok(at().add(person('max'), { ...subject('kind=employee number=18'), uid: 'max' }));
    const service = `uid=svc,ou=services,${suffix}`;
    const values = { ...subject('kind=none'), uid: 'svc' };
    await refused(at().add(service, values), 'constraintViolation');
    await ok(at().add(service, { ...values, lifecycleDeputy: eve, owner: eve }));
  });
});

describe('somebody who is here', () => {
  beforeEach(() => ok(at().add(eve, subject('kind=contractor sponsor=ada end=2026-03-31'))));

  test('loses nothing of it', async () => {
    await refused(engage(eve, 'kind=contractor end=2026-03-31'), 'constraintViolation');
    await refused(engage(eve, 'kind=contractor sponsor=ada end=2026-12-31'), 'constraintViolation');
    await refused(engage(eve, 'kind=employee'), 'constraintViolation');
    await ok(engage(eve, 'kind=contractor sponsor=bob end=2026-05-31'));
    await ok(engage(eve, 'kind=employee number=17'));
  });

  test('can be shut out and can leave at any time, also who lacks it already', async () => {
    for (const dn of [eve, person('old')]) {
      await ok(at().modify(dn, [['replace', 'lifecycleState', 'suspended']]));
      await ok(at().modify(dn, [['replace', 'lifecycleState', 'active']]));
      await ok(at().modify(dn, [['replace', 'lifecycleState', 'offboarded']]));
    }
  });
});

test('people without facts, and imports, are let be', async () => {
  await ok(at().add(person('new'), personValues('new', { employeeType: 'contractor' })));
  const imported = `dn: ${eve}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\nuid: eve\ncn: e\nsn: e\nlifecycleEngagement: id=1 kind=contractor\n`;
  expect((await at().import(imported)).entries).toBe(1);
});
