/** Words and tables for people. Pure: results in, text out. */
import type { EngineStatus } from '../engine.js';

/** `1 group`, `2,400 groups`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Thousands separated: `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

/** Columns padded to the widest cell, two spaces apart. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) => `${indent}${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** `31 people, 9 groups, 4 services, 1 host`. */
export function contents({ people, groups, services, hosts }: EngineStatus): string {
  return [
    counted(people, 'person', 'people'),
    counted(groups, 'group'),
    counted(services, 'service'),
    counted(hosts, 'host'),
  ].join(', ');
}

/** `1.4 s` below ten minutes, then `12 min`. */
export function seconds(ms: number): string {
  if (ms < 600_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** `42 s`, `3 min`, `5 h`, `12 days`: how long something has been going on. */
export function since(totalSeconds: number): string {
  if (totalSeconds < 120) return `${totalSeconds} s`;
  if (totalSeconds < 7200) return `${Math.floor(totalSeconds / 60)} min`;
  if (totalSeconds < 172_800) return `${Math.floor(totalSeconds / 3600)} h`;
  return `${Math.floor(totalSeconds / 86_400)} days`;
}
