/** The values of the subschema subentry (RFC 4512 §4.2), in a stable order. */
import type { AttributeType, MatchingRule, PublishedSchema, Schema, Syntax } from './types.js';

function publishRule(rule: MatchingRule): string {
  return `( ${rule.oid} NAME '${rule.name}' SYNTAX ${rule.syntaxOid} )`;
}

function publishSyntax(syntax: Syntax): string {
  const unreadable = syntax.humanReadable ? '' : " X-NOT-HUMAN-READABLE 'TRUE'";
  const binary = syntax.binaryTransfer ? " X-BINARY-TRANSFER-REQUIRED 'TRUE'" : '';
  return `( ${syntax.oid} DESC '${syntax.description}'${binary}${unreadable} )`;
}

/** Whether values of the type can be compared with the rule. */
function applies(rule: MatchingRule, type: AttributeType): boolean {
  if (rule === type.equality || rule === type.ordering || rule === type.substring) return true;
  return rule.use === 'extensible' && rule.syntaxOid === type.syntax.oid;
}

function publishUse(rule: MatchingRule, attributes: readonly AttributeType[]): string | undefined {
  const names = attributes.filter((type) => applies(rule, type)).map((type) => type.name);
  if (names.length === 0) return undefined;
  const list = names.length === 1 ? names[0] : `( ${names.join(' $ ')} )`;
  return `( ${rule.oid} NAME '${rule.name}' APPLIES ${list} )`;
}

/** Everything that clients may read about the schema; costs a pass over it. */
export function publishSchema(schema: Schema): PublishedSchema {
  return {
    attributeTypes: schema.attributes.map((type) => type.definition),
    objectClasses: schema.objectClasses.map((cls) => cls.definition),
    matchingRules: schema.matchingRules.map(publishRule),
    ldapSyntaxes: schema.syntaxes.map(publishSyntax),
    matchingRuleUse: schema.matchingRules.flatMap(
      (rule) => publishUse(rule, schema.attributes) ?? [],
    ),
  };
}
