import { cpus, loadavg } from 'node:os';
import { collectSeldom, readConfig } from '@bonafide/platform';
import { benchOptions, type PartName, type BenchOptions } from './arguments';
import { coreCount } from './cpu-time';
import { type PartResult, tableOf } from './figure';
import { makeMaterial, type Material, type Setting } from './material';
import { keepToCore } from './one-core';
import { measureArchive } from './parts/archive';
import { compareFeatures } from './parts/features';
import { measureMemory } from './parts/memory';
import { measureService } from './parts/service';
import { measureStages } from './parts/stages';
import { measureUploads } from './parts/uploads';
import { measureWorkers } from './parts/workers';
import { saveResults } from './results';

type Run = (setting: Setting, material: Material, options: BenchOptions) => Promise<PartResult>;

const RUNS: Record<PartName, Run> = {
  a: (setting, material, { sizes }) =>
    compareFeatures(setting, material.wav(sizes.speechSec), {
      rounds: sizes.rounds,
      python: process.env.BENCH_PYTHON,
    }),
  b: (setting, material, { sizes }) =>
    measureStages(setting, material.mp3(sizes.speechSec), {
      durationSec: sizes.speechSec,
      rounds: sizes.rounds,
    }),
  c: (setting, _material, { sizes }) => measureService(setting, sizes),
  d: (_setting, _material, { sizes }) => measureWorkers(sizes.workers, sizes),
  e: (setting, material, { sizes }) => measureMemory(setting, material, sizes),
  f: (_setting, _material, { sizes }) => measureUploads(sizes),
  g: (setting, _material, { sizes }) => measureArchive(setting, sizes),
};

/** Measures part after part, prints one table, and keeps it all in results.json. */
async function run(): Promise<void> {
  const options = benchOptions(process.argv.slice(2));
  if (typeof options === 'string') return console.log(options);
  // What measures in this very process is to run as a worker does.
  collectSeldom();
  const { modelsDir, ffmpegPath = 'ffmpeg' } = readConfig().analysis;
  const setting = { modelsDir, ffmpegPath };
  const material = makeMaterial(setting);
  console.log(`${cpus()[0].model}, ${coreCount()} cores, Node ${process.version}`);
  try {
    for (const part of options.parts) {
      // What measures in this very process stays on one core; systems choose for theirs.
      if (part === 'a' || part === 'b') keepToCore(coreCount() - 1);
      else freeCores();
      const [load] = loadavg();
      const result = await RUNS[part](setting, material, options);
      saveResults(part, { measured_at: new Date().toISOString(), load_before: load, ...result });
      console.log(`\n${tableOf(result.figures)}`);
    }
  } finally {
    material.remove();
  }
}

const freeCores = (): void => void keepToCore(`0-${coreCount() - 1}`);

void run();
