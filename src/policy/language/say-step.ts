/** Steps as sentences, for those who sign them. */
import {
  type AttributeWord,
  joined,
  type Step,
  sayCondition,
  sayDuration,
  sayWho,
} from '../core/language/index.js';

const bare = {
  activate: 'they may come in',
  pause: 'they are on leave: nothing is taken away, little opens',
  resume: 'they are back, with everything that they had',
  suspend: 'they are let in nowhere until somebody lifts it',
  offboard: 'they are shut out of everything; nothing is destroyed yet',
  archive: 'their data is archived',
  purge: 'everything about them is deleted; login and number are never given again',
  'open case': 'a case is opened for their departure',
} as const;

export function sayStep(step: Step, word: AttributeWord): string {
  const { when } = step;
  if (when === undefined) return said(step);
  return when.is === 'not' && when.of.is !== 'present'
    ? `${said(step)}, unless: ${sayCondition(when.of, word)}`
    : `${said(step)}, if: ${sayCondition(when, word)}`;
}

const silences = {
  nothing: 'no answer changes nothing',
  end: 'without an answer it ends as planned',
  agreed: 'no answer is a yes',
} as const;

function said(step: Step): string {
  switch (step.verb) {
    case 'destroy':
      return 'their passwords, keys and secrets are destroyed for good';
    case 'forget':
      return 'their groups are forgotten, and listed in the case';
    case 'join':
      return `they join ${joined(step.groups, 'and')}`;
    case 'quit':
      return `they leave the group ${joined(step.groups, 'and')}`;
    case 'keep':
      return `they keep ${joined(step.services, 'and')}`;
    case 'require':
      return step.what === 'new-password'
        ? 'they must choose a new password'
        : 'they must have a second factor';
    case 'give': {
      const time = step.for === undefined ? '' : `, good for ${sayDuration(step.for)}`;
      return `a first password goes to ${sayWho(step.who)}${time}`;
    }
    case 'tell':
      return `${sayWho(step.who)} is told: ${step.message}${step.loudly ? ' (loudly)' : ''}`;
    case 'ask':
      return `${sayWho(step.who)} is asked: ${step.question}; ${silences[step.silence]}`;
    case 'task':
      return `by hand, ${sayWho(step.who)}: ${step.what}`;
    case 'call':
      return `the hook ${step.hook} is called`;
    default:
      return bare[step.verb];
  }
}
