/**
 * The text of a fresh config.yaml: every setting with its default, commented out, so that the file
 * is the manual. It holds nothing that config.ts does not read; a test uncomments and reads it.
 */
import { type CertificateSource, defaultConfig, listenOff } from './config.js';
import type { Limits } from './limits.js';

/** What each limit bounds, for the administrator; the reasons are in limits.ts. */
const limitTexts: Readonly<Record<keyof Limits, string>> = {
  pduBytesMax: 'one LDAP message',
  anonymousPduBytesMax: 'the same before a bind',
  filterDepthMax: 'nesting of and, or, not in a search filter',
  filterElementsMax: 'parts of one search filter',
  requestedAttributesMax: 'attributes named in one search',
  attributesMax: 'attributes of one add, changes of one modify',
  valuesMax: 'values in one request',
  controlsMax: 'controls on one request',
  dnDepthMax: 'levels of one distinguished name',
  connectionsMax: 'connections open at once',
  connectionsPerAddressMax: 'the same from one address, loopback excepted',
  operationsInFlightMax: 'operations of one connection waiting or running',
  anonymousOperationsInFlightMax: 'the same before a bind',
  firstByteTimeoutMs: 'from connecting to the first whole request; StartTLS handshake',
  anonymousIdleTimeoutMs: 'silence of a connection that is not bound',
  boundIdleTimeoutMs: 'silence of a bound connection',
  keepAliveMs: 'between TCP keepalive probes',
  writeHighWaterBytes: 'answers waiting for a slow client before its searches pause',
  drainTimeoutMs: 'how long a client may take nothing',
  requestTimeoutMs: 'from the first octet of a request to its last',
  halfClosedTimeoutMs: 'how long a client that sends no more may wait without getting anything',
  lingerMs: 'how long a closed connection may take to go',
  stopGraceMs: 'how long running operations may finish when the server stops',
  sliceMs: 'work in one go before other connections have their turn',
  sizeLimitMax: 'entries of one search; 0: no limit',
  timeLimitMaxSeconds: 'seconds of one search; 0: no limit',
  unindexedCandidatesMax: 'entries that a search without an index may look at',
  pageSizeMax: 'entries of one page of paged results',
  writesQueuedMax: 'writes waiting',
  writeBatchMax: 'writes in one transaction',
  entryCacheBytes: 'entries kept in memory; 0 = by the memory of the machine',
  hashesInFlight: 'password hashes computed at once; 0: one core less than there are',
  hashesQueuedMax: 'password checks waiting',
  hashWaitMaxMs: 'longest wait of a password check before the client is told busy',
  sourceFailuresMax: 'failed logins from one address that lock the address; 0: none do',
  sourceFailureWindowMs: 'time in which they are counted',
  sourceLockMs: 'how long an address stays locked',
  sourceTrustMs: 'an address from which somebody got in within this time is not locked',
  sourcesMax: 'addresses about which anything is remembered',
  repeatedPasswordsMax: 'wrong passwords recognised when they come again',
  observationFlushMs: 'from a login to the moment when its time is on the disk',
  observationsQueuedMax: 'times of logins waiting for that',
  accessRowsPerPersonMax: 'applications and addresses of one person in the access map',
  lookupsRememberedMax: 'people looked up whose login is waited for',
  lookupToLoginMs: 'from a lookup to the login that follows from it',
  auditKeysMax: 'kinds of logins and refusals that the audit trail tells apart within a minute',
  auditFlushMax: 'events that come into the audit trail at once',
  auditRepeatMs: 'within so long what happens again is counted, not told again',
  auditRefusalsPerSourceHour: 'refusals of one address told one by one in an hour',
  auditRefusalsPerHour: 'the same of all addresses',
  auditFlushMs: 'from a login or refusal to its place in the audit trail',
  verifiedPasswordsMax: 'verified passwords recognised without another hash',
  verifiedPasswordMs: 'how long each is',
  otpDriftSteps: 'steps of 30 s by which the clock of a second factor may be off; 0: none',
  otpLookAhead: 'codes that a counting second factor may be ahead; 0: none',
  ldifLineBytesMax: 'one line of an LDIF file',
};

