import { createTurn, type Turn } from '../../apps/worker/src/turn';

/** Work that goes on when it is told to, and notes when it began and ended. */
function work(name: string, events: string[]) {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const run = async () => {
    events.push(`${name} begins`);
    await done;
    events.push(`${name} ends`);
  };
  return { run, finish };
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** An analysis of a batch of so many windows; each takes one turn of the event loop. */
function bulk(turn: Turn, windows: number, events: string[]): Promise<void> {
  return turn.later(async (giveWay) => {
    for (let window = 0; window < windows; window++) {
      await giveWay();
      events.push(`window ${window}`);
      await settle();
    }
  });
}

describe('whose turn it is', () => {
  test('When somebody waits for an analysis, then one of a batch stands still until it has ended', async () => {
    const events: string[] = [];
    const turn = createTurn();
    const batch = bulk(turn, 200, events);
    await settle();
    const one = work('one', events);
    const first = turn.first(one.run);
    await settle();
    await settle();
    const before = events.length;
    for (let look = 0; look < 20; look++) await settle();
    expect(events.length).toBe(before);
    one.finish();
    await Promise.all([first, batch]);
    const ends = events.indexOf('one ends');
    expect(events.slice(0, ends)).toContain('window 0');
    expect(events.at(-1)).toBe('window 199');
  });

  test('When four went ahead of a waiting batch, then the fifth waits until the batch has gone on', async () => {
    const events: string[] = [];
    const turn = createTurn();
    const gate = work('gate', events);
    const holding = turn.first(gate.run);
    const batch = bulk(turn, 5, events);
    gate.finish();
    const others = Array.from({ length: 6 }, (_unused, place) => {
      const other = work(`single ${place}`, events);
      other.finish();
      return other;
    });
    await holding;
    for (const other of others) await turn.first(other.run);
    await batch;
    const lastWindow = events.indexOf('window 4');
    expect(lastWindow).toBeGreaterThan(-1);
    expect(lastWindow).toBeLessThan(events.indexOf('single 5 begins'));
  });

  test('When work fails, then the others go on', async () => {
    const turn = createTurn();
    await expect(turn.first(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(turn.later(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(turn.first(async () => 1)).resolves.toBe(1);
    await expect(turn.later(async (giveWay) => giveWay().then(() => 2))).resolves.toBe(2);
  });
});
