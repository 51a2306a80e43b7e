/** The figures as text: a table with the ratios, and what does not fit into a row. */
import { stormReport } from './argon.js';
import type { Figure, Measured } from './measure.js';
import { growth, importTarget, type Mode, modes, residentMaxMiB } from './modes.js';

const searches = new Set(modes.filter(({ load }) => load === 'search').map(({ name }) => name));

const columns = [
  ['mode', 12],
  ['slapd', 10],
  ['tenure', 10],
  ['ratio', 7],
  ['target', 7],
  ['', 6],
  ['µs/op s', 9],
  ['µs/op t', 9],
  ['CPU s/t', 9],
  ['p50 s', 9],
  ['p50 t', 9],
  ['p99 s', 9],
  ['p99 t', 9],
  ['turn ms', 8],
  ['w/commit', 9],
] as const;

/** One line while measuring goes on. */
export function progressLine(server: string, figure: Figure): string {
  const { load } = figure;
  const errors = load.errors === 0 ? '' : `, ${load.errors} ERRORS: ${load.firstError}`;
  const processor = `${load.processorUs.toFixed(1)} µs CPU each`;
  return `${server} ${figure.mode}: ${whole(figure.perSecond)}/s, ${processor}${errors}\n`;
}

/** The whole report. */
export function report(slapd: Measured | undefined, tenure: Measured | undefined): string {
  const rows = modes.flatMap((mode) => {
    const theirs = slapd?.figures.find((figure) => figure.mode === mode.name);
    const ours = tenure?.figures.find((figure) => figure.mode === mode.name);
    return theirs === undefined && ours === undefined ? [] : [row(mode, theirs, ours)];
  });
  const head = columns.map(([title]) => title);
  const table = [head, ...rows, importRow(slapd, tenure)].map(line).join('');
  return `\n${table}
a second; s is slapd, t is tenure; µs/op is processor time of the server, all its threads, and
CPU s/t the ratio of that; p50 and p99 are µs as clients see them; turn is the longest of the event
loop; w/commit is how many writes share one commit
${[slapd, tenure].map((server) => (server === undefined ? '' : memoryLine(server))).join('')}${
  tenure?.storm === undefined ? '' : stormReport(tenure.storm)
}`;
}

/** Tenure with few people against Tenure with many: each search figure should stay alike. */
export function growthReport(few: Measured, many: Measured): string {
  const rows = many.figures.flatMap((figure) => {
    const before = few.figures.find(({ mode }) => mode === figure.mode);
    if (before === undefined) return [];
    const times = (before.perSecond / figure.perSecond).toFixed(2);
    const bounded = searches.has(figure.mode);
    const bound = bounded ? `, at most ${growth.timesMax}` : '';
    return [`  ${figure.mode.padEnd(12)} ${times} times slower${bound}\n`];
  });
  const { readySeconds, readyMiB } = many;
  return `${few.people} people → ${many.people} people
  ready in ${readySeconds.toFixed(2)} s, at most ${growth.readySecondsMax}
  ${readyMiB.toFixed(0)} MiB then, at most ${growth.readyMiBMax}
${rows.join('')}`;
}

function row(mode: Mode, theirs: Figure | undefined, ours: Figure | undefined): string[] {
  const ratio = theirs === undefined || ours === undefined ? undefined : ratioOf(theirs, ours);
  const failed = (theirs?.load.errors ?? 0) + (ours?.load.errors ?? 0) > 0;
  return [
    mode.name,
    whole(theirs?.perSecond),
    whole(ours?.perSecond),
    ratio?.toFixed(2) ?? '-',
    mode.target?.toFixed(1) ?? '-',
    failed ? 'ERRORS' : verdict(ratio, mode.target),
    ...processorCells(theirs?.load.processorUs, ours?.load.processorUs),
    whole(theirs?.load.p50Us),
    whole(ours?.load.p50Us),
    whole(theirs?.load.p99Us),
    whole(ours?.load.p99Us),
    ours?.worstTurnMs?.toFixed(1) ?? '-',
    ours?.writesPerCommit?.toFixed(1) ?? '-',
  ];
}

function processorCells(theirs: number | undefined, ours: number | undefined): string[] {
  const both = theirs !== undefined && ours !== undefined;
  return [
    theirs?.toFixed(1) ?? '-',
    ours?.toFixed(1) ?? '-',
    both ? (theirs / ours).toFixed(2) : '-',
  ];
}

function importRow(slapd: Measured | undefined, tenure: Measured | undefined): string[] {
  const theirs = slapd === undefined ? undefined : slapd.people / slapd.importSeconds;
  const ours = tenure === undefined ? undefined : tenure.people / tenure.importSeconds;
  const ratio = theirs === undefined || ours === undefined ? undefined : ours / theirs;
  const figures = [whole(theirs), whole(ours), ratio?.toFixed(2) ?? '-', importTarget.toFixed(1)];
  return ['import', ...figures, verdict(ratio, importTarget)];
}

function memoryLine(server: Measured): string {
  const { importSeconds, readySeconds, readyMiB, residentMiB, syncMs } = server;
  const over = server.server === 'tenure' && residentMiB >= residentMaxMiB ? ' (too much)' : '';
  return (
    `${server.server}: import ${importSeconds.toFixed(1)} s, ready in ${readySeconds.toFixed(2)} s` +
    ` with ${readyMiB.toFixed(0)} MiB, ${residentMiB.toFixed(0)} MiB at the end${over},` +
    ` one fdatasync before ${syncMs.toFixed(2)} ms\n`
  );
}

function ratioOf(theirs: Figure, ours: Figure): number {
  return ours.perSecond / theirs.perSecond;
}

function verdict(ratio: number | undefined, target: number | undefined): string {
  if (ratio === undefined || target === undefined) return '';
  return ratio >= target ? 'ok' : 'below';
}

function whole(value: number | undefined): string {
  // Zero is what stands where nothing came to its end.
  return value === undefined || Number.isNaN(value) || value === 0
    ? '-'
    : String(Math.round(value));
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = columns[index]?.[1] ?? 0;
    return index === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `${padded.join('').trimEnd()}\n`;
}
