/** The administration's use cases around SSH keys, and what they give back. */

export interface KeyInfo {
  /** As ssh-keygen -l shows it. */
  readonly fingerprint: string;
  readonly type: string;
  readonly bits: number;
  readonly comment: string;
  /** What stands in front of the type, such as `from="…"`; empty where nothing does. */
  readonly options: string;
  /** ISO 8601, UTC; undefined where the key came with an import. */
  readonly added: string | undefined;
  readonly changed: string | undefined;
  /** From when on it is withheld; undefined where it never is. */
  readonly expires: string | undefined;
  readonly expired: boolean;
}

export interface KeyList {
  readonly dn: string;
  readonly keys: readonly KeyInfo[];
}

export interface KeyAdd {
  /** A login, common name or distinguished name. */
  readonly name: string;
  /** A line of authorized_keys. */
  readonly line: string;
  /** When it shall end: ISO 8601; undefined leaves the line as it is. */
  readonly expires: string | undefined;
  /** Who does it, for the change log. */
  readonly by: string;
}

export interface KeyRemove {
  readonly name: string;
  /** A fingerprint, the beginning of one, or a comment. */
  readonly key: string;
  readonly by: string;
}

export interface KeyChange {
  readonly dn: string;
  readonly key: KeyInfo;
}

export interface KeysEngine {
  list(name: string): Promise<KeyList>;
  add(add: KeyAdd): Promise<KeyChange>;
  remove(remove: KeyRemove): Promise<KeyChange>;
}
