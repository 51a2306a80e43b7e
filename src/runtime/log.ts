/**
 * The log: one JSON object a line on standard error (standard output is for the banner and for
 * command results), or coloured text where a person watches. Owns redaction: whatever is logged,
 * values under the names below never leave, at any depth, and bytes are only counted.
 */
import { isNativeError } from 'node:util/types';
import { type Bindings, type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A logger: `info({ connection: 7 }, 'bound')`. It is pino's, so that Fastify can take it too. */
export type Log = Logger;

/** Where lines go: a writable stream, of which a terminal says `isTTY`. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** `pretty` is honoured on a terminal only; elsewhere lines stay JSON for the collectors. */
  readonly destination: 'json' | 'pretty';
  /** Standard error unless given. */
  readonly stream?: LogStream;
}

/** Bytes kept for a standard error that nobody reads; what does not fit any more is dropped. */
const BUFFERED_BYTES_MAX = 8 * 1024 * 1024;
const DEPTH_MAX = 8;
const REDACTED = '[redacted]';

/** Compared without case, `-` and `_`. */
const secretNames = new Set([
  'accesstoken',
  'apikey',
  'authorization',
  'bindpassword',
  'clear',
  'cleartext',
  'cookie',
  'credential',
  'credentials',
  'newpassword',
  'newpasswd',
  'nthash',
  'oldpassword',
  'oldpasswd',
  'passphrase',
  'passwd',
  'password',
  'passwords',
  'privatekey',
  'refreshtoken',
  'sambantpassword',
  'ntpassword',
  'recoverycodes',
  'secret',
  'secrets',
  'serversaslcreds',
  'seed',
  'setcookie',
  'token',
  'tokens',
  'unicodepwd',
  'userpassword',
]);

/** A log of the given level; nothing in it runs in another thread. */
export function createLog({ level, destination, stream }: LogOptions): Log {
  const terminal = stream === undefined ? process.stderr.isTTY === true : stream.isTTY === true;
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: redactedObject },
      serializers: { err: redactedError },
    },
    destination === 'pretty' && terminal ? prettySink(stream) : jsonSink(stream),
  );
  return redactBindings(log);
}

/** Asynchronous, so that a full pipe never stops the server; flushed at exit by pino. */
function jsonSink(stream: LogStream | undefined): DestinationStream {
  if (stream !== undefined) return { write: (line) => void stream.write(line) };
  return pino.destination({ dest: 2, sync: false, maxLength: BUFFERED_BYTES_MAX });
}

function prettySink(stream: LogStream = process.stderr): DestinationStream {
  const prettify = prettyFactory({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return {
    write(line) {
      stream.write(prettify(line));
    },
  };
}

/** Bindings of a child log are written once, past the formatter; they are redacted here. */
function redactBindings(log: Log): Log {
  const child = log.child;
  const setBindings = log.setBindings;
  log.child = function redactingChild(this: Log, bindings: Bindings, options?: object) {
    return child.call(this, redactedObject(bindings), options);
  } as Log['child'];
  log.setBindings = function redactingSetBindings(this: Log, bindings) {
    setBindings.call(this, redactedObject(bindings));
  };
  return log;
}

/** Keys whose values have a serializer (ours or Fastify's), which chooses what may be shown. */
const serialized = new Set(['err', 'req', 'res']);

function redactedObject(object: object): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    copy[key] = serialized.has(key) && value !== null ? value : redactedMember(key, value, 1);
  }
  return copy;
}

function redactedMember(key: string, value: unknown, depth: number): unknown {
  return isSecret(key) ? REDACTED : redactedValue(value, depth);
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (isNativeError(value)) return redactedError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return redactedValue(value.toJSON(), depth + 1);
  }
  const entries = value instanceof Map ? value.entries() : Object.entries(value);
  const copy: Record<string, unknown> = {};
  for (const [key, member] of entries) {
    copy[String(key)] = redactedMember(String(key), member, depth + 1);
  }
  return copy;
}

function redactedError(error: unknown, depth = 1): unknown {
  if (!isNativeError(error)) return redactedValue(error, depth);
  const shown: Record<string, unknown> = {
    type: error.name,
    message: error.message,
    stack: error.stack,
  };
  for (const [key, member] of Object.entries(error)) {
    shown[key] = redactedMember(key, member, depth + 1);
  }
  if (error.cause !== undefined) shown['cause'] = redactedValue(error.cause, depth + 1);
  return shown;
}

function isSecret(key: string): boolean {
  return secretNames.has(key.toLowerCase().replaceAll('-', '').replaceAll('_', ''));
}
