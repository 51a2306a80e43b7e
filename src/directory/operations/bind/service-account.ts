/**
 * What is asked of service accounts in a bind: the credentials that were generated for them, of which
 * two open while one takes the place of the other, and the addresses from which they may come.
 */
import {
  endOfFormer,
  endOfServiceSecret,
  generatedId,
  isGenerated,
  type Renewal,
  serviceSecretsIn,
} from '../../../credentials/index.js';
import { addressBytes, isIn, type Network, readNetwork } from '../../model/network.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../policies/index.js';
import { hasServiceClass, SERVICE_ADDRESS } from './service.js';
import type { Authenticator, KnownAttempt, PersonGate, Refusal } from './types.js';

export interface ServiceSecretTools {
  readonly nowMs: () => number;
  readonly renewalOf: (entry: EntryRecord) => Renewal;
}

/** Opens without a slow hash and without a second factor, as 140 bits of chance need neither. */
export function serviceSecretAuthenticator(tools: ServiceSecretTools): Authenticator {
  return {
    quick(attempt) {
      const id = generatedId('service', attempt.password);
      if (id === undefined) return undefined;
      const all = serviceSecretsIn(attempt.secrets);
      const found = all.find(
        ({ grant }) => grant.id === id && isGenerated('service', attempt.password, grant.digest),
      );
      if (found === undefined) return undefined;
      const grants = all.map(({ grant }) => grant);
      const end = endOfServiceSecret(found.grant, grants, tools.renewalOf(attempt.entry));
      if (tools.nowMs() >= end) return undefined;
      return { by: 'serviceSecret', secret: found.secret, skipsSecondFactor: true };
    },
  };
}

const replaced: Refusal = { refused: true, reason: 'a new credential has taken the place of it' };

/** A password from before the credentials were generated ends as one of them would. */
export function formerPasswordGate({ nowMs }: Pick<ServiceSecretTools, 'nowMs'>): PersonGate {
  return ({ secrets }, { by }) => {
    if (by !== 'password') return undefined;
    const grants = serviceSecretsIn(secrets).map(({ grant }) => grant);
    return grants.length > 0 && nowMs() >= endOfFormer(grants) ? replaced : undefined;
  };
}

const elsewhere: Refusal = { refused: true, reason: 'not one of the addresses of this service' };
const networks = new WeakMap<EntryRecord, readonly Network[]>();

/** Whoever has addresses comes from one of them; the local socket is the machine itself. */
export function addressGate(reader: DirectoryReader): PersonGate {
  return (attempt) => {
    const { entry } = attempt;
    if (!hasServiceClass(entry, reader)) return undefined;
    const allowed = networksOf(entry, reader);
    if (allowed.length === 0) return undefined;
    return peersOf(attempt).some((peer) => allowed.some((network) => isIn(network, peer)))
      ? undefined
      : elsewhere;
  };
}

function networksOf(entry: EntryRecord, reader: DirectoryReader): readonly Network[] {
  let found = networks.get(entry);
  if (found === undefined) {
    found = textsOf(entry, SERVICE_ADDRESS, reader).flatMap((text) => {
      const read = readNetwork(text);
      return read.ok ? [read.network] : [];
    });
    networks.set(entry, found);
  }
  return found;
}

function peersOf({ origin }: KnownAttempt): readonly Buffer[] {
  const texts = origin.address === 'local' ? ['127.0.0.1', '::1'] : [origin.address];
  return texts.flatMap((text) => addressBytes(text) ?? []);
}
