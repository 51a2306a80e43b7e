/**
 * One line of cn=changelog (draft-good-ldap-changelog-04 §2.3): what an item of a Change did, in the
 * draft's attributes. Secrets are not in the log, and so not in here: of them nothing is said.
 */
import type { NumberedItem } from '../../model/audit.js';
import type { ChangeItem, ChangeValue, ValueDelta } from '../../model/change.js';
import { timeOfCsn } from '../../model/csn.js';
import { formatTime } from '../../model/time.js';
import type { DirectoryReader } from '../../ports.js';
import { formatRecord, type LdifRecord } from '../../text/index.js';
import type { Names } from '../names.js';
import { make, type StaticEntry } from '../static-entry.js';

export const CHANGELOG_DN = 'cn=changelog';

type Values = readonly (readonly [string, readonly string[]])[];

export function changelogEntry(
  line: NumberedItem,
  reader: DirectoryReader,
  names: Names,
): StaticEntry {
  const { number, csn, payload, actor } = line;
  const item = JSON.parse(payload) as ChangeItem;
  const why = reader.audit.whyOf(line, item.uuid) ?? '';
  const attributes: Values = [
    ['objectClass', ['top', 'changeLogEntry']],
    ['changeNumber', [String(number)]],
    ['changeTime', [formatTime(Math.floor(timeOfCsn(csn) / 1000))]],
    ['targetDN', [item.dn]],
    ['changeInitiatorsName', actor === '' ? [] : [actor]],
    // The reason, and the rules and roles that let it, with their lines in the policy.
    ['description', why === '' ? [] : [why]],
    ['entryUUID', [item.uuid]],
    ...typeOf(item, reader, names),
  ];
  return make(reader.schema(), `changeNumber=${number},${CHANGELOG_DN}`, attributes);
}

/** The entry above them. */
export function changelogRoot(reader: DirectoryReader): StaticEntry {
  return make(reader.schema(), CHANGELOG_DN, [
    ['objectClass', ['top', 'applicationProcess']],
    ['cn', ['changelog']],
  ]);
}

function typeOf(item: ChangeItem, reader: DirectoryReader, names: Names): Values {
  const { op, dn, values = [], placeBefore, placeAfter } = item;
  if (op === 'delete') return [['changeType', ['delete']]];
  if (op === 'add') {
    const attributes = values.map(({ attribute, added }) => ({
      description: attribute,
      values: added.map(bytesOf),
      line: 0,
    }));
    const changes = ldifOf({ kind: 'add', dn, line: 0, controls: [], attributes });
    return [
      ['changeType', ['add']],
      ['changes', [changes]],
    ];
  }
  if (op === 'rename' && placeAfter !== undefined) {
    const moved = placeBefore?.parent !== placeAfter.parent;
    const parent = moved ? reader.idByUuid(placeAfter.parent) : 0;
    const above = parent === 0 ? undefined : reader.entry(parent);
    const went = values.some(({ removed }) => removed.length > 0);
    return [
      ['changeType', ['modrdn']],
      ['newRDN', [placeAfter.rdn]],
      ['deleteOldRDN', [went ? 'TRUE' : 'FALSE']],
      ['newSuperior', above === undefined ? [] : [names.text(above)]],
    ];
  }
  const changes = values.flatMap((delta) => steps(delta));
  const text = ldifOf({ kind: 'modify', dn, line: 0, controls: [], changes });
  return [
    ['changeType', ['modify']],
    ['changes', [text]],
  ];
}

function steps({ attribute, removed, added }: ValueDelta) {
  const step = (op: 'delete' | 'add', values: readonly ChangeValue[]) => {
    return { op, description: attribute, values: values.map(bytesOf), line: 0 };
  };
  return [
    ...(removed.length > 0 ? [step('delete', removed)] : []),
    ...(added.length > 0 ? [step('add', added)] : []),
  ];
}

function bytesOf(value: ChangeValue): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  return 'ref' in value ? Buffer.from(value.dn, 'utf8') : Buffer.from(value.b64, 'base64');
}

/** The record without its name and type, which have attributes of their own. */
function ldifOf(record: LdifRecord): string {
  const text = formatRecord(record);
  const type = /^changetype: .*\n/m.exec(text);
  return text.slice(type === null ? 0 : type.index + type[0].length).replace(/\n\n$/, '\n');
}
