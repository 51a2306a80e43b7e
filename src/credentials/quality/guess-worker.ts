/** Entry of the thread that judges passwords; guess-thread.ts starts and ends it. */
import { parentPort } from 'node:worker_threads';
import { guess } from './guess.js';
import type { GuessAnswer, GuessRequest } from './guess-thread.js';

parentPort?.on('message', (request: GuessRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ id, text, words }: GuessRequest): GuessAnswer {
  try {
    return { id, guess: guess(text, words) };
  } catch (error) {
    // The message of an error may quote what it failed on; its name does not.
    return { id, failure: error instanceof Error ? error.name : 'unknown' };
  }
}
