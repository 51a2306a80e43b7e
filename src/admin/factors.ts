/**
 * The administration's use cases around second factors, app passwords and first passwords, and what
 * they give back. What is secret is in the answer of the call that made it, and nowhere else.
 */

/** Whom an action is about, by any name that says it, and who does it, for the log. */
export interface About {
  readonly name: string;
  readonly by: string;
}

export interface EnrolInput extends About {
  readonly type: 'totp' | 'hotp';
  /** Base32, of a device that brings its own; made here where it is absent. */
  readonly secret?: string | undefined;
  /** In place of the factor that is there. */
  readonly replace: boolean;
}

export interface Enrolment {
  readonly dn: string;
  readonly type: 'totp' | 'hotp';
  /** For a device, typed. */
  readonly secret: string;
  /** For a device, scanned. */
  readonly uri: string;
  /** Each stands in for a code once. */
  readonly recoveryCodes: readonly string[];
}

export interface FactorStatus {
  readonly dn: string;
  /** `pending`: waits for its first code. */
  readonly state: 'none' | 'pending' | 'active';
  readonly type?: 'totp' | 'hotp';
  /** ISO 8601, UTC. */
  readonly enrolled?: string;
  readonly recoveryCodesLeft: number;
}

export interface RecoveryCodes {
  readonly dn: string;
  readonly recoveryCodes: readonly string[];
}

export interface AddAppPasswordInput extends About {
  /** What the owner calls it. */
  readonly label: string;
  /** Name of the service account, or undefined: any. */
  readonly service: string | undefined;
  readonly forMs: number | undefined;
}

export interface AppPasswordInfo {
  /** Public. */
  readonly id: string;
  readonly label: string;
  /** DN of the service account; `any`; `gone` where the account was deleted. */
  readonly service: string;
  readonly made: string;
  readonly ends?: string;
  readonly ended: boolean;
  readonly lastUse?: { readonly at: string; readonly from: string; readonly service?: string };
}

export interface NewAppPassword {
  readonly dn: string;
  readonly password: string;
  readonly appPassword: AppPasswordInfo;
}

export interface AppPasswordList {
  readonly dn: string;
  readonly appPasswords: readonly AppPasswordInfo[];
}

export interface RevokeInput extends About {
  /** Label or id. */
  readonly which: string;
}

export interface FirstPasswordInput extends About {
  readonly forMs: number;
  readonly uses: number;
  /** How long until it opens. */
  readonly afterMs: number;
}

export interface FirstPasswordResult {
  readonly dn: string;
  readonly password: string;
  readonly starts: string;
  readonly ends: string;
  readonly uses: number;
  /** Passwords and earlier first passwords that ended with it. */
  readonly ended: number;
}

export interface FactorsEngine {
  enrol(input: EnrolInput): Promise<Enrolment>;
  confirm(input: About & { readonly code: string }): Promise<FactorStatus>;
  disable(input: About): Promise<FactorStatus>;
  status(input: { readonly name: string }): Promise<FactorStatus>;
  renewRecoveryCodes(input: About): Promise<RecoveryCodes>;
  addAppPassword(input: AddAppPasswordInput): Promise<NewAppPassword>;
  listAppPasswords(input: { readonly name: string }): Promise<AppPasswordList>;
  revokeAppPassword(input: RevokeInput): Promise<AppPasswordList>;
  makeFirstPassword(input: FirstPasswordInput): Promise<FirstPasswordResult>;
}
