/** A company of three hundred: kinds with their own rules, groups by rule, roles, resources, guards. */
export const companyOf300 = `# A company of 300 people.
tenure: 1
company:
  zone: Europe/Berlin
  an end date means: the whole of the last day
  working days: Mon-Fri
  holidays: [2026-12-25, 2027-01-01]
  end dates are: quiet                  # nobody but HR sees when somebody is going to leave
  probation: 6 months
words: {type: employeeType, department: departmentNumber, login: uid}   # our names for attributes
kinds:                                  # who is who: the first that fits
  break-glass:
    {who: "login in glass-1, glass-2", never: [idle, expire, lock out]}
  service:
    {who: below ou=services, must have: [owner, deputy, purpose, end within 1 year],
     journeys: renewal}
  shared:
    {who: below ou=shared, must have: [owner, users], when a user leaves: rotate the secret}
  contractor:
    {who: type is contractor, must have: [sponsor, end within 6 months], end dates are: open,
     gets: [contractors, wifi-guest], journeys: [joining, contract, departure, idle]}
  intern:
    {who: type is intern, must have: [manager, end within 1 year], gets: [staff, wifi],
     never gets: [prod, payroll], journeys: [joining, leave, departure, idle]}
  employee:
    {who: type is employee, must have: [employeeNumber, manager], gets: [staff, wifi],
     journeys: [joining, probation, leave, departure, idle]}
passwords:                              # the first that fits
  services: {who: kind is service, made by: tenure, renew: every year,
    old and new both work for: 7 days}
  admins: {who: has any role, at least: 16 characters, second factor: always}
  everyone: {at least: 12 characters, second factor: within 7 days, wrong tries: slow down after 5}
journeys:                               # ask waits for a yes, task is done by hand, all else happens
  joining:
    10 working days before start: [task it-desk laptop, task office desk]
    1 working day before start: [give manager first-password for 3 days]
    at start: [activate, tell person welcome]
    3 days after start: [tell manager not-arrived if never seen]
    30 days after start: [ask manager still-coming if never seen]
  probation:
    14 days before probation end: [ask manager keep; silence means nothing]
    at probation end: [join vpn-anywhere]
  leave:
    at leave: [pause, keep payroll and learning]
    7 days before return: [tell manager returning]
    at return: [resume, require new-password if away over 90 days]
  contract:
    30 days before end: [ask sponsor extend; silence means end]
    7 days before end: [tell person and sponsor ending]
  departure:
    at notice: [open case, task manager handover]
    at end: [offboard]                  # shut and sealed, nothing is destroyed yet
    7 days after end: [destroy credentials, forget groups]
    90 days after end: [archive]
    3 years after end: [purge unless held]
  idle:
    45 days after last seen: [tell person and manager still-here]
    60 days after last seen: [suspend]
  renewal:
    30 days before end: [ask owner renew]
    14 days before end: [tell owner and deputy ending]
    7 days before end: [tell owner and deputy ending]
    1 day before end: [tell owner and deputy and admins loudly ending]
    at end: [suspend unless used in 7 days, tell admins loudly ended]
groups:
  staff: {rule: kind is employee or intern}
  research: {rule: department is R-210, movers keep it: 14 days}
  payroll: {rule: department is F-100, movers keep it: not at all}
  prod: {members: by hand, longest: 8 hours, ask: group owner}
roles:
  help desk: {who: group desk, may: [reset, unlock], over: kind is employee or intern,
              never over: has any role}
  hr: {who: group hr, may: [see end dates, give notice, offboard], over: everyone}
  legal: {who: group legal, may: [hold, release]}
resources:                              # what LDAP cannot reach: the case of everybody who leaves asks
  github: {who has it: group dev, removed by: it-desk within 1 day, checked against: github-users.csv}
guards:
  people closed: {hold when more than: 5 an hour}
  when held: {yes from: one admin and one of hr, tell again: every 4 hours}
`;
