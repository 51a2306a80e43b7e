/** Memberships that are held otherwise than by hand. */
export { type HeldGroup, heldGroups } from './held-groups.js';
export {
  formatHolderValue,
  type HolderNote,
  type HolderValue,
  readHolderValue,
  readNote,
  TENURE_HOLDER,
  writeNote,
} from './holder-values.js';
export { holderAttributes, holderValues } from './virtual-holders.js';
