/**
 * The arc under which this project's own object identifiers are made: the UUID arc of ITU-T X.667,
 * which needs no registration. Never reuse a number below it.
 */

/** 2.25 and the UUID 6f1d2c34-8b5e-4f0a-9c47-1e2d3b4a5968 as an integer. */
export const tenureArc = '2.25.147695780730042611963685506335122282856';
