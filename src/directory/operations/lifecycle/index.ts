/** What the lifecycle means for operations: states and facts of entries. */

export {
  assertMayGoOn,
  mayGoOn,
  sessionOver,
  setUpGate,
  stateGate,
} from './admission.js';
export { appearanceOf, boundedBy, membersBelow } from './appearance.js';
export { isBrownedOut } from './browned-out.js';
export { carriedAttributes } from './carried.js';
export {
  assertTally,
  CLOSINGS_KEPT_SECONDS,
  ClosingTally,
  closes,
  closingGuard,
  HeldWrite,
  oneTooMany,
} from './closings.js';
export {
  type ConsumerView,
  consumerView,
  isHost,
  type NtHashName,
  ntHashNames,
  readView,
  viewOfAccount,
} from './consumers.js';
export { derive, type Foldable, hasState, principalOf, timelineOf, timelinesOf } from './derive.js';
export { meaningOf, spokenNames } from './dialect-writes.js';
export { dialectAttributes, dialectKeys, isAccount } from './dialects.js';
export { assertNoDisposal } from './disposals.js';
export { DueTick } from './due.js';
export { addFact, badFact, factNames, factsIn, textsIn } from './fact-values.js';
export { type BadFact, factsOf, type Texts } from './facts-of.js';
export {
  type Folded,
  foldRulesOf,
  newEntriesAre,
  type RulesOf,
  rulesOf,
} from './fold-rules.js';
export {
  admittedState,
  comingState,
  FOLDED_AT_ONCE_MAX,
  foldingOf,
  foldsByPlace,
  waitsToBeFolded,
} from './folding.js';
export { nextInstant, turnedBetween } from './instants.js';
export { keepsService } from './kept.js';
export { closedSince, openEnd } from './moments.js';
export { assertTheyMove, hasNames, nameable, noteMoves } from './moves.js';
export { assertFactsKept, opensAt, type Rewritten } from './opened.js';
export { peopleBelow, peopleIds } from './people-ids.js';
export { basesOf, isBelow, type Placed, personOf } from './person-of.js';
export {
  builtInPolicy,
  POLICY_CLASS,
  POLICY_RDN,
  POLICY_TEXT,
  type PolicyInForce,
  policyEntry,
  policyOf,
  readText,
} from './policy-of.js';
export { readingIdentity, readsBy, readsOf } from './reading.js';
export { findRehire, type Newcomer, type Rehire } from './rehire.js';
export { roleOf } from './roles.js';
export {
  addOwnBlock,
  assertAllSaid,
  isSaid,
  liftOwnBlocks,
  type SaidName,
  type Saying,
  saidNames,
  say,
  stateNow,
} from './said.js';
export { assertSound } from './sound.js';
export { pendingStamps, shownModifiedAt, withTurned } from './stamps.js';
export { PRINCIPALS_MAX, stateOf } from './state.js';
export { turnedAt, warmTurned } from './turned.js';
export { viewFaultOf } from './view-faults.js';
export { stateAttributes } from './virtual-state.js';
export { vocabularyOf } from './vocabulary.js';
export { Withholding, withholdingOf } from './withholding.js';
