import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
 * Waits for a turn of the event loop that no other waiter shares: what runs side by side (two channels, two
 * clips) would else do its arithmetic in one turn, and hold the loop for the sum.
 */
export function ownTurn(): Promise<void> {
  last = last.then(() => nextTurn());
  return last;
}
