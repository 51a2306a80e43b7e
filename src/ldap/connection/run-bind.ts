/** Bind: anonymous first, whatever comes of it, and somebody only when that is certain (§4.2.1). */
import { isIP } from 'node:net';
import { anonymous, type Identity, type Origin } from '../../directory/model/identity.js';
import type { PolicyResponse } from '../../directory/model/password-policy.js';
import type { BindOutcome } from '../../directory/operations/types.js';
import { errorShape, LdapError, resultCodes } from '../../runtime/errors.js';
import {
  netscapeExpiry,
  passwordPolicyResponse,
  type RequestControls,
  wantsPolicy,
} from '../controls/index.js';
import { bind } from '../handlers/index.js';
import {
  type BindRequest,
  type Control,
  noControls,
  type RequestMessage,
} from '../protocol/index.js';
import type { Connection } from './connection.js';
import { finish, refuse, startTime } from './finish.js';
import { controlsOf } from './gate.js';

/** Runs a bind; the queue lets nothing pass until it ended. */
export function runBind(connection: Connection, message: RequestMessage, op: BindRequest): void {
  const { wire } = connection;
  const startedMs = startTime(connection);
  const boundBefore = boundThrough(connection);
  connection.setIdentity(anonymous);
  const services = { directory: wire.directory, dnDepthMax: wire.limits.dnDepthMax };
  let answer: BindOutcome | Promise<BindOutcome>;
  try {
    const { passwordPolicy, tracking } = controlsOf(connection, 'bind', message);
    const { passwordsAllowed, certificate } = connection;
    const origin = originWith(connection, tracking);
    answer = bind(services, op, {
      origin,
      boundBefore,
      passwordsAllowed,
      wantsPolicy: passwordPolicy === true,
      trackedAddress: tracking && addressIn(tracking.sessionSourceIp),
      certificate,
      certificatesTaken: connection.encrypted && wire.tls?.asksClients === true,
    });
  } catch (error) {
    turnAway(connection, message, startedMs, error);
    return;
  }
  if ('then' in answer) wait(connection, message, startedMs, answer);
  else welcome(connection, message, startedMs, answer);
}

/** The service account last bound on each connection, though people have bound on it since. */
const services = new WeakMap<Connection, Identity>();

/** Who asks on behalf of whoever binds now. */
function boundThrough(connection: Connection): Identity {
  const { identity } = connection.context;
  if (identity.role === 'user' && connection.wire.directory.isService?.(identity) === true) {
    services.set(connection, identity);
    return identity;
  }
  return services.get(connection) ?? identity;
}

/**
 * Whether nothing runs on a connection on which a service account was bound before somebody else
 * was. A RADIUS or web server keeps such connections and binds again before it goes on; FreeRADIUS 3
 * does not where it finds one closed as it binds as somebody, and from then on turns everybody away
 * whose search comes over it.
 */
export function isPooled(connection: Connection): boolean {
  const service = services.get(connection);
  const { identity } = connection.context;
  return service !== undefined && service.entryId !== identity.entryId && connection.inFlight === 0;
}

/** With what the request says about whom it is for, and the service behind the connection. */
export function originWith(connection: Connection, tracking: RequestControls['tracking']): Origin {
  const { origin } = connection.context;
  const service = services.get(connection)?.entryId;
  if (tracking === undefined && service === undefined) return origin;
  const tracked = tracking && {
    address: addressIn(tracking.sessionSourceIp) ?? '',
    name: tracking.sessionTrackingIdentifier,
  };
  return { ...origin, ...(tracked && { tracked }), ...(service !== undefined && { service }) };
}

/** What a client tells of another's address, if it is one. */
function addressIn(text: string): string | undefined {
  return isIP(text) === 0 ? undefined : text;
}

function wait(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  answer: Promise<BindOutcome>,
): void {
  const { queue } = connection;
  queue.bindStarted();
  answer.then(
    (outcome) => {
      queue.bindEnded();
      if (connection.state !== 'open') return;
      welcome(connection, message, startedMs, outcome);
      connection.wake();
    },
    (error: unknown) => {
      queue.bindEnded();
      if (connection.state !== 'open') return;
      turnAway(connection, message, startedMs, error);
      connection.wake();
    },
  );
}

function welcome(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  { identity, policy }: BindOutcome,
): void {
  connection.setIdentity(identity);
  const controls = policy === undefined ? noControls : policyControls(connection, message, policy);
  finish(connection, message, startedMs, resultCodes.success, '', '', controls);
}

function turnAway(
  connection: Connection,
  message: RequestMessage,
  startedMs: number,
  error: unknown,
): void {
  if (!connection.wire.netscapeControls || !(error instanceof LdapError)) {
    refuse(connection, message, startedMs, error);
    return;
  }
  const { code, text, matchedDn, policyError } = errorShape(error);
  const controls =
    policyError === undefined
      ? noControls
      : policyControls(connection, message, { error: policyError });
  finish(connection, message, startedMs, resultCodes[code], text, matchedDn, controls);
}

/** The control that was asked for, and the one that nobody has to ask for where it is on. */
function policyControls(
  { wire }: Connection,
  message: RequestMessage,
  policy: PolicyResponse,
): readonly Control[] {
  const controls: Control[] = [];
  if (wantsPolicy(message.controls)) controls.push(passwordPolicyResponse(policy));
  const netscape = wire.netscapeControls ? netscapeExpiry(policy) : undefined;
  if (netscape !== undefined) controls.push(netscape);
  return controls;
}
