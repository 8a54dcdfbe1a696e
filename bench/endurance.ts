import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadDetector } from '@bonafide/pipeline';
import type { Setting } from './stages';

export type Endurance = {
  durationSec: number;
  elapsedSec: number;
  peakRssMiB: number;
  longestBlockMs: number;
};

const SAMPLING_MS = 5;

/** One long recording: how much memory it takes, and how long the event loop was ever held. */
export async function measureEndurance(
  setting: Setting,
  clip: string,
  durationSec: number,
): Promise<Endurance> {
  const detector = await loadDetector(setting);
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 100);
  const startMs = performance.now();
  delay.enable();
  await detector.detect(clip, { filename: 'long.mp3' });
  delay.disable();
  clearInterval(watch);
  await detector.close();
  return {
    durationSec,
    elapsedSec: (performance.now() - startMs) / 1000,
    peakRssMiB: peakBytes / 2 ** 20,
    longestBlockMs: Math.max(0, delay.max / 1e6 - SAMPLING_MS),
  };
}
