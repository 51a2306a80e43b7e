/**
 * npm run fuzz: attacks until time is up. SEED=n repeats a run; --from and --count repeat one
 * attack of it; --only KIND sends nothing else; --canary must fail, which shows that the fuzzer can.
 */
import { parseArgs } from 'node:util';
import { seed } from '../support/seed.js';
import { attackKinds } from './attacks.js';
import { campaign } from './campaign.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    count: { type: 'string', default: '1000000' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    canary: { type: 'boolean', default: false },
  },
});

function whole(name: 'seconds' | 'count' | 'from'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${name} takes a whole number, not ${values[name]}`);
}

if (values.only !== undefined && !Object.hasOwn(attackKinds, values.only)) {
  throw new Error(`--only takes one of: ${Object.keys(attackKinds).join('; ')}`);
}
const report = await campaign({
  seed: seed(),
  seconds: whole('seconds'),
  count: whole('count'),
  from: whole('from'),
  only: values.only,
  canary: values.canary,
});
const kinds = Object.entries(report.byKind).sort(([, a], [, b]) => b - a);
for (const [name, count] of kinds) process.stdout.write(`${String(count).padStart(7)}  ${name}\n`);
for (const failure of report.failures) process.stdout.write(`FAILED  ${failure}\n`);
const verdict = report.failures.length === 0 ? 'nothing found' : 'failures above';
process.stdout.write(
  `${report.attacks} attacks, ${report.texts} texts, seed ${seed()}: ${verdict}\n`,
);
process.exitCode = report.failures.length === 0 ? 0 : 1;
