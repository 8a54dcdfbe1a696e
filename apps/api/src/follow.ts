import { assertConnected, readEvents, type StoredEvent, type Subject } from '@bonafide/platform';
import type { Request, Response } from 'express';
import type { ApiContext } from './context';
import { callerGone } from './requests';

/** What is true of the subject now, told where nothing of it is kept. `moment`: milliseconds. */
export type Snapshot = { type: string; data: object; isOver: boolean; moment: number };
export type FollowSpec = {
  subject: Subject;
  /** From the records. @throws CodedError `not_found` */
  snapshot: () => Promise<Snapshot>;
};

/** Below the idle time of usual proxies. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Behind the id of the last event: a reader that comes back with it has heard all. */
const LAST = '.last';

type Source = Pick<ApiContext, 'redis' | 'live' | 'log'>;

/**
 * Tells a caller all that happens to the subject, as server-sent events (HTML, 9.2), until the last one. A
 * caller that names the last event it read hears what came behind it.
 * @throws CodedError `not_found`, `unavailable`; nothing once the first byte is out
 */
export async function followSubject(
  { redis, live, log }: Source,
  { subject, snapshot }: FollowSpec,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  assertConnected(redis);
  const lastRead = request.get('last-event-id');
  const watch = live.events.follow(subject);
  try {
    let now = await snapshot();
    if (now.isOver && lastRead?.endsWith(LAST)) {
      response.status(204).end();
      return;
    }
    const first = await readEvents(redis, subject, lastRead?.replace(LAST, ''));
    // A batch that is tried again has an end behind it that is none; or it ended this moment.
    if (!now.isOver && first.some(({ isLast }) => isLast)) now = await snapshot();
    begin(response);
    if (request.method === 'HEAD') return;
    const teller = createTeller(response, lastRead);
    teller.tell(now.isOver ? first : first.map((event) => ({ ...event, isLast: false })));
    if (first.length === 0 && lastRead === undefined) teller.tellState(now);
    const gone = callerGone(response);
    while (!teller.isOver() && !gone.aborted) {
      if (now.isOver) teller.tellState(now);
      else await nextEvents({ redis, log, watch, subject, snapshot, gone, teller });
      if (live.events.closing.aborted) return;
    }
  } catch (error) {
    if (!response.headersSent) throw error;
    log.warn({ err: error, ...subject }, 'a follower was let go');
  } finally {
    watch.stop();
    if (response.headersSent) response.end();
  }
}

type Teller = ReturnType<typeof createTeller>;
type Following = FollowSpec &
  Pick<Source, 'redis' | 'log'> & {
    watch: ReturnType<Source['live']['events']['follow']>;
    gone: AbortSignal;
    teller: Teller;
  };

/** One command that comes too late is no reason to let a follower go; a Redis that is away is. */
async function nextEvents(following: Following): Promise<void> {
  const news = await following.watch.changed(HEARTBEAT_MS, following.gone);
  try {
    await tellNews(following, news);
  } catch (error) {
    if (following.redis.status !== 'ready') throw error;
    following.log.debug({ err: error, ...following.subject }, 'news could not be read');
  }
}

/** Without any for a while the records are asked, as hints can be lost. */
async function tellNews(
  { redis, subject, snapshot, gone, teller }: Following,
  news: 'event' | 'over',
): Promise<void> {
  const events = await readEvents(redis, subject, teller.position());
  teller.tell(events);
  if (news === 'event' || events.length > 0 || gone.aborted) return;
  const now = await snapshot();
  if (now.isOver) teller.tellState(now);
  else teller.beat();
}

function begin(response: Response): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Else a proxy collects what is to come at once.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write(`retry: ${RECONNECT_MS}\n\n`);
}

/** Writes events and remembers how far the caller has heard. */
function createTeller(response: Response, lastRead: string | undefined) {
  let position = lastRead?.replace(LAST, '');
  let isOver = false;
  const write = (id: string, type: string, data: object) => {
    response.write(`id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  return {
    position: () => position,
    isOver: () => isOver,
    tell: (events: StoredEvent[]) => {
      for (const { id, type, data, isLast } of events) {
        write(isLast ? id + LAST : id, type, data);
        position = id;
        isOver ||= isLast;
      }
    },
    /** An id that sorts like those of the stream: what comes later comes behind it. */
    tellState: ({ type, data, isOver: isEnd, moment }: Snapshot) => {
      const id = position ?? `${moment}-0`;
      write(isEnd ? `${id}${LAST}` : id, type, data);
      isOver ||= isEnd;
    },
    beat: () => void response.write(': still there\n\n'),
  };
}
