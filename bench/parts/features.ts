import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { createExtractor, loadDetector } from '@bonafide/pipeline';
import { costOf } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import { samplesOf } from '../samples';
import { median } from '../statistics';
import type { Setting } from '../material';

const WINDOW_SAMPLES = 4 * 22_050;

type ReferenceTimes = Record<'librosa' | 'eGeMAPSv02' | 'ComParE_2016', number>;

/**
 * (a) Our 154 features against librosa computing the equivalents and against openSMILE's two sets, each second of
 * the same recording measured once, in processor time. The others are left out where no Python is given.
 */
export async function compareFeatures(
  setting: Setting,
  wav: string,
  options: { rounds: number; python?: string },
): Promise<PartResult> {
  const detector = await loadDetector(setting);
  const names = detector.manifest.features.map(({ name }) => name);
  await detector.close();
  const samples = samplesOf(wav);
  const durationSec = samples.length / 22_050;
  const extractor = createExtractor(names);
  const measureAll = async () => {
    for (let from = 0; from + WINDOW_SAMPLES <= samples.length; from += WINDOW_SAMPLES)
      extractor.extract(samples.subarray(from, from + WINDOW_SAMPLES));
  };
  await measureAll();
  const times: number[] = [];
  for (let round = 0; round < options.rounds; round++) times.push((await costOf(measureAll)).cpuSec);
  const ourSec = median(times);
  const figures: Figure[] = [
    {
      what: `a: our ${names.length} features`,
      value: durationSec / ourSec,
      unit: '× real time',
      atLeast: 500,
    },
  ];
  if (options.python === undefined) return { figures };
  const reference = measureReferences(options.python, wav, options.rounds);
  const wanted = { librosa: 1.5, eGeMAPSv02: 10, ComParE_2016: undefined };
  for (const [name, seconds] of Object.entries(reference) as [keyof ReferenceTimes, number][]) {
    figures.push({ what: `a: ${name}`, value: durationSec / seconds, unit: '× real time' });
    figures.push({
      what: `a: ours against ${name}`,
      value: seconds / ourSec,
      unit: '× as fast',
      atLeast: wanted[name],
    });
  }
  return { figures, details: { durationSec, ourSec, reference } };
}

/** Processor seconds of each, single-threaded. */
function measureReferences(python: string, wav: string, rounds: number): ReferenceTimes {
  const script = path.join(__dirname, '../reference/features.py');
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', NUMBA_NUM_THREADS: '1' };
  const output = execFileSync(python, [script, wav, String(rounds)], {
    encoding: 'utf8',
    env: { ...process.env, ...one },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as ReferenceTimes;
}
