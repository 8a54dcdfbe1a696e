import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many that somebody waits for may run one after the other while one of a batch waits; then that goes first. */
const MAX_IN_A_ROW = 4;
/** How long it then goes at most: the others have somebody waiting. */
const OWED_MS = 5_000;

/**
 * Whose turn it is on the one core of this process. What somebody waits for goes before what belongs to a batch:
 * that stands still between two windows as long as the other runs. It is not starved either.
 */
export type Turn = {
  /** Runs an analysis that somebody waits for: at once, unless a batch has stood back long enough. */
  first<T>(work: () => Promise<T>): Promise<T>;
  /** Runs an analysis of a batch, which calls `giveWay` between its windows. */
  later<T>(work: (giveWay: () => Promise<void>) => Promise<T>): Promise<T>;
  /** Resolves when nobody is waited for. */
  giveWay(): Promise<void>;
  /** Resolves when nothing runs at all. */
  idle(): Promise<void>;
};

/** Lets many wait for a condition that others bring about. */
function createConditions() {
  const waiting = new Set<() => void>();
  return {
    change: () => {
      for (const wake of [...waiting]) wake();
      waiting.clear();
    },
    until: async (condition: () => boolean) => {
      while (!condition()) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

export function createTurn(): Turn {
  const { change, until } = createConditions();
  let running = 0;
  let inARow = 0;
  /** A batch is at work, and those that somebody waits for are held until it has ended. */
  let isOwed = false;
  let owedUntilMs = 0;
  let isLaterRunning = false;
  const mayGoOn = () => running === 0 || isOwed;
  const standBack = async () => {
    if (isOwed && performance.now() > owedUntilMs) {
      isOwed = false;
      change();
      // Lets those that were held begin before this one looks again.
      await nextTurn();
    }
    await until(mayGoOn);
  };
  return {
    first: async (work) => {
      await until(() => !isOwed);
      running++;
      inARow = isLaterRunning ? inARow + 1 : 0;
      try {
        return await work();
      } finally {
        running--;
        if (inARow >= MAX_IN_A_ROW && isLaterRunning) {
          isOwed = true;
          owedUntilMs = performance.now() + OWED_MS;
          inARow = 0;
        }
        change();
      }
    },
    later: async (work) => {
      isLaterRunning = true;
      try {
        await until(mayGoOn);
        return await work(standBack);
      } finally {
        isLaterRunning = false;
        isOwed = false;
        inARow = 0;
        change();
      }
    },
    giveWay: () => until(() => running === 0),
    idle: () => until(() => running === 0 && !isLaterRunning),
  };
}
