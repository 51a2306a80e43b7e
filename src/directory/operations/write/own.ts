/**
 * What of an entry somebody changes: nothing but the password, nothing but what people look after
 * themselves (password, SSH keys and the class that lets an entry have them), or more. Whether that
 * is allowed, and on whose entry, is decided by access.
 */
import { type Bytes, bufferOf } from '../../model/bytes.js';
import type { AttributeType } from '../../schema/index.js';

interface Touch {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
  readonly type: AttributeType | undefined;
  readonly values: readonly Bytes[];
}

export function whatIsTouched(touches: readonly Touch[]) {
  return {
    passwordOnly: touches.length > 0 && touches.every(isPassword),
    ownOnly: touches.length > 0 && touches.every((touch) => isPassword(touch) || isKey(touch)),
  };
}

function isPassword({ type }: Touch): boolean {
  return type?.name === 'userPassword';
}

function isKey({ op, type, values }: Touch): boolean {
  if (type?.name === 'sshPublicKey') return true;
  if (type?.name !== 'objectClass' || op !== 'add') return false;
  return values.every((value) => bufferOf(value).toString('latin1').toLowerCase() === KEY_CLASS);
}

const KEY_CLASS = 'ldappublickey';
