/**
 * Every bound in the server, with its unit and why it is what it is. Safe by default; those that an
 * administrator may need to move are overridden by the `limits` section of config.yaml.
 */
export const defaultLimits = {
  /** One LDAPMessage, bytes. Photos and certificates fit; a hostile length is refused unread. */
  pduBytesMax: 4 * 1024 * 1024,
  /** The same before a bind succeeds: nobody needs more to say who they are. */
  anonymousPduBytesMax: 256 * 1024,
  /** Nesting of and/or/not. Deeper filters have only been seen in attacks. */
  filterDepthMax: 64,
  /** Leaves and nodes of one filter: a 500-term OR of one client, with room. */
  filterElementsMax: 4_000,
  /** Attributes named in one search request. */
  requestedAttributesMax: 1_000,
  /** Attributes of one add, or changes of one modify. */
  attributesMax: 2_000,
  /** Values in one request. */
  valuesMax: 50_000,
  /** Controls on one request. */
  controlsMax: 32,
  /** Relative names in one distinguished name. */
  dnDepthMax: 64,
  /** Connections open at once. */
  connectionsMax: 4_096,
  /** Connections open at once from one address, loopback excepted. */
  connectionsPerAddressMax: 512,
  /** Operations of one bound connection that may be waiting or running. */
  operationsInFlightMax: 256,
  /** The same before a bind succeeds. */
  anonymousOperationsInFlightMax: 16,
  /** From accept to the first whole request, and from StartTLS to a finished handshake, ms. */
  firstByteTimeoutMs: 30_000,
  /** Silence after which a connection that is not bound is closed, ms. */
  anonymousIdleTimeoutMs: 30_000,
  /** The same for a bound one: connection pools keep idle sockets and break on early closes. */
  boundIdleTimeoutMs: 2 * 60 * 60 * 1000,
  /** TCP keepalive probe interval, ms. */
  keepAliveMs: 60_000,
  /** Bytes waiting in a socket above which its searches stop producing. */
  writeHighWaterBytes: 256 * 1024,
  /** A client that takes nothing for so long is cut, ms. */
  drainTimeoutMs: 60_000,
  /** From the first octet of a request to its last, ms: 4 MB over a slow line, but not for ever. */
  requestTimeoutMs: 120_000,
  /** A client that has ended its side may wait so long for an answer that does not move, ms. */
  halfClosedTimeoutMs: 10_000,
  /** A connection that we have ended is torn down when its client has not gone by then, ms. */
  lingerMs: 2_000,
  /** SIGTERM: how long running operations may finish, ms. */
  stopGraceMs: 5_000,
  /** Work done in one turn before other connections get theirs, ms. */
  sliceMs: 2,
  /** Largest size limit, entries; 0 = none. A partial list makes sync clients disable people. */
  sizeLimitMax: 0,
  /** Largest time limit, seconds; 0 = none. */
  timeLimitMaxSeconds: 0,
  /** Candidates that a search without a usable index may look at. */
  unindexedCandidatesMax: 10_000,
  /** Entries of one page of paged results. */
  pageSizeMax: 10_000,
  /** Writes waiting for the writer thread. */
  writesQueuedMax: 4_096,
  /** Writes in one transaction. */
  writeBatchMax: 256,
  /** Entries kept in memory, bytes; 0 = an eighth of the machine's memory, 192 MiB to 2 GiB. */
  entryCacheBytes: 0,
  /** Password hashes computed at once; 0 = cores − 1, at least 1. */
  hashesInFlight: 0,
  /** Password checks waiting for a place. */
  hashesQueuedMax: 512,
  /** Longest wait for a place, ms; after it the client is told busy (51). */
  hashWaitMaxMs: 2_000,
  /** Failed binds from one address in a window that lock the address; 0 = none do. */
  sourceFailuresMax: 50,
  /** The window in which they are counted, ms. */
  sourceFailureWindowMs: 10 * 60 * 1000,
  /** How long an address stays locked, ms. */
  sourceLockMs: 15 * 60 * 1000,
  /** An address from which somebody got in within this time is not locked, ms. */
  sourceTrustMs: 60 * 60 * 1000,
  /** Addresses about which anything is remembered. */
  sourcesMax: 10_000,
  /** Wrong passwords that are recognised when they come again. */
  repeatedPasswordsMax: 20_000,
  /** From a bind to the flush of what was seen of it, ms. */
  observationFlushMs: 500,
  /** Sightings of binds waiting for their flush. */
  observationsQueuedMax: 50_000,
  /** Rows of one person in the access map; the one that was seen longest ago gives way. */
  accessRowsPerPersonMax: 64,
  /** People who were looked up, remembered for the login that follows; twice as many at most. */
  lookupsRememberedMax: 10_000,
  /** From a lookup to the login that is taken to follow from it, ms. */
  lookupToLoginMs: 60_000,
  /** Kinds of binds and refusals that the audit trail tells apart within a minute. */
  auditKeysMax: 20_000,
  /** Events that one flush brings to the audit trail. */
  auditFlushMax: 2_000,
  /** Within so long what happens again is counted, not told again, ms. */
  auditRepeatMs: 60_000,
  /** Refusals of one address that are told one by one in an hour; more are counted. */
  auditRefusalsPerSourceHour: 600,
  /** The same of all addresses together. */
  auditRefusalsPerHour: 20_000,
  /** From something seen to its flush into the audit trail, ms. */
  auditFlushMs: 900,
  /** Verified passwords that are recognised without another hash. */
  verifiedPasswordsMax: 20_000,
  /** How long each is, ms. */
  verifiedPasswordMs: 5 * 60 * 1000,
  /** Steps by which the clock of a device may be off, to each side; each is one more guess. */
  otpDriftSteps: 1,
  /** Codes of a counting device that may have been drawn and never sent. */
  otpLookAhead: 10,
  /** One LDIF line after unfolding, bytes. */
  ldifLineBytesMax: 16 * 1024 * 1024,
} as const;

export type Limits = { readonly [name in keyof typeof defaultLimits]: number };

/** Bounds that no administrator has a reason to move. */
export const fixedBounds = {
  /** Aliases behind one another that a name may lead through. */
  aliasHopsMax: 16,
  /** Alias entries that one search follows. */
  aliasesMax: 10_000,
} as const;
