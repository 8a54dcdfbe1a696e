import { analysisEventSchema, isTerminal } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import { EVENT_CHANNEL } from './analysis-index';
import { GROWTH_CHANNEL, subjectName, type Subject } from './subject-stream';

/** One listener's view of one analysis or batch. */
export type Watch = {
  /**
   * `event` when there may be news since the last call; `over` when the time is up, the signal aborted or
   * this process is ending.
   */
  changed(timeoutMs: number, signal: AbortSignal): Promise<'event' | 'over'>;
  stop(): void;
};

export type EventHub = {
  /** Begin to watch before reading the state: then nothing can happen unseen in between. */
  watch(analysisId: string): Watch;
  /** The same for everything that is told of a subject, not only of its end. */
  follow(subject: Subject): Watch;
  /** Aborted when this process is ending. */
  readonly closing: AbortSignal;
  /** Lets everyone who waits go. */
  close(): void;
};

type Listener = () => void;

/**
 * Hands the events of all analyses, over one subscription, to those who wait in this process. Events can be
 * lost with the connection, so everyone looks again when it is back. The hub owns the connection.
 */
export function createEventHub(subscriber: Redis, log: Logger): EventHub {
  const listeners = new Map<string, Set<Listener>>();
  const closing = new AbortController();
  const wake = (name: string) => listeners.get(name)?.forEach((listener) => listener());
  const wakeAll = () => [...listeners.keys()].forEach(wake);
  subscriber.on('message', (channel: string, message: string) => {
    if (channel === GROWTH_CHANNEL) {
      wake(message);
      return;
    }
    const event = analysisEventSchema.safeParse(parseJson(message));
    if (!event.success) log.warn({ message }, 'an event that is none');
    else if (isTerminal(event.data.status)) wake(event.data.analysis_id);
  });
  subscriber.on('ready', wakeAll);
  subscriber
    .subscribe(EVENT_CHANNEL, GROWTH_CHANNEL)
    .catch((error: Error) => log.warn({ err: error }, 'no subscription'));
  return {
    watch: (analysisId) => watchOne(listeners, analysisId, closing.signal),
    follow: (subject) => watchOne(listeners, subjectName(subject), closing.signal),
    closing: closing.signal,
    close: () => {
      closing.abort();
      wakeAll();
      subscriber.disconnect();
    },
  };
}

function watchOne(listeners: Map<string, Set<Listener>>, name: string, closing: AbortSignal): Watch {
  const group = listeners.get(name) ?? new Set<Listener>();
  listeners.set(name, group);
  let hasChanged = false;
  let wake: Listener | undefined;
  const listener = () => {
    hasChanged = true;
    wake?.();
  };
  group.add(listener);
  return {
    changed: async (timeoutMs, signal) => {
      const isOver = () => signal.aborted || closing.aborted;
      if (!hasChanged && !isOver()) await sleepUntil(timeoutMs, signal, (done) => (wake = done));
      wake = undefined;
      const answer = hasChanged && !isOver() ? 'event' : 'over';
      hasChanged = false;
      return answer;
    },
    stop: () => {
      group.delete(listener);
      if (group.size === 0 && listeners.get(name) === group) listeners.delete(name);
    },
  };
}

/** Resolves on the time-out, on the abort, or when what was given to `register` is called. */
async function sleepUntil(timeoutMs: number, signal: AbortSignal, register: (done: Listener) => void) {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    signal.addEventListener('abort', done, { once: true });
    register(done);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
