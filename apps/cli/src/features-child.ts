import { collectSeldom } from '@bonafide/platform';
import { createClipMeter, type FeaturesSetup, type ListedClip } from './features-of-clip';

/** One of the processes that `features` starts: measures the clips it is sent, one after another. */
export type ChildMessage =
  | { readonly kind: 'setup'; readonly setup: FeaturesSetup }
  | { readonly kind: 'clip'; readonly index: number; readonly clip: ListedClip };

collectSeldom();
let queue: Promise<unknown> = Promise.resolve();
let meter: Promise<(clip: ListedClip) => Promise<unknown>> | undefined;

process.on('message', (message: ChildMessage) => {
  if (message.kind === 'setup') {
    meter = createClipMeter(message.setup);
    return;
  }
  queue = queue.then(async () => {
    const measure = await meter;
    process.send?.({ index: message.index, clip: await measure?.(message.clip) });
  });
});
process.on('disconnect', () => process.exit(0));
