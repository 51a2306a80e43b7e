/**
 * What holds in a directory without a policy of its own. It names nobody and no group of anybody's,
 * leaves alone whoever has no facts, cuts off no application that is in use by its date alone, and
 * keeps what somebody had for as long as mistakes take to be noticed. Ten people an hour are more
 * than leave on an ordinary day: the eleventh that one hand closes waits for a yes. A directory of
 * ten never hears of it.
 */
export const builtIn = `# What holds until a policy is installed: tenure policy install FILE
tenure: 1
company: {zone: UTC, an end date means: the whole of the last day, end dates are: quiet}
kinds:
  service: {who: below ou=services, end dates are: open, journeys: [renewal]}
  contractor: {who: type is contractor, end dates are: open, journeys: [leave, departure]}
  person: {who: everyone, journeys: [leave, departure]}
journeys:
  leave:
    at leave: pause
    at return: resume
  departure:
    at notice: open case
    at end: [offboard, open case]
    7 days after end: [destroy credentials, forget groups]
    90 days after end: archive
  renewal:
    30 days before end: tell owner and deputy ending
    14 days before end: tell owner and deputy ending
    7 days before end: tell owner and deputy ending
    1 day before end: tell owner and deputy and admins loudly ending
    at end: [suspend unless used in 7 days, tell owner and deputy and admins loudly ended]
guards:
  people closed: {hold when more than: 10 an hour}
  when held: {yes from: one admin}
`;
