/**
 * Search (RFC 4511 §4.5) as the directory takes it. Entries never pass through here: they go from
 * the directory's run straight into the connection's output.
 */
import type { Context, Directory, SearchRun } from '../../directory/operations/types.js';
import { noRequestControls, type RequestControls } from '../controls/index.js';
import type { SearchRequest as SearchOp } from '../protocol/index.js';
import { contextAs } from './context-as.js';

const scopes = ['base', 'one', 'sub'] as const;
const derefs = ['never', 'inSearching', 'findingBase', 'always'] as const;

/** Starts the search; may throw LdapError. */
export function startSearch(
  directory: Directory,
  op: SearchOp,
  controls: RequestControls,
  asking: Context,
): SearchRun {
  const request = {
    base: op.baseObject,
    scope: scopes[op.scope],
    deref: derefs[op.derefAliases],
    sizeLimit: op.sizeLimit,
    timeLimit: op.timeLimit,
    typesOnly: op.typesOnly,
    filter: op.filter,
    attributes: op.attributes,
  };
  if (controls === noRequestControls) return directory.search(request, asking);
  const { paged, assertion, accountUsability, rightsOf } = controls;
  const context = contextAs(directory, controls, asking);
  return directory.search(
    {
      ...request,
      ...(paged === undefined ? undefined : { paged }),
      ...(assertion === undefined ? undefined : { assertion }),
      ...(accountUsability === undefined ? undefined : { usability: accountUsability }),
      ...(rightsOf === undefined ? undefined : { rightsOf }),
    },
    context,
  );
}