/** The file that `tenure init` writes: valid as it is, and all comments. */
export function configTemplate(): string {
  const {
    listen,
    tls,
    cleartextBind,
    certificateLogin,
    passwords,
    sshKeys,
    ntHash,
    outbox,
    accessMap,
    limits,
    log,
  } = defaultConfig;
  const { argon2 } = passwords;
  const mapText = ({ from, attribute }: CertificateSource) =>
    attribute === undefined ? from : `${from}=${attribute}`;
  const limitLines = (Object.keys(limits) as (keyof Limits)[]).map((name) => {
    const setting = `#   ${name}: ${limits[name]}`;
    return `${setting.padEnd(43)} # ${limitTexts[name]}`;
  });
  return `# Settings of this directory. Every line shows its default: remove the # to change it.
# A section (such as "listen:") has to be uncommented together with the lines in it.
# Read when the server starts.

# Where clients connect, as HOST:PORT; *:389 is every address; ${listenOff} closes the door.
# Ports below 1024 usually need a privilege. StartTLS works on the ldap port.
# listen:
#   ldap: ${listen.ldap}
#   ldaps: ${listen.ldaps}

# PEM files; relative paths start from this folder. Without cert and key, those that
# \`tenure init\` made are used: certs/server.pem and certs/server.key, signed by certs/ca.pem.
# tls:
#   cert: certs/server.pem
#   key: certs/server.key
#   ca: certs/ca.pem
#   minVersion: ${tls.minVersion}                    # or TLSv1.3

# Passwords over connections without TLS: loopback (from this machine only), never, or always.
# cleartextBind: ${cleartextBind}

# Logins with client certificates (SASL EXTERNAL over TLS); clients are asked for one where ca names
# the authorities, up to their roots. crl: a revocation list of each, if any. map says whose it is,
# tried in order, by the name of the entry or by an attribute.
# certificateLogin:
#   # ca: clients-ca.pem                       # none
#   # crl: clients.crl                         # none
#   map: [${certificateLogin.map.map(mapText).join(', ')}]          # also upn=mail, cn=uid

# How new passwords are hashed (argon2id), and whether a weaker stored hash is replaced when
# its owner logs in. breachFile: hashes of breached passwords, SHA-1 or NT, one a line, sorted
# by hash, as breach services publish them; new passwords in it are refused.
# With netscapeControls, every bind with an expired or expiring password is answered with the
# controls 2.16.840.1.113730.3.4.4 and .5, which old clients know and some others trip over.
# With cacheVerified, a password that was right a moment ago is known without another hash.
# passwords:
#   rehashOnBind: ${passwords.rehashOnBind}
#   cacheVerified: ${passwords.cacheVerified}
#   netscapeControls: ${passwords.netscapeControls}
#   # breachFile: breached-sha1.txt         # none
#   argon2:
#     memoryKiB: ${argon2.memoryKiB}
#     iterations: ${argon2.iterations}
#     parallelism: ${argon2.parallelism}

# SSH keys that may be stored, the fewest bits of RSA, and whether one key may be several people's.
# sshKeys:
#   types: [${sshKeys.types.join(', ')}]
#   rsaBitsMin: ${sshKeys.rsaBitsMin}
#   duplicates: ${sshKeys.duplicates}                     # or allow

# The keys of what is stored sealed: seeds of one-time codes, NT hashes, tokens (password hashes are
# not). Keep it out of the backups of this folder, and a copy of it somewhere safe. \`tenure init\`
# makes it; \`tenure secrets rotate\` changes the key.
# secrets:
#   keyFile: secrets.key

# What RADIUS and file servers check a log in against by NT hash: a secret of its own (tenure wifi), or
# the login password, whose NT hash is then kept, sealed, from the next time it is set or used.
# ntHash:
#   wifi: ${ntHash.wifi}                           # or password
#   files: ${ntHash.files}                          # or password

# What the policy has to tell: e-mail over an SMTP server (smtp://host:25, smtps://user:password@host),
# or, without one, as files in outbox/; and webhooks by the name that the policy calls, signed with
# the text of a file.
# outbox:
#   # mail: smtp://mail.example.com:25
#   from: ${outbox.from}
#   # hooks: {chat: {url: "https://chat.example.com/hook", secretFile: chat.secret}}

# Where people are seen: through which applications and machines, from which addresses. Shown by
# \`tenure seen\` with its purpose, kept so many days, and to each person their own. Switched off,
# nothing is kept, and what was kept is forgotten at the next start.
# accessMap:
#   enabled: ${accessMap.enabled}                          # or false
#   days: ${accessMap.days}
#   purpose: ${accessMap.purpose}
#   tellPeople: ${accessMap.tellPeople}                       # by mail, of a first login through another application

# log:
#   level: ${log.level}                            # trace, debug, info, warn, error, fatal, silent

# Bounds; names ending in Ms are milliseconds, in Bytes or BytesMax bytes.
# limits:
${limitLines.join('\n')}
`;
}
