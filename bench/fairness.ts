import { parseArgs } from 'node:util';
import { batchCaller, startSystem, until, zipOf, type System } from '../tests/system';
import { distinctClips } from './distinct-clips';

const USAGE = `How long a single clip takes beside an archive of thousands, against idle: npm run fairness
Starts a service of its own with two workers; takes some minutes and no options.
`;

const ENTRIES = 5_000;
const WARM_UP = 10;
const COUNT = 40;
/** The archive is well under way from here on. */
const BEGUN = 5;

/** How long a single short clip takes from submission to result, idle and beside an archive of thousands. */
async function measureFairness(): Promise<void> {
  const system = await startSystem({ store: 'folder', workers: 2 });
  const clip = distinctClips();
  try {
    await latencies(system, clip, WARM_UP);
    const idleMs = median(await latencies(system, clip, COUNT));
    const batches = batchCaller(system.url);
    const entries = Array.from({ length: ENTRIES }, (_unused, number) => ({
      name: `${number}.wav`,
      data: clip(),
    }));
    const { id } = await batches.create(zipOf(entries), 'many.zip');
    const endedEntries = async () => (await batches.get(id)).counters.succeeded;
    await until('the batch is under way', async () => (await endedEntries()) >= BEGUN, 120);
    const before = await endedEntries();
    const besideMs = median(await latencies(system, clip, COUNT));
    const between = (await endedEntries()) - before;
    await fetch(`${system.url}/v1/batches/${id}/cancel`, { method: 'POST' });
    await batches.ended(id);
    const againMs = median(await latencies(system, clip, COUNT));
    console.log(
      `single clip, median of ${COUNT}: idle ${idleMs.toFixed(0)} ms before and ${againMs.toFixed(0)} ms after,`,
    );
    console.log(`beside an archive of ${ENTRIES} entries ${besideMs.toFixed(0)} ms`);
    console.log(
      `ratio ${((2 * besideMs) / (idleMs + againMs)).toFixed(2)}; ${between} entries ended meanwhile`,
    );
  } finally {
    await system.stop();
  }
}

async function latencies(system: System, clip: () => Buffer, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const content = new Blob([new Uint8Array(clip())]);
    const beganMs = performance.now();
    const { id } = await system.client.submit({ content, filename: 'single.wav' });
    await system.client.wait(id, { timeoutSec: 120 });
    times.push(performance.now() - beganMs);
  }
  return times;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) process.stdout.write(USAGE);
else void measureFairness();
