/** The administration's view of departures: cases, their items, and resources outside the directory. */

import type { GoneBy } from './access.js';

/** Times are ISO 8601, UTC. */
export interface CaseItemInfo {
  /** `resource:github`, `heir:…`: names it whatever stands before it. */
  readonly key: string;
  readonly text: string;
  /** Who does it. */
  readonly owner: string;
  /** Absent where it is due with the departure. */
  readonly due?: string;
  readonly overdue: boolean;
  readonly done?: string;
  readonly by?: string;
  readonly note?: string;
}

export interface CaseInfo {
  readonly id: number;
  readonly login: string;
  /** Absent where the entry is gone. */
  readonly dn?: string;
  /** The state of the person now. */
  readonly state: string;
  readonly zone: string;
  readonly now: string;
  /** When they leave, or left; absent where nothing says so any more. */
  readonly leaves?: string;
  readonly opened: string;
  /** Who wrote the end. */
  readonly actor: string;
  /** From the notice, where one was given. */
  readonly reason?: string;
  /** When sealed credentials are destroyed by the policy; absent where it does not say. */
  readonly destroyed?: string;
  readonly archived?: string;
  readonly holds: readonly string[];
  readonly items: readonly CaseItemInfo[];
  /** Where the person was seen, and how long each place may still go by what it knew. */
  readonly seen?: readonly GoneBy[];
  readonly closed?: string;
  readonly closedBy?: string;
  readonly closing?: string;
}

export interface CaseList {
  readonly cases: readonly CaseInfo[];
}

export interface CaseFilter {
  /** `due`: they have left, or notice was given; `open`: all that are not closed; `all`. */
  readonly which: 'due' | 'open' | 'all';
}

/** A number, or whose it is. */
export interface CaseNamed {
  readonly name: string;
}

export interface CaseTick extends CaseNamed {
  /** The place in the list, the key, or a part of the text. */
  readonly item: string;
  readonly note: string;
  readonly undo: boolean;
  readonly by: string;
}

export interface CaseClose extends CaseNamed {
  readonly by: string;
  /** Needed where items are open. */
  readonly because: string;
}

export interface Reconcile {
  readonly resource: string;
  /** The exported list: CSV with a header. */
  readonly csv: string;
  readonly file: string;
  readonly by: string;
  /** Say what it shows, tick nothing. */
  readonly preview: boolean;
}

export interface Reconciled {
  readonly resource: string;
  /** Accounts in the list. */
  readonly accounts: number;
  /** Cases whose item was ticked: the person is not in the list any more. */
  readonly ticked: readonly { readonly id: number; readonly login: string }[];
  /** Cases whose people are in the list still. */
  readonly still: readonly {
    readonly id: number;
    readonly login: string;
    readonly account: string;
  }[];
  /** Accounts of people who have left, for whom no case is open. */
  readonly left: readonly { readonly login: string; readonly account: string }[];
  /** Accounts of nobody here. */
  readonly unknown: readonly string[];
}

export interface ResourceInfo {
  readonly name: string;
  readonly owner: string;
  /** In the words of the policy. */
  readonly text: string;
  readonly checkedAgainst?: string;
  /** Open items in cases. */
  readonly open: number;
}

export interface CasesEngine {
  list(filter: CaseFilter): Promise<CaseList>;
  show(of: CaseNamed): Promise<CaseInfo>;
  tick(tick: CaseTick): Promise<CaseInfo>;
  close(close: CaseClose): Promise<CaseInfo>;
  resources(): Promise<{ readonly resources: readonly ResourceInfo[] }>;
  reconcile(order: Reconcile): Promise<Reconciled>;
}
