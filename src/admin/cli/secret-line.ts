/**
 * A line that nobody shall read over a shoulder: on a terminal what is typed is not shown, from a pipe
 * it is the first line. The terminal is as it was afterwards, however it ends.
 */
import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import type { Output } from './host.js';

/** Standard input, as far as it is used here. */
export interface Keyboard extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

const ENTER = /[\r\n]/;
const ERASE = new Set(['\b', '\u007f']);
const ERASE_LINE = '\u0015';
/** Ctrl-C, Ctrl-D: the line is given up. */
const GIVE_UP = new Set(['\u0003', '\u0004']);

/** Undefined where there is nobody to type, or they gave up. */
export function readSecretLine(
  input: Keyboard,
  output: Output,
  prompt: string,
): Promise<string | undefined> {
  if (input.isTTY !== true || input.setRawMode === undefined) return firstLine(input);
  return typedUnseen(input, output, prompt);
}

/** The first line of a pipe, or what is typed for all to see. */
export async function firstLine(input: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line;
    return undefined;
  } finally {
    lines.close();
    input.pause();
  }
}

function typedUnseen(input: Keyboard, output: Output, prompt: string): Promise<string | undefined> {
  output.write(prompt);
  input.setRawMode?.(true);
  const decoder = new StringDecoder('utf8');
  let line: string[] = [];
  return new Promise((resolve) => {
    const end = (typed: string | undefined): void => {
      input.off('data', onData);
      input.off('end', onEnd);
      input.setRawMode?.(false);
      input.pause();
      output.write('\n');
      resolve(typed);
    };
    const onEnd = () => end(undefined);
    const onData = (chunk: Buffer | string): void => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
      for (const key of text) {
        if (ENTER.test(key)) return end(line.join(''));
        if (GIVE_UP.has(key)) return end(undefined);
        if (ERASE.has(key)) line.pop();
        else if (key === ERASE_LINE) line = [];
        else line.push(key);
      }
    };
    input.on('data', onData);
    input.on('end', onEnd);
    input.resume();
  });
}
