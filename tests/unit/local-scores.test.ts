import type { Manifest } from '@bonafide/contracts';
import type { Window } from '../../packages/pipeline/src/audio/windows';
import { slotsOf } from '../../packages/pipeline/src/ensemble/timeline';
import { createLocalScores } from '../../packages/pipeline/src/local-scores';

const RATE_HZ = 22_050;
const [LENGTH_SEC, HOP_SEC] = [1.5, 0.5];
const manifest = {
  sample_rate: RATE_HZ,
  localization: { member: 'a', output: 'b', window_sec: LENGTH_SEC, hop_sec: HOP_SEC, contrast: 1 },
} as Manifest;

/** Windows of 4 s every 2 s and one that ends with the sound; that one with silence before its sound. */
function windowsFrom(onset: number, durationSec: number, lastSilenceSec = 0): Window[] {
  const starts = [];
  for (let start = 0; start + 4 <= durationSec; start += 2) starts.push(start);
  if (durationSec - starts.at(-1)! - 4 >= 0.5) starts.push(durationSec - 4);
  return starts.map((start, at) => {
    const silenceSec = at === starts.length - 1 ? lastSilenceSec : 0;
    const sampleAt = (sec: number) => onset + Math.round(sec * RATE_HZ);
    return {
      startSec: sampleAt(start) / RATE_HZ,
      endSec: sampleAt(start + 4) / RATE_HZ,
      samples: new Float32Array(Math.round((4 - silenceSec) * RATE_HZ)),
      soundStartSec: sampleAt(start + silenceSec) / RATE_HZ,
      speech: new Array<boolean>(161).fill(true),
      speechRatio: 1,
      clippingRatio: 0,
    };
  });
}

function stretchesOf(windows: readonly Window[]) {
  const local = createLocalScores(manifest);
  for (const window of windows) {
    const count = Math.max(1, Math.floor((window.samples.length / RATE_HZ - LENGTH_SEC) / HOP_SEC) + 1);
    local.add(window, new Array<number>(count).fill(1));
  }
  return local.stretches();
}

test('When the sound begins anywhere, then its timeline has the same slots', () => {
  for (let onset = 0; onset < 70_000; onset += 137) {
    const slots = [...slotsOf(stretchesOf(windowsFrom(onset, 10)))];
    expect([onset, slots.length]).toEqual([onset, 20]);
    for (const { startSec, endSec } of slots) expect(endSec - startSec).toBeCloseTo(HOP_SEC, 6);
  }
});

test('When the last window begins with silence, then no stretch ends behind it', () => {
  for (let silence = 0; silence < 3; silence += 0.05) {
    const windows = windowsFrom(1102, 6.6, silence);
    const ends = stretchesOf(windows).map(({ endSec }) => endSec);
    expect(Math.max(...ends)).toBeLessThanOrEqual(windows.at(-1)!.endSec + 1e-9);
  }
});

test('When a recording is one window, then no stretch of it is told', () => {
  expect(stretchesOf(windowsFrom(0, 4))).toEqual([]);
});
