/**
 * Sharing the one thread between connections. Long work is cut into slices and comes back here for
 * its next turn; in between, sockets are served. Tasks take turns in the order in which they asked
 * (round-robin), one slice for each pass of the event loop. Owns no deadline: a task that does not
 * return on time makes everybody wait.
 */

/** Something that wants to go on later. It is never run twice for one request. */
export interface TurnTask {
  turn(): void;
}

export interface Turns {
  /** Gives `task` one turn after everybody who asked before, and after waiting sockets. */
  later(task: TurnTask): void;
  /** Runs `task` once what is happening now is over, together with all others that asked so. */
  soon(task: TurnTask): void;
}

/** A scheduler of its own; one is shared by all listeners. */
export function createTurns(): Turns {
  const slices: TurnTask[] = [];
  let ending: TurnTask[] = [];

  function runSlice(): void {
    const task = slices.shift();
    if (slices.length > 0) setImmediate(runSlice);
    task?.turn();
  }

  function runEnding(): void {
    const tasks = ending;
    ending = [];
    for (const task of tasks) task.turn();
  }

  return {
    later(task) {
      if (slices.push(task) === 1) setImmediate(runSlice);
    },
    soon(task) {
      if (ending.push(task) === 1) setImmediate(runEnding);
    },
  };
}

/** Lets others be served before the work goes on. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
