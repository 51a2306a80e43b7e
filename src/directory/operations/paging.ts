/**
 * Paged results (RFC 2696) without server state: entries come in id order, so a cookie is the last
 * id, bound by a keyed digest to the search and the identity it was made for. A cookie works on
 * any connection of the same identity until the process ends.
 */
import { createHmac } from 'node:crypto';
import { LdapError } from '../../runtime/errors.js';
import type { Random } from '../../runtime/random.js';
import type { Identity } from '../model/identity.js';
import { formatFilter } from '../text/index.js';
import type { SearchRequest } from './types.js';

const ID_BYTES = 8;
const MAC_BYTES = 16;

export class Cookies {
  readonly #key: Buffer;

  constructor(random: Random) {
    this.#key = random.bytes(32);
  }

  #mac(id: Buffer, request: SearchRequest, identity: Identity): Buffer {
    const mac = createHmac('sha256', this.#key);
    mac.update(id);
    mac.update(
      JSON.stringify([
        identity.entryId,
        request.base,
        request.scope,
        request.deref,
        request.typesOnly,
        request.attributes,
        formatFilter(request.filter),
      ]),
    );
    return mac.digest().subarray(0, MAC_BYTES);
  }

  /** The cookie that continues behind `lastId`. */
  make(lastId: number, request: SearchRequest, identity: Identity): Buffer {
    const id = Buffer.alloc(ID_BYTES);
    id.writeBigUInt64BE(BigInt(lastId));
    return Buffer.concat([id, this.#mac(id, request, identity)]);
  }

  /**
   * The id to continue behind; 0 for the empty cookie of a first page.
   * @throws LdapError unwillingToPerform for a cookie of another search or another process.
   */
  read(cookie: Buffer, request: SearchRequest, identity: Identity): number {
    if (cookie.length === 0) return 0;
    const id = cookie.subarray(0, ID_BYTES);
    const expected = cookie.length === ID_BYTES + MAC_BYTES && this.#mac(id, request, identity);
    if (expected === false || !expected.equals(cookie.subarray(ID_BYTES))) {
      throw new LdapError(
        'unwillingToPerform',
        'the paging cookie is not one of this search; start again without a cookie',
      );
    }
    return Number(id.readBigUInt64BE());
  }
}

/** Index of the first id greater than `id` in an ascending list. */
export function above(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
