/** Blocks that one reader may be ahead of another. */
const MOST_AHEAD = 4;

type Lane = { blocks: Float32Array[]; state: 'kept' | 'read' | 'dropped' };

/**
 * Hands one source of blocks, an array a channel each, to a reader a channel: it is read once, in flat
 * memory. A fault of the source is every reader's.
 */
export class ChannelStreams {
  private readonly iterator: AsyncIterator<Float32Array[]>;
  private readonly lanes: Lane[];
  private pulling: Promise<boolean> | undefined;
  private waiting: (() => void)[] = [];

  constructor(source: AsyncIterable<Float32Array[]>, channelCount: number) {
    this.iterator = source[Symbol.asyncIterator]();
    this.lanes = Array.from({ length: channelCount }, (): Lane => ({ blocks: [], state: 'dropped' }));
  }

  /** Keeps all blocks of a channel that has no reader yet. */
  keep(channel: number): void {
    this.lanes[channel].state = 'kept';
  }

  /** Forgets a channel's blocks: it will have no reader, or no longer. */
  drop(channel: number): void {
    this.lanes[channel] = { blocks: [], state: 'dropped' };
  }

  /** The blocks of one channel. Readers run side by side: none gets far ahead of the others. */
  async *read(channel: number): AsyncGenerator<Float32Array> {
    const lane = this.lanes[channel];
    lane.state = 'read';
    try {
      for (;;) {
        while (lane.blocks.length === 0) {
          if (this.lanes.some(({ state, blocks }) => state === 'read' && blocks.length >= MOST_AHEAD)) {
            await new Promise<void>((resolve) => this.waiting.push(resolve));
          } else if (!(await this.pull()) && lane.blocks.length === 0) return;
        }
        yield lane.blocks.shift()!;
        this.tellRoom();
      }
    } finally {
      this.drop(channel);
      this.tellRoom();
      if (this.lanes.every(({ state }) => state === 'dropped')) await this.iterator.return?.();
    }
  }

  /** Reads one block for all lanes; false at the end. What has failed or ended stays so. */
  private pull(): Promise<boolean> {
    this.pulling ??= this.iterator.next().then(({ done, value }) => {
      if (done) return false;
      this.lanes.forEach((lane, c) => lane.state !== 'dropped' && lane.blocks.push(value[c]));
      this.pulling = undefined;
      return true;
    });
    return this.pulling;
  }

  private tellRoom(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
