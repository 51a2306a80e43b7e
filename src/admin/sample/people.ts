/**
 * The people of the sample company, in the order in which they were hired. Names honour pioneers of
 * computing; everything said about them is invented. Nobody has a password until one is set.
 */

export type Department = 'L-100' | 'P-110' | 'R-210' | 'E-310' | 'O-410';

export interface SamplePerson {
  readonly uid: string;
  readonly givenName: string;
  readonly sn: string;
  readonly title: string;
  readonly department: Department;
  /** uid; who has none leads the company. */
  readonly manager: string | undefined;
  readonly type: 'employee' | 'contractor' | 'intern';
  readonly room: string;
  readonly place: 'London' | 'Berlin' | 'Remote';
  readonly language: string;
}

/** The names of the departments, with the uid of who leads each. */
export const departments: Readonly<Record<Department, { name: string; head: string }>> = {
  'L-100': { name: 'Management', head: 'ada' },
  'P-110': { name: 'People and Finance', head: 'jean' },
  'R-210': { name: 'Research', head: 'alan' },
  'E-310': { name: 'Engineering', head: 'grace' },
  'O-410': { name: 'Operations', head: 'dorothy' },
};

/** uid, given name, surname, title, department, room, place, language, and type if not employee. */
type Row = readonly [
  uid: string,
  givenName: string,
  sn: string,
  title: string,
  department: Department,
  room: string,
  place: SamplePerson['place'],
  language: string,
  type?: SamplePerson['type'],
];

const rows: readonly Row[] = [
  ['ada', 'Ada', 'Lovelace', 'Managing Director', 'L-100', '1.01', 'London', 'en'],
  ['grace', 'Grace', 'Hopper', 'Head of Engineering', 'E-310', '3.01', 'London', 'en'],
  ['alan', 'Alan', 'Turing', 'Head of Research', 'R-210', '2.01', 'London', 'en'],
  ['dorothy', 'Dorothy', 'Vaughan', 'Head of Operations', 'O-410', '4.01', 'London', 'en'],
  ['jean', 'Jean', 'Bartik', 'Head of People and Finance', 'P-110', '1.10', 'London', 'en'],
  ['charles', 'Charles', 'Babbage', 'Chief Engineer', 'L-100', '1.02', 'London', 'en'],
  ['katherine', 'Katherine', 'Johnson', 'Principal Scientist', 'R-210', '2.02', 'London', 'en'],
  ['claude', 'Claude', 'Shannon', 'Principal Scientist', 'R-210', '2.03', 'Remote', 'en'],
  ['konrad', 'Konrad', 'Zuse', 'Hardware Engineer', 'E-310', 'B.07', 'Berlin', 'de'],
  ['edsger', 'Edsger', 'Dijkstra', 'Software Engineer', 'E-310', '3.02', 'Remote', 'nl'],
  ['hedy', 'Hedy', 'Lamarr', 'Radio Engineer', 'E-310', 'B.08', 'Berlin', 'de'],
  ['betty', 'Betty', 'Holberton', 'Software Engineer', 'E-310', '3.03', 'London', 'en'],
  ['john', 'John', 'Backus', 'Compiler Engineer', 'E-310', '3.04', 'London', 'en'],
  ['karen', 'Karen', 'Spärck Jones', 'Search Scientist', 'R-210', '2.04', 'London', 'en'],
  ['mary', 'Mary', 'Jackson', 'Site Reliability Engineer', 'O-410', '4.02', 'London', 'en'],
  ['annie', 'Annie', 'Easley', 'Network Engineer', 'O-410', '4.03', 'London', 'en'],
  ['dennis', 'Dennis', 'Ritchie', 'Systems Engineer', 'O-410', '4.04', 'Remote', 'en'],
  ['niklaus', 'Niklaus', 'Wirth', 'Compiler Engineer', 'E-310', 'B.09', 'Berlin', 'de'],
  ['kathleen', 'Kathleen', 'Booth', 'Software Engineer', 'E-310', '3.05', 'London', 'en'],
  ['kurt', 'Kurt', 'Gödel', 'Scientist', 'R-210', 'B.02', 'Berlin', 'de'],
  ['rozsa', 'Rózsa', 'Péter', 'Scientist', 'R-210', 'B.03', 'Berlin', 'hu'],
  ['alonzo', 'Alonzo', 'Church', 'Scientist', 'R-210', '2.05', 'Remote', 'en'],
  ['ida', 'Ida', 'Rhodes', 'Accountant', 'P-110', '1.11', 'London', 'en'],
  ['herman', 'Herman', 'Hollerith', 'Payroll Specialist', 'P-110', '1.12', 'Berlin', 'de'],
  ['gladys', 'Gladys', 'West', 'Data Engineer', 'E-310', '3.06', 'Remote', 'en'],
  ['douglas', 'Douglas', 'Engelbart', 'Interface Designer', 'E-310', '3.07', 'Remote', 'en'],
  ['lynn', 'Lynn', 'Conway', 'Chip Designer', 'E-310', '3.08', 'Remote', 'en', 'contractor'],
  ['gary', 'Gary', 'Kildall', 'Firmware Engineer', 'O-410', '4.05', 'Remote', 'en', 'contractor'],
  [
    'joseph',
    'Joseph',
    'Weizenbaum',
    'Ethics Adviser',
    'L-100',
    '1.03',
    'Berlin',
    'de',
    'contractor',
  ],
  ['beatrice', 'Beatrice', 'Worsley', 'Research Intern', 'R-210', '2.06', 'London', 'en', 'intern'],
  ['george', 'George', 'Boole', 'Operations Intern', 'O-410', '4.06', 'London', 'en', 'intern'],
];

/** Everybody, managers before those they manage. */
export const people: readonly SamplePerson[] = rows.map((row) => {
  const [uid, givenName, sn, title, department, room, place, language, type = 'employee'] = row;
  const { head } = departments[department];
  const manager = uid === 'ada' ? undefined : uid === head ? 'ada' : head;
  return { uid, givenName, sn, title, department, manager, type, room, place, language };
});

/** Public SSH keys whose private halves were thrown away. */
export const sshKeys: Readonly<Record<string, string>> = {
  ada: 'AAAAC3NzaC1lZDI1NTE5AAAAIBGflRNbmi+JI1K5oWkfeWFqqRoXCpkdnNhok0cLuaE4',
  grace: 'AAAAC3NzaC1lZDI1NTE5AAAAIMobMLzkbIxFMOZ6uE0JsYvC9CRsd9FgruegL1C4b2nd',
  alan: 'AAAAC3NzaC1lZDI1NTE5AAAAIIBQ9PXisJLB0nlS9iax4v05XpVSNjrvxqR/o5IO7xl3',
  dorothy: 'AAAAC3NzaC1lZDI1NTE5AAAAIIOPBqmwIM66WA3ltebytlKZSCzzd4nSaPuXB1WEffZt',
  hedy: 'AAAAC3NzaC1lZDI1NTE5AAAAIOz7Utn0oJcP3e+woghIDqlnNIhKJ6FPiLnVPUTr4orW',
  mary: 'AAAAC3NzaC1lZDI1NTE5AAAAIPcfk14VgximTzIMNe3KtQhUaeQbFUjJySxg8++HfORG',
  dennis: 'AAAAC3NzaC1lZDI1NTE5AAAAIE3GXkEZIHS+clXFKRAu1rQSSGJVCY5NAkUlmytLDAK4',
  annie: 'AAAAC3NzaC1lZDI1NTE5AAAAICVwhvNthaZCdbLwr6XkFGN6cALJFsSfnZg7+cFielTq',
};
