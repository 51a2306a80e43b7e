/** {@link Actions} over an engine in this process: for the control API, and without a server. */
import { asAdminError } from '../errors.js';
import type { AdminEngine } from '../ports.js';
import { exportLdif } from './export-ldif.js';
import { importLdif } from './import-ldif.js';
import { changeIndex, listIndexes } from './index-attributes.js';
import { recoverAdministrator } from './recover-administrator.js';
import type { Actions } from './types.js';
import { verify } from './verify.js';

/** Every rejection is an AdminError. */
export function localActions(engine: AdminEngine): Actions {
  return {
    importLdif: (input, onProgress) => failing(importLdif(engine, input, onProgress)),
    exportLdif: (input, write) => failing(exportLdif(engine, input, write)),
    verify: (onProgress) => failing(verify(engine, onProgress)),
    recoverAdministrator: () => failing(recoverAdministrator(engine)),
    listKeys: ({ name }) => failing(engine.keys.list(name)),
    addKey: (add) => failing(engine.keys.add(add)),
    removeKey: (remove) => failing(engine.keys.remove(remove)),
    lastLogins: ({ name }) => failing(engine.logins.last(name)),
    unlock: (change) => failing(engine.logins.unlock(change)),
    bypass: (change) => failing(engine.logins.bypass(change)),
    whyPerson: (asked) => failing(engine.why.person(asked)),
    whyMay: (asked) => failing(engine.why.may(asked)),
    whyPassword: ({ name }) => failing(engine.why.password(name)),
    issueWifi: (issue) => failing(engine.wifi.issue(issue)),
    listWifi: ({ name }) => failing(engine.wifi.list(name)),
    revokeWifi: (revoke) => failing(engine.wifi.revoke(revoke)),
    listIndexes: () => failing(listIndexes(engine)),
    changeIndex: (change, onProgress) => failing(changeIndex(engine, change, onProgress)),
    access: failingEach(engine.access),
    audit: failingEach(engine.audit),
    factors: failingEach(engine.factors),
    brownouts: failingEach(engine.brownouts),
    groups: failingEach(engine.groups),
    machines: failingEach(engine.machines),
    services: failingEach(engine.services),
    people: failingEach(engine.people),
    cases: failingEach(engine.cases),
    policy: failingEach(engine.policy),
    runs: failingEach(engine.runs),
    prove: (of) => failing(engine.proofs.prove(of)),
    secretsStatus: () => failing(engine.secrets.status()),
    rotateSecrets: (onProgress) => failing(engine.secrets.rotate(onProgress)),
    resetSecrets: () => failing(engine.secrets.reset()),
  };
}

/** The same engine, whose rejections are AdminErrors. */
function failingEach<T extends object>(engine: T): T {
  const calls = Object.entries(engine).map(([name, call]) => {
    const one = (input: unknown) => failing((call as (given: unknown) => Promise<unknown>)(input));
    return [name, one] as const;
  });
  return Object.fromEntries(calls) as unknown as T;
}

async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asAdminError(error);
  }
}
