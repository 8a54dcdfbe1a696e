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
