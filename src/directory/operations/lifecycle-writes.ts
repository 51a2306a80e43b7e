/** Writes that the lifecycle adds: runs, what is done for good, and taking runs back. */

import type { CaseItem } from '../model/cases.js';
import type { Decision, Mark, NewDecision, NewMessage, Sending } from '../model/records.js';
import type { PreparedWrite, WriteBase } from './types.js';
import type { EntryNet } from './undo/index.js';

/** Begins a run: the number under which what follows can be undone together. */
export interface OpenRunRequest extends WriteBase {
  readonly op: 'openRun';
  /** The run that this one takes back. */
  readonly undoes?: number;
}

/** Puts a read of secrets by the administration into the audit trail, before anything is told. */
export interface AuditRequest extends WriteBase {
  readonly op: 'audit';
  readonly what: string;
  /** Whose they are; absent: everybody's. */
  readonly owner?: number;
}

/** Forgets a run of which nothing came: what was to be done was refused. */
export interface DropRunRequest extends WriteBase {
  readonly op: 'dropRun';
  readonly dropped: number;
}

/** Items of a departure case that were done, or its end. */
export interface CaseRequest extends WriteBase {
  readonly op: 'case';
  readonly id: number;
  readonly by: string;
  readonly ticks?: readonly {
    readonly item: Pick<CaseItem, 'key' | 'text' | 'owner' | 'due'>;
    readonly note: string;
    /** It is open again. */
    readonly undo?: boolean;
  }[];
  /** The reason, empty where nothing was open. */
  readonly close?: string;
}

/** Takes back what a run did to entries, as far as nothing that was done later stands in the way. */
export interface UndoRequest extends WriteBase {
  readonly op: 'undo';
  readonly entries: readonly EntryNet[];
  /** Says what would be done, and does nothing. */
  readonly rehearse?: boolean;
}

/** What is done for good after an end; refused (unwillingToPerform) before it. */
export interface DisposeRequest extends WriteBase {
  readonly op: 'dispose';
  readonly owner: number;
  /** To archive is to destroy credentials and forget groups as well. */
  readonly what: 'credentials' | 'groups' | 'archive';
}

/** What was destroyed. */
export interface Disposed {
  secrets: number;
  keys: number;
  /** Distinguished names of the groups and sudo rules that named the person. */
  readonly groups: string[];
}

/** Entries go, and with them what the log knows about them; a tombstone stays of each. */
export interface PurgeRequest extends WriteBase {
  readonly op: 'purge';
  readonly owners: readonly number[];
}

/** Writes that stand and fall together, with what the engine notes of them. */
export interface TogetherRequest extends WriteBase {
  readonly op: 'together';
  readonly writes: readonly PreparedWrite[];
  readonly marks?: readonly Omit<Mark, 'run' | 'at'>[];
  readonly decisions?: readonly Omit<NewDecision, 'at' | 'actor'>[];
  readonly messages?: readonly Omit<NewMessage, 'at' | 'run'>[];
  /** Decisions that this answers: refused (noSuchObject) where one is not open any more. */
  readonly answers?: readonly {
    readonly id: number;
    readonly state: Decision['state'];
    readonly by: string;
  }[];
  /** What became of messages. */
  readonly sendings?: readonly Sending[];
  /** Of decisions of which somebody was told again. */
  readonly told?: readonly number[];
}

/** Instants that have passed are written down. */
export interface StampRequest extends WriteBase {
  readonly op: 'stamp';
  /** What looks different, and since which second. */
  readonly entries: readonly { readonly id: number; readonly at: number }[];
  /** With these, everything up to this second is written down. */
  readonly until?: number;
}

/** The next people are folded by the policy in force, which is new. */
export interface FoldPeopleRequest extends WriteBase {
  readonly op: 'foldPeople';
}

/** The next people are put into the groups of the policy in force, which is new. */
export interface PlaceMembersRequest extends WriteBase {
  readonly op: 'placeMembers';
}

/** Somebody has become of a kind that never gets some groups: out of those, whoever put them in. */
export interface KeepOutRequest extends WriteBase {
  readonly op: 'keepOut';
  readonly owner: number;
}

/** What is remembered of the clock; no Change, because nothing that anybody sees has changed. */
export interface ClockRequest extends WriteBase {
  readonly op: 'clock';
  /** Why it is not to be trusted; empty: it is. */
  readonly suspicion: string;
  /** Commits up to here do not speak against it, ms since 1970. */
  readonly acceptedMs?: number;
}

/** What became of messages. */
export interface SentRequest extends WriteBase {
  readonly op: 'sent';
  readonly sendings: readonly Sending[];
}

/** Why a value stays as it is. */
export interface UndoConflict {
  readonly attribute: string | undefined;
  /** A sentence. */
  readonly text: string;
  /** The later Change that stands in the way, where it is one. */
  readonly by?: { readonly seq: number; readonly actor: string; readonly reason: string };
}

/** What became of one entry of an undo. */
export interface EntryUndone {
  readonly dn: string;
  /** Values, references and entries that are as they were before. */
  readonly back: number;
  readonly conflicts: readonly UndoConflict[];
  /** What does not come back, in words such as `2 passwords`. */
  readonly gone: readonly string[];
}
