/**
 * What every action takes and gives, and the interface over all of those that concern a directory
 * that exists: the command line calls it in process or over the control socket without knowing
 * which. The result types are also the `--json` contract: keys are added, never renamed.
 */
import type { AccessEngine } from '../access.js';
import type { AuditEngine } from '../audit.js';
import type { BrownoutsEngine } from '../brownouts.js';
import type { CasesEngine } from '../cases.js';
import type {
  Concern,
  EngineStatus,
  ImportGuards,
  ImportReport,
  OnProgress,
  VerifyReport,
} from '../engine.js';
import type { FactorsEngine } from '../factors.js';
import type { GroupsEngine } from '../groups.js';
import type { KeyAdd, KeyChange, KeyList, KeyRemove } from '../keys.js';
import type { BypassChange, Bypassed, LastLogins, LoginChange, Unlocked } from '../logins.js';
import type { MachinesEngine } from '../machines.js';
import type { MayAsked, MayWhy } from '../may.js';
import type { PeopleEngine } from '../people.js';
import type { PolicyEngine } from '../policy.js';
import type { Addresses, IndexInfo, ListenerProbe } from '../ports.js';
import type { Proof } from '../proof.js';
import type { RunsEngine } from '../runs.js';
import type { SecretsReset, SecretsRotated, SecretsStatus } from '../secrets.js';
import type { ServicesEngine } from '../services.js';
import type { PasswordWhy, PersonWhy, WhyAsked } from '../why.js';
import type { NtIssue, NtIssued, NtList, NtRevoke, NtRevoked } from '../wifi.js';

export interface ImportInput extends ImportGuards {
  /** Absolute path of the LDIF file. */
  readonly file: string;
  /** Who does it, for the change log. */
  readonly by: string;
}

export interface ExportInput {
  /** DN of the subtree to export, or everything. */
  readonly base: string | undefined;
}

export interface ExportResult {
  readonly entries: number;
}

export interface RecoverResult {
  readonly dn: string;
  readonly password: string;
}

export interface IndexChange {
  readonly attribute: string;
  readonly verb: 'add' | 'drop';
  /** Words to add or drop; none with `drop` drops the whole index. */
  readonly words: readonly string[];
}

/** `changed` is false where everything already was as asked. */
export interface IndexResult extends IndexInfo {
  readonly changed: boolean;
}

export interface ClockResult {
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Whether this clock may be moved. */
  readonly movable: boolean;
  /** Why it is not trusted: nothing is destroyed meanwhile. */
  readonly suspicion?: string;
}

export interface StatusResult {
  readonly running: true;
  /** Every listener answers. */
  readonly ready: boolean;
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly addresses: Addresses;
  readonly listeners: readonly ListenerProbe[];
  readonly directory: EngineStatus;
  /** Amber where there is anything to see to, red where that cannot wait. */
  readonly health: 'green' | 'amber' | 'red';
  readonly concerns: readonly Concern[];
}

export type WriteChunk = (chunk: string) => void | Promise<void>;

/** Everything that can be asked of a directory by its administrator. Failures are AdminErrors. */
export interface Actions {
  importLdif(input: ImportInput, onProgress: OnProgress): Promise<ImportReport>;
  exportLdif(input: ExportInput, write: WriteChunk): Promise<ExportResult>;
  verify(onProgress: OnProgress): Promise<VerifyReport>;
  recoverAdministrator(): Promise<RecoverResult>;
  listKeys(of: { readonly name: string }): Promise<KeyList>;
  addKey(add: KeyAdd): Promise<KeyChange>;
  removeKey(remove: KeyRemove): Promise<KeyChange>;
  whyPassword(of: { readonly name: string }): Promise<PasswordWhy>;
  whyPerson(asked: WhyAsked): Promise<PersonWhy>;
  whyMay(asked: MayAsked): Promise<MayWhy>;
  lastLogins(of: { readonly name: string }): Promise<LastLogins>;
  unlock(change: LoginChange): Promise<Unlocked>;
  bypass(change: BypassChange): Promise<Bypassed>;
  issueWifi(issue: NtIssue): Promise<NtIssued>;
  listWifi(of: { readonly name: string }): Promise<NtList>;
  revokeWifi(revoke: NtRevoke): Promise<NtRevoked>;
  listIndexes(): Promise<readonly IndexInfo[]>;
  changeIndex(change: IndexChange, onProgress: OnProgress): Promise<IndexResult>;
  readonly access: AccessEngine;
  readonly audit: AuditEngine;
  readonly factors: FactorsEngine;
  readonly brownouts: BrownoutsEngine;
  readonly groups: GroupsEngine;
  readonly machines: MachinesEngine;
  readonly services: ServicesEngine;
  readonly people: PeopleEngine;
  readonly cases: CasesEngine;
  readonly policy: PolicyEngine;
  readonly runs: RunsEngine;
  prove(of: { readonly name: string }): Promise<Proof>;
  secretsStatus(): Promise<SecretsStatus>;
  rotateSecrets(onProgress: OnProgress): Promise<SecretsRotated>;
  resetSecrets(): Promise<SecretsReset>;
}
