import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';

/** A request that has no answer after this time makes us ask whether the server is there at all. */
const DOUBT_AFTER_MS = 2_000;
const ANSWER_WITHIN_MS = 2_000;
const ASK_EVERY_MS = 500;

type Request = { protocol: string; hostname: string; port?: number };

/**
 * Finds out that a server takes connections and answers nothing. A long wait alone does not tell, as a large
 * copy takes its time; so it is asked something for which no rights are needed, and any answer will do. While
 * there is none, those who wait are let go and the others refused at once.
 */
export function refuseWhileSilent(client: S3Client): void {
  let state: 'answers' | 'in doubt' | 'silent' = 'answers';
  const waiting = new Set<(error: Error) => void>();
  const ask = async (address: string): Promise<void> => {
    while (state !== 'answers') {
      state = (await answers(address)) ? 'answers' : 'silent';
      if (state === 'answers') return;
      waiting.forEach((refuse) => refuse(silence()));
      await sleep(ASK_EVERY_MS, undefined, { ref: false });
    }
  };
  const doubt = (address: string): void => {
    if (state !== 'answers') return;
    state = 'in doubt';
    void ask(address);
  };
  client.middlewareStack.add(
    (next) => async (turn) => {
      if (state === 'silent') throw silence();
      const timer = setTimeout(() => doubt(addressOf(turn.request as Request)), DOUBT_AFTER_MS);
      let letGo: (error: Error) => void = () => undefined;
      const refused = new Promise<never>((_resolve, reject) => (letGo = reject));
      waiting.add(letGo);
      try {
        return await Promise.race([next(turn), refused]);
      } finally {
        clearTimeout(timer);
        waiting.delete(letGo);
      }
    },
    { name: 'refuseWhileSilent', step: 'finalizeRequest', priority: 'low' },
  );
}

const answers = (address: string): Promise<boolean> =>
  fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    () => true,
    () => false,
  );

const silence = (): Error =>
  Object.assign(new Error('The object store does not answer'), { name: 'TimeoutError' });

const addressOf = ({ protocol, hostname, port }: Request): string =>
  `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`;
