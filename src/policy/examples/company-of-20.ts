/** A company of twenty in thirty lines: no departments, one office, everybody knows everybody. */
export const companyOf20 = `# A company of 20 people. Change the zone, then: tenure policy install FILE
tenure: 1
company: {zone: Europe/Berlin, working days: Mon-Fri, end dates are: quiet}
kinds:
  account:    {who: below ou=services, must have: owner, journeys: renewal}
  freelancer: {who: type is contractor, must have: [sponsor, end within 1 year], end dates are: open,
               gets: freelancers, journeys: [joining, contract, departure]}
  employee:   {who: everyone, gets: staff, journeys: [joining, leave, departure]}
passwords:
  everyone: {at least: 12 characters, wrong tries: slow down after 5}
journeys:
  joining:
    1 working day before start: [give manager first-password for 3 days, task admins laptop]
    at start: [activate, tell person welcome]
  leave:
    at leave: pause
    at return: resume
  contract:
    30 days before end: [ask sponsor extend; silence means end]
  departure:
    at notice: open case
    at end: offboard                                     # shut and sealed; nothing is destroyed
    7 days after end: [destroy credentials, forget groups]
    90 days after end: archive
    3 years after end: purge unless held
  renewal:
    14 days before end: tell owner and deputy ending
    at end: [suspend unless used in 7 days, tell admins loudly ended]
roles:
  boss: {who: group management, may: [see end dates, give notice, offboard, hold, release]}
guards:
  people closed: {hold when more than: 3 an hour}
  when held: {yes from: one admin, tell again: every 4 hours}
`;
