import { parseArgs } from 'node:util';
import { simulateScaling } from './queueing/autoscaler';
import { simulateFixed } from './queueing/fixed-workers';
import { readable } from './figure';

const USAGE = `How long clips wait, simulated: npm run queueing -- [--service MS] [--seed N]
  --service   what one clip takes of one worker, on average (default 150)
  --seed      of the arrivals and service times (default 1)
`;

const LOADS = [0.5, 0.7, 0.8, 0.9, 0.95] as const;
const WORKERS = [1, 4, 16, 64] as const;
/** Clips a second that come in after the step, as a multiple of what one worker manages. */
const STEPS = [5, 50, 500, 900] as const;

function run(): void {
  const { values } = parseArgs({
    options: { service: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const serviceSec = Number(values.service ?? 150) / 1000;
  const seed = Number(values.seed ?? 1);
  if (!(serviceSec > 0)) throw new Error('--service is a number of milliseconds above 0');
  if (!Number.isInteger(seed)) throw new Error('--seed is a whole number');
  console.log(
    `Waiting before the work begins, median / 99th percentile in seconds; ${serviceSec} s a clip\n`,
  );
  printRow(['workers', ...LOADS.map((load) => `${100 * load} % load`)]);
  printRow(['---', ...LOADS.map(() => '---')]);
  for (const workers of WORKERS) {
    const cells = LOADS.map((load) => {
      const { medianSec, p99Sec } = simulateFixed({ workers, load, serviceSec, seed });
      return `${readable(medianSec)} / ${readable(p99Sec)}`;
    });
    printRow([String(workers), ...cells]);
  }
  console.log('\nThe autoscaler after a step from nothing to a steady stream\n');
  printRow(['stream', 'needs', 'most workers', 'until none waits 30 s', 'longest wait', 'after an hour']);
  printRow(['---', '---', '---', '---', '---', '---']);
  for (const step of STEPS) {
    const outcome = simulateScaling({ arrivalsPerSec: step / serviceSec, serviceSec, maxWorkers: 1000 });
    printRow([
      `${readable(step / serviceSec)} clips/s`,
      String(step),
      String(outcome.mostWorkers),
      `${readable(outcome.settledSec / 60)} min`,
      `${readable(outcome.longestWaitSec)} s`,
      String(outcome.lastWorkers),
    ]);
  }
}

const printRow = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

try {
  run();
} catch (error) {
  console.error(`queueing: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
