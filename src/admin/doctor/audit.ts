/** Whether the audit trail has all that was seen since the server started. */
import { type Finding, fine, look } from './finding.js';

/** `3 events are missing in the audit trail: …`: what is said wherever it is told. */
export function lostFromTrail(count: number): string {
  const are = count === 1 ? '1 event is' : `${count} events are`;
  return (
    `${are} missing in the audit trail: nothing could be written for so long that there was no more ` +
    'room for what was seen'
  );
}

export function auditFinding(dropped: number): Finding {
  if (dropped === 0) return fine('audit', 'nothing that was seen was lost since the start');
  return look(
    'audit',
    lostFromTrail(dropped),
    'see that the disk has room and can be written; the count begins anew with the next start',
  );
}
