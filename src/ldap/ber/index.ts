/** BER reader, writer and sizes; everything outside this folder imports from here. */
export { BerError } from './error.js';
export { BerReader, berTags } from './reader.js';
export {
  integerLength,
  lengthOfLength,
  tlvSize,
  writeBytes,
  writeHeader,
  writeInteger,
  writeLength,
} from './sizes.js';
export { decodeText, isAscii } from './text.js';
export { BerWriter } from './writer.js';
