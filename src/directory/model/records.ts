/**
 * What the policy engine keeps beside the entries: what it has done already (marks), what waits for
 * an answer (decisions), what it has to tell the world (messages), and whom anybody has closed in
 * the last while (closings). Times are whole seconds since 1970. None of it is directory data: it is
 * in no export and no Change, but each row is written in the transaction of what caused it.
 */

/** A step that was done, for one person and one occurrence of its moment. */
export interface Mark {
  readonly entry: number;
  readonly key: string;
  readonly at: number;
  readonly run: number;
}

export const decisionKinds = ['ask', 'task', 'run', 'write', 'failed'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** Something that waits for a human. */
export interface Decision {
  readonly id: number;
  readonly at: number;
  readonly kind: DecisionKind;
  /** Tells it from others: the same is never asked twice. */
  readonly key: string;
  /** Who is asked, as the policy says it. */
  readonly who: string;
  /** Whose doing it was: distinguished name. */
  readonly actor: string;
  /** A sentence. */
  readonly text: string;
  /** The entry that it is about, or 0. */
  readonly about: number;
  /** JSON: what an answer sets going. */
  readonly detail: string;
  /** `open`, or what was answered. */
  readonly state: 'open' | 'yes' | 'no' | 'done' | 'gone';
  /** Who answered, one a line. */
  readonly by: string;
  readonly answeredAt: number;
  /** When it was last told; reminders follow from it. */
  readonly toldAt: number;
}

export type NewDecision = Pick<
  Decision,
  'at' | 'kind' | 'key' | 'who' | 'actor' | 'text' | 'about' | 'detail'
>;

export interface Message {
  readonly id: number;
  /** The receiver sees the same key each time it is sent. */
  readonly key: string;
  readonly run: number;
  readonly at: number;
  readonly channel: 'mail' | 'hook';
  /** An address, or the name of a webhook. */
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly state: 'waiting' | 'sent' | 'given up';
  readonly tries: number;
  /** When it is tried next, while it waits; else when it was sent or given up. */
  readonly nextAt: number;
  /** Why it did not go, the last time. */
  readonly error: string;
}

export type NewMessage = Pick<
  Message,
  'key' | 'run' | 'at' | 'channel' | 'to' | 'subject' | 'body'
>;

/** What became of an attempt to send. */
export interface Sending {
  readonly id: number;
  readonly state: Message['state'];
  readonly nextAt: number;
  readonly error: string;
}

/** What reads the rows. */
export interface RecordReader {
  /** Keys of the steps that were done for somebody, and when. */
  marksOf(entry: number): ReadonlyMap<string, number>;
  /** Entries that have any. */
  marked(): ReadonlySet<number>;
  /** By id. */
  openDecisions(afterId: number, limit: number): Decision[];
  decision(id: number): Decision | undefined;
  /** The one of that key that waits. */
  openDecisionOf(key: string): Decision | undefined;
  /** Whether a message of that key was ever to be sent. */
  hasMessage(key: string): boolean;
  /** Those whose time has come. */
  waitingMessages(nowSeconds: number, limit: number): Message[];
  /** When the next of those that wait is tried. */
  nextMessageAt(): number | undefined;
  messages(afterId: number, limit: number): Message[];
  messagesOfRun(run: number): Message[];
  /** How many others an actor has closed since. */
  closings(actor: string, afterSeconds: number, butEntry: number): number;
}

/** And writes them. */
export interface RecordWriter extends RecordReader {
  mark(mark: Mark): void;
  /** Where the same is open already, it gets the new words. Returns its number. */
  decide(decision: NewDecision): number;
  /** False where it was not open. */
  answer(id: number, state: Decision['state'], by: string, atSeconds: number): boolean;
  told(id: number, atSeconds: number): void;
  /** Nothing where a message of that key is there already. */
  send(message: NewMessage, about?: number): void;
  sent(sending: Sending): void;
  close(entry: number, actor: string, atSeconds: number, forgetBefore: number): void;
}
