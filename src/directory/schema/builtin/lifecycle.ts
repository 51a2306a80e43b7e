/**
 * Who works here, and since when: the facts of the lifecycle (policy/core/facts.ts has the form of
 * their values) and what is derived from them. OIDs 1.80 to 1.119 and 2.80 to 2.99.
 */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import { attributeType, dn, exactText, objectClass, text, time } from './define.js';

const one = 'SINGLE-VALUE';
const operational = 'USAGE directoryOperation';
const derived = `${one} NO-USER-MODIFICATION ${operational}`;

/** Facts are values of their own, compared as they are written. */
const fact = (id: number, name: string, desc: string, rest = '') =>
  exactText(`${tenureArc}.1.${id}`, name, desc, rest);

export const lifecycle: SchemaFile = {
  name: 'lifecycle',
  attributeTypes: [
    fact(80, 'lifecycleEngagement', 'a contract or an appointment: when, as what, under whom'),
    fact(81, 'lifecycleAbsence', 'a leave: from when until when'),
    fact(82, 'lifecycleBlock', 'a reason to let nobody in under this name'),
    fact(83, 'lifecycleNotice', 'that the person is going to leave', one),
    fact(84, 'lifecycleHold', 'a legal hold: nothing may be archived or purged'),
    fact(85, 'lifecycleDisposal', 'what was destroyed for good, and when'),
    dn(`${tenureArc}.1.86`, 'lifecyclePrincipal', 'the person whose second account this is', one),
    dn(`${tenureArc}.1.87`, 'lifecycleSponsor', 'who answers for somebody from outside'),
    text(`${tenureArc}.1.88`, 'lifecycleKind', 'which kind of person, as the policy names it', one),
    exactText(
      `${tenureArc}.1.89`,
      'lifecycleZone',
      'the time zone in which the dates of this person are read, such as Europe/Berlin',
      one,
    ),
    attributeType(
      `${tenureArc}.1.90`,
      'lifecycleState',
      'staged, active, leave, suspended, offboarded, archived or purged: what holds now',
      `EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 ${one} ${operational}`,
    ),
    time(
      `${tenureArc}.1.91`,
      'lifecycleStart',
      'when the first engagement begins',
      `${one} ${operational}`,
    ),
    time(
      `${tenureArc}.1.92`,
      'lifecycleEnd',
      'when the last engagement ends',
      `${one} ${operational}`,
    ),
    text(
      `${tenureArc}.1.93`,
      'lifecycleStage',
      'of somebody who has left: sealed or destroyed',
      derived,
    ),
    dn(`${tenureArc}.1.94`, 'lifecycleDeputy', 'who answers for it where its owner cannot', one),
    text(`${tenureArc}.1.95`, 'lifecyclePurpose', 'what a service or a shared account is for', one),
    dn(`${tenureArc}.1.96`, 'lifecycleUser', 'who uses a shared account'),
    exactText(
      `${tenureArc}.1.97`,
      'tenurePolicyText',
      'the lifecycle policy as a document; readable by administrators',
      `${one} ${operational}`,
    ),
  ],
  objectClasses: [
    objectClass(
      `${tenureArc}.2.80`,
      'lifecycleSubject',
      'somebody whose state is derived from facts',
      'AUXILIARY',
      {
        may: `lifecycleEngagement lifecycleAbsence lifecycleBlock lifecycleNotice lifecycleHold
          lifecycleDisposal lifecyclePrincipal lifecycleSponsor lifecycleKind lifecycleZone
          lifecycleDeputy lifecyclePurpose lifecycleUser owner tenureSecondFactor`,
      },
    ),
    objectClass(
      `${tenureArc}.2.81`,
      'tenureLifecyclePolicy',
      'the entry cn=policy of a suffix: what happens to whom, and when',
      'STRUCTURAL',
      { must: 'cn tenurePolicyText', may: 'description' },
    ),
  ],
};
