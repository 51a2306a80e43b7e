/** Words that came from a peer, fit to be repeated in an answer or a log line. */

const SHOWN_MAX = 64;

/** The text, printable and short. */
export function shown(text: string): string {
  const start = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
  return start.replace(/[^\x20-\x7e…]/g, '?');
}
