/** The administration's use cases around the lifecycle policy, and what they give back. */

/** Counted from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface PolicyText {
  /** The document. */
  readonly text: string;
  /** Its entry; undefined where the built-in policy holds. */
  readonly dn: string | undefined;
  /** Hex. */
  readonly sha256: string;
}

/** A policy in sentences. */
export interface PolicyPage {
  readonly lines: readonly string[];
  /** Of the document, so that a signature is for one text. */
  readonly sha256: string;
  readonly inForce: boolean;
}

/** One way in which somebody gets a role. */
export interface PolicyWay {
  readonly role: string;
  readonly group: string | undefined;
  readonly by: 'hand' | 'rule' | 'kind' | 'journey' | 'grant' | 'attribute';
  readonly attributes: readonly string[];
  readonly who: readonly string[];
  readonly line: number;
}

/** So many people, and some of their names. */
export interface Somebody {
  readonly count: number;
  /** Logins, the first few. */
  readonly names: readonly string[];
}

export interface PolicyCheck {
  readonly ok: boolean;
  readonly problems: readonly PolicyProblem[];
  readonly ways: readonly PolicyWay[];
  /** Of the directory's people under this policy; undefined where it has errors. */
  readonly people: PolicyPeople | undefined;
}

export interface PolicyPeople {
  readonly count: number;
  /** How many there are of each kind. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  /** Whom no kind fits: no journey is theirs. */
  readonly without: Somebody;
  /** Who lacks what their kind must have. */
  readonly lacking: readonly (Somebody & { readonly kind: string; readonly lack: string })[];
  /** Groups that the policy names and the directory does not have. */
  readonly missingGroups: readonly string[];
}

export interface PolicyDifference {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What a document would change if it were installed now. */
export interface PolicyPreview {
  readonly problems: readonly PolicyProblem[];
  readonly differences: readonly PolicyDifference[];
  /** People for whom anything below changes. */
  readonly changed: number;
  /** Who could come in until now and could not any more, now or at once when it is due. */
  readonly closed: Somebody;
  readonly opened: Somebody;
  readonly kinds: readonly { readonly from: string; readonly to: string; readonly count: number }[];
  readonly groups: readonly {
    readonly group: string;
    readonly joins: number;
    readonly leaves: number;
  }[];
}

export interface PolicyOrder {
  readonly text: string;
  readonly by: string;
  readonly because: string;
  /** So many people are closed by it, and not one more or less. */
  readonly expect?: number | undefined;
  /** The preview that was looked at was of this policy (its digest); another one is refused. */
  readonly over?: string | undefined;
}

export interface PolicyInstalled extends PolicyPreview {
  readonly dn: string;
  readonly sha256: string;
  /** False where the document is the one that was there. */
  readonly written: boolean;
  /** The number under which it can be undone; 0 where nothing was written. */
  readonly run: number;
}

export interface PolicyVersion {
  /** Of the Change. */
  readonly seq: number;
  /** The run that it was part of, or 0. */
  readonly run: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly what: 'installed' | 'replaced' | 'removed';
  /** Undefined where it was removed. */
  readonly sha256: string | undefined;
  readonly text: string | undefined;
}

/** Another name for a value, at everybody who has it and in the conditions of the policy. */
export interface ValueRenaming {
  /** An LDAP name, or a word of the policy. */
  readonly attribute: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly because: string;
  /** Says what would be done, and does nothing. */
  readonly rehearse: boolean;
}

export interface ValueRenamed {
  /** LDAP name. */
  readonly attribute: string;
  readonly people: Somebody;
  /** Of the document, where the value stands. */
  readonly lines: readonly number[];
  /** The number under which it can be undone; 0 for a rehearsal. */
  readonly run: number;
}

export interface PolicyEngine {
  show(): Promise<PolicyText>;
  /** Of a document, or of the one in force. */
  read(of: { readonly text?: string | undefined }): Promise<PolicyPage>;
  check(of: { readonly text: string }): Promise<PolicyCheck>;
  preview(of: { readonly text: string }): Promise<PolicyPreview>;
  install(order: PolicyOrder): Promise<PolicyInstalled>;
  /** Groups stay as they are: people and conditions change their name together. */
  renameValue(renaming: ValueRenaming): Promise<ValueRenamed>;
  /** The newest last. */
  history(): Promise<readonly PolicyVersion[]>;
}
