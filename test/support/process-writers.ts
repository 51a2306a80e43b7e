/**
 * Writers that keep a journal: each owns one subtree, sends one write after another, and knows after
 * every answer what must be there. After a crash its subtree is either that, or that and the one
 * write whose answer never came: nothing else, and never half of it.
 */
import type { RequestOp, ResponseMessage } from '../../src/ldap/protocol/index.js';
import { suffix } from './process-server.js';
import { codeOf, saslOp, type Target, WireClient } from './wire-client.js';

/** Entries by DN, each with its attributes in one line of text. */
export type Model = ReadonlyMap<string, string>;

/** A write as it is sent, and what it makes of a subtree. */
interface Step {
  readonly op: RequestOp;
  apply(model: Map<string, string>): void;
}

interface Person {
  readonly uid: string;
  readonly round: number;
  readonly member: boolean;
}

function line({ uid, round, member }: Person): string {
  return `${uid} ${round} ${member ? 'member' : 'alone'}`;
}

export class Writer {
  readonly base: string;
  /** Names of people are unique in the whole directory. */
  private readonly mark: string;
  /** What must be there: everything acknowledged. */
  private sure = new Map<string, string>();
  private pending: Step | undefined;
  private count = 0;
  acknowledged = 0;
  /** Writes whose answer was not success. */
  readonly refused: ResponseMessage[] = [];

  constructor(number: number) {
    this.base = `ou=writer${number},${suffix}`;
    this.mark = `${number}x`;
  }

  /** Writes until the connection ends; resolves then, and never rejects. */
  async run(target: Target): Promise<WireClient> {
    const client = await WireClient.connect(target);
    try {
      if (codeOf(await client.ask(saslOp('EXTERNAL'))) !== 0) throw new Error('no bind');
      for (;;) await this.write(client, this.next());
    } catch {
      client.end();
    }
    await client.closed;
    return client;
  }

  private async write(client: WireClient, step: Step): Promise<void> {
    this.pending = step;
    const answer = await client.ask(step.op);
    if (codeOf(answer) !== 0) {
      this.pending = undefined;
      this.refused.push(answer);
      return;
    }
    step.apply(this.sure);
    this.pending = undefined;
    this.acknowledged++;
  }

  /** Takes what was found as the truth; returns what is wrong with it, if anything. */
  settle(found: Model): string | undefined {
    const maybe = new Map(this.sure);
    this.pending?.apply(maybe);
    this.pending = undefined;
    // Whatever became of that person: the next turn begins with another one.
    this.count = (Math.floor(this.count / 5) + 1) * 5;
    if (same(found, maybe)) this.sure = maybe;
    else if (!same(found, this.sure)) {
      return `${this.base}: found ${shown(found)}, expected ${shown(this.sure)}`;
    }
    return undefined;
  }

  /** Five steps with one person, over and over: add, join, change two things, rename, delete. */
  private next(): Step {
    if (this.sure.size === 0) return this.firstStep(this.base, 'organizationalUnit', 'ou');
    const group = `cn=group,${this.base}`;
    if (!this.sure.has(group)) return this.firstStep(group, 'groupOfNames', 'cn');
    const round = Math.floor(this.count / 5);
    const turn = this.count++ % 5;
    const uid = `p${this.mark}${round}`;
    const next = `q${this.mark}${round}`;
    const dn = `uid=${uid},${this.base}`;
    const renamed = `uid=${next},${this.base}`;
    switch (turn) {
      case 0:
        return put({ kind: 'add', entry: dn, attributes: person(uid, 0) }, dn, {
          uid,
          round: 0,
          member: false,
        });
      case 1: {
        const modification = { description: 'member', values: [Buffer.from(dn)] };
        const changes = [{ operation: 'add', modification } as const];
        const after = { uid, round: 0, member: true };
        return put({ kind: 'modify', object: group, changes }, dn, after);
      }
      case 2: {
        const changes = ['title', 'description'].map((description) => {
          const modification = { description, values: [Buffer.from('7')] };
          return { operation: 'replace', modification } as const;
        });
        const after = { uid, round: 7, member: true };
        return put({ kind: 'modify', object: dn, changes }, dn, after);
      }
      case 3:
        return {
          op: {
            kind: 'modifyDn',
            entry: dn,
            newRdn: `uid=${next}`,
            deleteOldRdn: true,
            newSuperior: undefined,
          },
          apply(model) {
            model.delete(dn);
            model.set(renamed, line({ uid: next, round: 7, member: true }));
          },
        };
      default:
        // Every third stays.
        if (round % 3 === 0) return this.next();
        return { op: { kind: 'delete', entry: renamed }, apply: (model) => model.delete(renamed) };
    }
  }

  private firstStep(dn: string, objectClass: string, name: string): Step {
    const value = dn.slice(dn.indexOf('=') + 1, dn.indexOf(','));
    const attributes = [attribute('objectClass', objectClass), attribute(name, value)];
    return {
      op: { kind: 'add', entry: dn, attributes },
      apply: (model) => model.set(dn, 'first'),
    };
  }
}

function put(op: RequestOp, dn: string, after: Person): Step {
  return { op, apply: (model) => model.set(dn, line(after)) };
}

function attribute(description: string, value: string) {
  return { description, values: [Buffer.from(value)] };
}

function person(uid: string, round: number) {
  return [
    attribute('objectClass', 'inetOrgPerson'),
    attribute('uid', uid),
    attribute('cn', 'A Person'),
    attribute('sn', 'Person'),
    attribute('title', String(round)),
    attribute('description', String(round)),
  ];
}

/** The subtree of a writer as it is on the server. A half-written entry has a line of its own kind. */
export async function readModel(client: WireClient, base: string): Promise<Model> {
  const id = client.send({
    kind: 'search',
    baseObject: base,
    scope: 2,
    derefAliases: 0,
    sizeLimit: 0,
    timeLimit: 0,
    typesOnly: false,
    filter: { kind: 'present', attribute: 'objectClass' },
    attributes: ['*', 'memberOf'],
  });
  const code = codeOf(await client.answer(id));
  if (code !== 0 && code !== 32) throw new Error(`search of ${base}: ${code}`);
  const model = new Map<string, string>();
  const members = new Set<string>();
  for (const { op } of client.entries(id)) {
    if (op.kind !== 'searchEntry') continue;
    const values = new Map(
      op.attributes.map((one) => [one.description, one.values.map(String)] as const),
    );
    for (const member of values.get('member') ?? []) members.add(member);
    model.set(op.objectName, lineOf(op.objectName, values));
  }
  for (const [dn, text] of model) {
    // memberOf and member are two ways to the same edge.
    if (text !== 'first' && text.endsWith(' member') !== members.has(dn)) {
      model.set(dn, `${text}, but the group says otherwise`);
    }
  }
  return model;
}

function lineOf(dn: string, values: ReadonlyMap<string, readonly string[]>): string {
  if (!dn.startsWith('uid=')) return 'first';
  const title = values.get('title')?.join() ?? 'none';
  const description = values.get('description')?.join() ?? 'none';
  if (title !== description || values.get('sn')?.join() !== 'Person') {
    return `half: ${JSON.stringify([...values])}`;
  }
  const uid = values.get('uid')?.join() ?? 'none';
  return line({ uid, round: Number(title), member: values.has('memberOf') });
}

function same(a: Model, b: Model): boolean {
  return a.size === b.size && [...a].every(([dn, text]) => b.get(dn) === text);
}

function shown(model: Model): string {
  return JSON.stringify([...model].slice(-4));
}
