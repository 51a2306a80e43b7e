/** What `tenure init` makes: the suffix, the administrator, the containers, maybe a sample. */
import type { InitOptions } from '../admin/engine.js';
import type { Argon2Params } from '../credentials/index.js';
import { hashPassword } from '../credentials/index.js';
import { bytesOfText } from '../directory/model/bytes.js';
import type { Identity } from '../directory/model/identity.js';
import { addEntryAs, addSuffix } from '../directory/operations/index.js';
import type { WriteHalf } from './write-half.js';

const CONTAINERS = ['people', 'groups', 'services', 'hosts', 'policies'];

/**
 * The password policy that holds for everybody until there are others: long passwords that are hard
 * to guess and never expire, and a pause for whoever guesses.
 */
const DEFAULT_POLICY = {
  description: 'password policy of everybody who has no other',
  pwdAttribute: 'userPassword',
  tenurePolicyOrder: '1000',
  pwdMinLength: '10',
  pwdCheckQuality: '1',
  tenureMinScore: '2',
  pwdInHistory: '5',
  pwdExpireWarning: '1209600',
  pwdMustChange: 'FALSE',
  pwdAllowUserChange: 'TRUE',
  pwdSafeModify: 'FALSE',
  pwdLockout: 'TRUE',
  pwdMaxFailure: '10',
  pwdFailureCountInterval: '900',
  pwdLockoutDuration: '900',
};

/** Fills a fresh database, all or nothing. Rejects with LdapError for a suffix that is no name. */
export async function fillDirectory(
  half: WriteHalf,
  options: InitOptions,
  argon2: Argon2Params,
): Promise<void> {
  const { store, tools } = half;
  const { suffix } = options;
  const dn = `cn=admin,${suffix}`;
  const identity: Identity = { role: 'administrator', dn, entryId: 0 };
  const password = await hashPassword(half.pool, Buffer.from(options.adminPassword), argon2);
  store.begin();
  try {
    const reason = 'tenure init';
    addSuffix(suffix, identity, reason, tools);
    const administrator = addEntryAs(identity, reason, tools, {
      dn,
      attributes: [
        { attribute: 'objectClass', values: ['organizationalRole', 'simpleSecurityObject'] },
        { attribute: 'cn', values: ['admin'] },
        { attribute: 'description', values: ['administrator of this directory'] },
        { attribute: 'userPassword', values: [bytesOfText(password)] },
      ],
    });
    store.setAdministrator(administrator);
    for (const ou of CONTAINERS) {
      addEntryAs(identity, reason, tools, {
        dn: `ou=${ou},${suffix}`,
        attributes: [
          { attribute: 'objectClass', values: ['organizationalUnit'] },
          { attribute: 'ou', values: [ou] },
        ],
      });
    }
    addEntryAs(identity, reason, tools, {
      dn: `cn=default,ou=policies,${suffix}`,
      attributes: [
        { attribute: 'objectClass', values: ['device', 'tenurePasswordPolicy'] },
        { attribute: 'cn', values: ['default'] },
        ...Object.entries(DEFAULT_POLICY).map(([attribute, value]) => ({
          attribute,
          values: [value],
        })),
      ],
    });
    store.setInitial(store.entriesAfter(0, 1_000).map((entry) => entry.id));
    if (options.sample !== undefined) {
      await half.importInTransaction([Buffer.from(options.sample)], reason, () => undefined);
      store.markPlayground();
    }
    store.setInitial(store.entriesAfter(0, 100_000).map((entry) => entry.id));
    store.commit();
  } catch (error) {
    store.rollback();
    throw error;
  }
}
