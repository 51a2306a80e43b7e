/**
 * Sums up jest's --json reports in a folder as one line, "N passed, N failed". A suite that could
 * not run, or left no report, counts as one failure. Exits with 1 if anything failed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.'] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const report = read(join(folder, file));
  passed += report.numPassedTests ?? 0;
  const failures = (report.numFailedTests ?? 0) + (report.numRuntimeErrorTestSuites ?? 0);
  // Interrupted, or nothing found: jest says so by `success` alone.
  const broken = report.broken === true || report.success === false;
  failed += failures > 0 ? failures : broken ? 1 : 0;
}
if (passed === 0 && failed === 0) failed = 1;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { broken: true };
  }
}
