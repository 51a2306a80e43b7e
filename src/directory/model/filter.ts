/**
 * A search filter (RFC 4511 §4.5.1.7) as the directory sees it. Attribute descriptions and
 * assertion values are exactly what was asked: nothing is lower-cased, normalised or checked
 * against the schema here. The wire decodes to the same shape.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | {
      readonly kind: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial: Buffer | undefined;
      readonly any: readonly Buffer[];
      readonly final: Buffer | undefined;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'extensible';
      /** Matching rule name or OID, or undefined: the attribute's equality rule. */
      readonly rule: string | undefined;
      readonly attribute: string | undefined;
      readonly value: Buffer;
      /** Also match against the attributes in the entry's name. */
      readonly dnAttributes: boolean;
    };

/** The filter that every entry matches. */
export const matchAll: Filter = { kind: 'present', attribute: 'objectClass' };
