/** The controls of a request on their way to its handler: checked, decoded, tracking logged. */
import {
  checkControls,
  noRequestControls,
  type RequestControls,
  shown,
} from '../controls/index.js';
import type { AnsweredKind, RequestMessage } from '../protocol/index.js';
import type { Connection } from './connection.js';

/** What the request's controls say; throws LdapError where one of them refuses it. */
export function controlsOf(
  connection: Connection,
  kind: AnsweredKind,
  message: RequestMessage,
): RequestControls {
  if (message.controls.length === 0) return noRequestControls;
  const { limits, log, logsOperations } = connection.wire;
  const controls = checkControls(kind, message.controls, limits);
  if (controls.tracking !== undefined && logsOperations) {
    const { sessionSourceIp, sessionSourceName, sessionTrackingIdentifier } = controls.tracking;
    log.debug(
      {
        connection: connection.number,
        message: message.messageId,
        forAddress: shown(sessionSourceIp),
        forHost: shown(sessionSourceName),
        forSession: shown(sessionTrackingIdentifier),
      },
      'asked on behalf of somebody',
    );
  }
  return controls;
}
