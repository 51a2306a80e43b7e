/** Password policies as entries, and what tests ask of them. */
import { expect } from '@jest/globals';
import type { BindOutcome } from '../../src/directory/operations/index.js';
import type { LdapError, PolicyErrorName } from '../../src/runtime/errors.js';
import { origin, suffix, type Values } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

export const policies = `ou=policies,${suffix}`;
export const policyDn = (cn: string): string => `cn=${cn},${policies}`;
export const defaultPolicy = policyDn('default');

/** A policy that finds its people itself; without `tenurePolicyFilter` it is for all who are left. */
export function policyValues(cn: string, more: Values = {}): Values {
  return {
    objectClass: ['device', 'tenurePasswordPolicy'],
    cn,
    pwdAttribute: 'userPassword',
    ...more,
  };
}

/** Sets rules of the default policy in place of those that `tenure init` gave it. */
export async function setDefault(d: TestDirectory, rules: Readonly<Record<string, string>>) {
  const changes = Object.entries(rules).map(([name, value]) => ['replace', name, value] as const);
  const outcome = await d.modify(defaultPolicy, changes);
  if (!outcome.ok) throw new Error(outcome.error.text);
}

/** A bind whose client understands the password policy control. */
export async function bindAware(
  d: TestDirectory,
  dn: string,
  password: string,
): Promise<BindOutcome> {
  return d.directory.authenticate(
    { dn, password: Buffer.from(password), wantsPolicy: true },
    origin,
  );
}

/** Ends as 49; returns what the control would say, or undefined. */
export async function shutOut(
  d: TestDirectory,
  dn: string,
  password: string,
): Promise<PolicyErrorName | undefined> {
  try {
    await bindAware(d, dn, password);
  } catch (error) {
    expect((error as LdapError).code).toBe('invalidCredentials');
    expect((error as LdapError).message).toBe('the name or the password is wrong');
    return (error as LdapError).policyError;
  }
  throw new Error(`${dn} got in`);
}
