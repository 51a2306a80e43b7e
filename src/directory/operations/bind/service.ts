/**
 * The service through which somebody binds: the service account last bound on that connection, else
 * the one whose registered addresses hold the peer, else none. App passwords, lockout by address and
 * whatever else depends on the application ask here and nowhere else.
 *
 * Service accounts are the entries below a container `ou=services`, those of the class
 * tenureService, which may name addresses, and hosts that people log in to (tenureHost), whose own
 * addresses count as well.
 */
import type { Identity, Origin } from '../../model/identity.js';
import { addressBytes, isIn, type Network, readNetwork } from '../../model/network.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../policies/index.js';

const CONTAINER = 'ou=services';
const SERVICE_CLASS = 'tenureService';
const CLASSES = [SERVICE_CLASS, 'tenureHost'] as const;
const HOST_CLASS = 'tenureHost';
export const SERVICE_ADDRESS = 'tenureServiceAddress';
const HOST_ADDRESS = 'ipHostNumber';
/** Service accounts with addresses that are looked at. */
const SERVICES_MAX = 10_000;

/** Whether somebody is bound as a service account. */
export function isService({ role, entryId }: Identity, reader: DirectoryReader): boolean {
  if (role !== 'user') return false;
  const entry = reader.entry(entryId);
  if (entry === undefined) return false;
  const parent = reader.entry(entry.parentId);
  if (parent !== undefined && parent.rdn.toLowerCase() === CONTAINER) return true;
  return hasClass(entry, reader);
}

function hasClass(entry: EntryRecord, reader: DirectoryReader): boolean {
  return CLASSES.some((name) => isOf(entry, name, reader));
}

/** Whether the entry is of the class that names addresses and owners of a service. */
export function hasServiceClass(entry: EntryRecord, reader: DirectoryReader): boolean {
  return isOf(entry, SERVICE_CLASS, reader);
}

function isOf(entry: EntryRecord, name: string, reader: DirectoryReader): boolean {
  const cls = reader.schema().objectClass(name);
  return cls !== undefined && entry.kind.has(cls);
}

/** Where the account comes from, as it is written there. */
function addressesOf(entry: EntryRecord, reader: DirectoryReader): readonly string[] {
  const own = textsOf(entry, SERVICE_ADDRESS, reader);
  if (!isOf(entry, HOST_CLASS, reader)) return own;
  return [...own, ...textsOf(entry, HOST_ADDRESS, reader)];
}

export interface BoundThrough {
  readonly boundBefore: Identity;
  readonly origin: Origin;
}

export class Services {
  readonly #reader: DirectoryReader;
  /** Undefined: to be gathered. */
  #networks: readonly { readonly id: number; readonly network: Network }[] | undefined;
  /** What was found for an address; a connection pool comes from one. */
  readonly #found = new Map<string, number>();

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
    reader.watch?.(({ entries, population, schema, all }) => {
      if (this.#networks === undefined) return;
      const known = (id: number) => this.#networks!.some((one) => one.id === id);
      if (all || schema || population || entries.some((id) => known(id) || this.#is(id))) {
        this.#networks = undefined;
        this.#found.clear();
      }
    });
  }

  /** The service's entry, 0 where there is none. */
  of({ boundBefore, origin }: BoundThrough): number {
    if (isService(boundBefore, this.#reader)) return boundBefore.entryId;
    this.#networks ??= this.#gather();
    return this.#networks.length === 0 ? 0 : this.#at(origin.address);
  }

  #is(id: number): boolean {
    const entry = this.#reader.entry(id);
    return entry !== undefined && hasClass(entry, this.#reader);
  }

  #at(address: string): number {
    let id = this.#found.get(address);
    if (id === undefined) {
      id = this.#holder(address);
      if (this.#found.size >= SERVICES_MAX) this.#found.clear();
      this.#found.set(address, id);
    }
    return id;
  }

  /** The narrowest network wins; two services that name it alike are none. */
  #holder(address: string): number {
    const peer = addressBytes(address);
    if (peer === undefined) return 0;
    let found = 0;
    let bits = -1;
    for (const { id, network } of this.#networks ?? []) {
      if (network.bits < bits || !isIn(network, peer)) continue;
      found = network.bits > bits || found === id ? id : 0;
      bits = network.bits;
    }
    return found;
  }

  #gather() {
    const reader = this.#reader;
    const classes = CLASSES.flatMap((name) => reader.schema().objectClass(name) ?? []);
    const kinds = reader.kinds().filter((kind) => classes.some((cls) => kind.has(cls)));
    if (kinds.length === 0) return [];
    return reader.entries(reader.idsOfKinds(kinds, SERVICES_MAX).ids).flatMap((entry) =>
      addressesOf(entry, reader).flatMap((text) => {
        const read = readNetwork(text);
        return read.ok ? [{ id: entry.id, network: read.network }] : [];
      }),
    );
  }
}
