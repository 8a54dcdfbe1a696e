import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop that no other waiter shares: what runs side by side (two channels, two
 * clips) would else do its arithmetic in one turn, and hold the loop for the sum.
 */
export const ownTurn = (): Promise<void> => inOwnTurn(() => undefined);

/** The same for work that itself takes more than one turn: no other waiter has one before it is done. */
export function inOwnTurn<T>(work: () => T | Promise<T>): Promise<T> {
  const done = last.then(() => nextTurn()).then(work);
  last = done.catch(() => undefined);
  return done;
}

/** So many things of little work each are done in some milliseconds. */
const THINGS_A_TURN = 1024;

/** All that is yielded, gathered over as many turns of the event loop as hours of sound need. */
export async function gatherInTurns<T>(things: Iterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for (const thing of things) {
    gathered.push(thing);
    if (gathered.length % THINGS_A_TURN === 0) await ownTurn();
  }
  return gathered;
}
