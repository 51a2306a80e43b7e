/** What can be seen to be wrong with a directory's surroundings. */
export { auditFinding, lostFromTrail } from './audit.js';
export { authorityFinding, certificateFindings, folderFindings, secretFinding } from './files.js';
export { type Finding, type FindingLevel, fine, look, wrong } from './finding.js';
export { clockFindings, diskFindings, machineFindings, openFilesMax } from './machine.js';
export { type CostReport, costFindings, measureCost } from './password-cost.js';
export { revocationFinding } from './revocation.js';
export { settingFindings } from './settings.js';
