import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTimeLimit } from '@bonafide/platform';
import { until } from '../system/until';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

test('When nobody but the listener knows of a limit, then it comes in spite of the garbage collector', async () => {
  let reason: Error | undefined;
  (() => {
    const { signal } = startTimeLimit(0.1, new AbortController().signal);
    signal.addEventListener('abort', () => (reason = signal.reason as Error));
  })();
  collect();
  await until('the time is up', () => reason);
  expect(reason).toMatchObject({ name: 'TimeoutError' });
});

test('When the other signal comes first, then its reason is passed on and the limit never comes', () => {
  const other = new AbortController();
  const limit = startTimeLimit(60, other.signal);
  other.abort('stopping');
  expect(limit.signal.reason).toBe('stopping');
  limit.end();
});

test('When what was limited is over, then nothing is aborted any more', () => {
  const other = new AbortController();
  const limit = startTimeLimit(60, other.signal);
  limit.end();
  other.abort();
  expect(limit.signal.aborted).toBe(false);
});
