/** People in every state there is, at the hour at which the clock of a test starts. */
import type { State } from '../../src/directory/model/timeline.js';
import type { Values } from './directory-requests.js';

const since = '2025-01-01';
const block = 'kind=administrative by="cn=admin,dc=example,dc=com" since=20260101000000Z';
const gone = `id=1 kind=employee start=${since} end=2025-12-31`;
const disposal = (kind: string) => `kind=${kind} at=20260102000000Z`;

/** The facts that make somebody so on 2026-01-05. */
export const factsOfState: Readonly<Record<State, Values>> = {
  active: { lifecycleEngagement: `id=1 kind=employee start=${since}` },
  leave: {
    lifecycleEngagement: `id=1 kind=employee start=${since}`,
    lifecycleAbsence: 'kind=parental from=2026-01-01 until=2026-06-30',
  },
  staged: { lifecycleEngagement: 'id=1 kind=employee start=2026-02-01' },
  suspended: { lifecycleEngagement: `id=1 kind=employee start=${since}`, lifecycleBlock: block },
  sealed: { lifecycleEngagement: gone },
  destroyed: { lifecycleEngagement: gone, lifecycleDisposal: disposal('destroyed') },
  archived: { lifecycleEngagement: gone, lifecycleDisposal: disposal('archived') },
  purged: { lifecycleEngagement: gone, lifecycleDisposal: disposal('purged') },
};

export const closedStates = (Object.keys(factsOfState) as State[]).filter((s) => s !== 'active');
