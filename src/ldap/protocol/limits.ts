/**
 * How much of everything one request may hold. The caller's configuration decides; this folder
 * only counts. Sizes in octets are the framer's business.
 */
export interface CodecLimits {
  /** Nesting of and, or, not. */
  readonly filterDepthMax: number;
  /** Nodes and leaves of one filter. */
  readonly filterElementsMax: number;
  /** Attribute descriptions selected by one search (or pre-read, post-read) request. */
  readonly requestedAttributesMax: number;
  /** Attributes of one add, changes of one modify. */
  readonly attributesMax: number;
  /** Values of one request, all attributes together. */
  readonly valuesMax: number;
  /** Controls of one request. */
  readonly controlsMax: number;
}
