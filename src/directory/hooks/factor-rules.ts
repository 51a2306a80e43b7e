/**
 * What a policy says about second factors is held against what is understood: a slip of the pen in
 * `required` would otherwise let everybody in without.
 */
import { factorModes } from '../../credentials/otp/index.js';
import { LdapError } from '../../runtime/errors.js';
import { suggest } from '../../runtime/suggest.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { WriteHook } from './types.js';

const MODE = 'tenuresecondfactor';
const SEPARATORS = 'tenureotpseparators';

function check(after: Attributes): void {
  const mode = after.get(MODE)?.values[0]?.toString('utf8');
  if (mode !== undefined && !(factorModes as readonly string[]).includes(mode)) {
    const meant = suggest(mode, factorModes);
    const hint =
      meant === undefined ? `it is one of ${factorModes.join(', ')}` : `is ${meant} meant?`;
    throw new LdapError(
      'constraintViolation',
      `tenureSecondFactor: "${mode.slice(0, 40)}": ${hint}`,
    );
  }
  const separators = after.get(SEPARATORS)?.values[0]?.toString('utf8');
  if (separators !== undefined && !/^(?=.)(?:none)?[,;:]*$/.test(separators)) {
    throw new LdapError(
      'constraintViolation',
      `tenureOtpSeparators: "${separators.slice(0, 40)}" is not none and any of , ; : (such as none,;)`,
    );
  }
}

export const factorRules: WriteHook = {
  name: 'second factors of policies',
  onAdd: ({ attributes }) => check(attributes),
  onChange: ({ after }) => check(after),
};
