/**
 * Somebody of whom it is asked what they may do: the identity that a bind would give them, with what
 * the policy makes of it now, over a connection such as the one that asks. Lives for one slice of work.
 */
import { mayReadTree, readRefused } from '../../access/index.js';
import type { Identity, Origin } from '../../model/identity.js';
import { mayGoOn, readingIdentity, sessionOver } from '../lifecycle/index.js';
import { accessOf, known } from '../reads/index.js';
import { type Author, actingIdentity } from '../rights/index.js';
import { type View, viewFor } from '../view.js';

export type SubjectTools = Pick<View, 'reader' | 'names' | 'nowMs'>;

export interface Subject {
  /** As writes see them. */
  readonly author: Author;
  /** As reads see them. */
  readonly view: View;
  /** Why they may do nothing at all. */
  readonly stopped: string | undefined;
  /** Why they may read nothing. */
  readonly blind: string | undefined;
}

export function subjectOf(given: Identity, origin: Origin, tools: SubjectTools): Subject {
  const { reader, nowMs } = tools;
  const nowSeconds = Math.floor(nowMs() / 1000);
  const identity = actingIdentity(given, reader, nowSeconds);
  const access = accessOf(identity, origin, reader, nowMs());
  const reading = readingIdentity(known(identity, access), reader, nowMs);
  const active = mayGoOn(identity, reader, nowSeconds);
  return {
    author: { identity, origin, reader, nowSeconds },
    view: viewFor(reading, tools, access),
    stopped: active ? undefined : sessionOver.replace('that this session is bound as ', ''),
    blind: mayReadTree(reading) ? undefined : readRefused(reading).message,
  };
}
