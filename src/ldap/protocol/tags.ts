/** Tags of the protocol operations (RFC 4511 §4.2 to §4.13) and which response answers which. */

/** Tags of the requests. */
export const requestTags = {
  bind: 0x60,
  unbind: 0x42,
  search: 0x63,
  modify: 0x66,
  add: 0x68,
  delete: 0x4a,
  modifyDn: 0x6c,
  compare: 0x6e,
  abandon: 0x50,
  extended: 0x77,
} as const;

/** Tags of the responses. */
export const responseTags = {
  bindResponse: 0x61,
  searchEntry: 0x64,
  searchDone: 0x65,
  searchReference: 0x73,
  modifyResponse: 0x67,
  addResponse: 0x69,
  deleteResponse: 0x6b,
  modifyDnResponse: 0x6d,
  compareResponse: 0x6f,
  extendedResponse: 0x78,
  intermediate: 0x79,
} as const;

/** Tag of the optional controls behind an operation (RFC 4511 §4.1.1). */
export const controlsTag = 0xa0;

export type RequestTag = (typeof requestTags)[keyof typeof requestTags];
export type ResponseTag = (typeof responseTags)[keyof typeof responseTags];

/** The tag of the response that ends a request; undefined for unbind, abandon and the unknown. */
export function responseTagOf(requestTag: number): ResponseTag | undefined {
  switch (requestTag) {
    case requestTags.bind:
      return responseTags.bindResponse;
    case requestTags.search:
      return responseTags.searchDone;
    case requestTags.modify:
      return responseTags.modifyResponse;
    case requestTags.add:
      return responseTags.addResponse;
    case requestTags.delete:
      return responseTags.deleteResponse;
    case requestTags.modifyDn:
      return responseTags.modifyDnResponse;
    case requestTags.compare:
      return responseTags.compareResponse;
    case requestTags.extended:
      return responseTags.extendedResponse;
    default:
      return undefined;
  }
}
