/** Policies that come with Tenure: what holds without one, and two to begin from. */
export { builtIn } from './built-in.js';
export { companyOf20 } from './company-of-20.js';
export { companyOf300 } from './company-of-300.js';
