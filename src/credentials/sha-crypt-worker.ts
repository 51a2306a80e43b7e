/** Entry of the thread that computes sha-crypt; crypt-thread.ts starts and ends it. */
import { parentPort } from 'node:worker_threads';
import type { CryptAnswer, CryptRequest } from './crypt-thread.js';
import { shaCrypt } from './sha-crypt.js';

parentPort?.on('message', (request: CryptRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer({ id, clear, setting }: CryptRequest): CryptAnswer {
  try {
    return { id, text: shaCrypt(clear, setting) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
