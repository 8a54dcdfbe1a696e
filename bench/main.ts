import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '@bonafide/platform';
import { benchOptions } from './arguments';
import { measureEndurance } from './endurance';
import { makeMaterial } from './material';
import { stayOnOneCore } from './one-core';
import { measureLatency } from './service';
import { measureStages } from './stages';

async function run(): Promise<void> {
  const options = benchOptions(process.argv.slice(2));
  const { modelsDir, ffmpegPath = 'ffmpeg' } = readConfig().analysis;
  const results: Record<string, unknown> = { measured_at: new Date().toISOString() };
  if (options.service) {
    for (const store of ['folder', 's3'] as const) {
      const latency = (results[`latency_${store}`] = await measureLatency(store));
      const { count, medianMs, p95Ms } = latency;
      const figures = `median ${medianMs.toFixed(0)} ms, 95 % within ${p95Ms.toFixed(0)} ms`;
      console.log(`3-second clip, submit to result, ${store} store: ${figures} (${count} clips)`);
    }
  }
  if (!options.stages && options.longSec === 0) return save(results);
  const material = makeMaterial(ffmpegPath);
  try {
    if (options.longSec > 0) {
      const clip = material.long(options.longSec);
      const endurance = (results.endurance = await measureEndurance(
        { modelsDir, ffmpegPath },
        clip,
        options.longSec,
      ));
      const { elapsedSec, peakRssMiB, longestBlockMs } = endurance;
      console.log(
        `${options.longSec} s of sound in ${elapsedSec.toFixed(1)} s, at most ${peakRssMiB.toFixed(0)} MiB,`,
      );
      console.log(`the event loop held for at most ${longestBlockMs.toFixed(1)} ms`);
    }
    if (options.stages) {
      console.log(`On ${stayOnOneCore()}:`);
      const stages = await measureStages({ modelsDir, ffmpegPath }, material.speech, material.speechSec);
      for (const { name, timesRealTime } of stages)
        console.log(`  ${name.padEnd(24)} ${timesRealTime.toFixed(1).padStart(8)} × real time`);
      results.stages = stages;
    }
  } finally {
    material.remove();
  }
  save(results);
}

function save(results: Record<string, unknown>): void {
  writeFileSync(path.join(__dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}

void run();
