import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Augmentation, Ensemble, Manifest, Report } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';
import { readConfig } from '@bonafide/platform';
import { atSpeed } from '../../packages/pipeline/src/audio/at-speed';

const root = path.join(__dirname, '../..');
const { ffmpegPath } = readConfig().analysis;
/** Of one window, and of four. */
const [SHORT, LONG] = ['real-en-3s.wav', 'real-en.wav'].map((name) =>
  path.join(root, 'tests/fixtures', name),
);
const RATE_HZ = 22_050;

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  await cp(path.join(root, 'models/bonafide-1'), scratch, { recursive: true });
});
afterEach(() => rm(scratch, { recursive: true }));

/** The report of a recording by the shipped members, each window measured so. */
async function judge(
  clip: string,
  augmentation: Augmentation | undefined,
  ensemble: Ensemble = 'full',
): Promise<Report> {
  const file = path.join(scratch, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  manifest.ensembles[ensemble].augmentation = augmentation;
  await writeFile(file, JSON.stringify(manifest));
  const detector = await loadDetector({ modelsDir: scratch, ffmpegPath });
  try {
    return await detector.detect(clip, { filename: 'call.wav', ensemble });
  } finally {
    await detector.close();
  }
}

/** Calibrated log odds of a member; a report has three decimals of per cent. */
function logitOf({ model_predictions }: Report, name: string): number {
  const { prediction, confidence } = model_predictions[name];
  const odds = Math.log(confidence / (100 - confidence));
  return prediction === 'fake' ? odds : -odds;
}

describe('test-time augmentation', () => {
  test('When a window is measured at more speeds, then members that look at features answer with the mean of their logits', async () => {
    const once = await judge(SHORT, undefined);
    const same = await judge(SHORT, { speeds: [1], windows: 2 });
    const slower = await judge(SHORT, { speeds: [0.95], windows: 2 });
    const twiceSlower = await judge(SHORT, { speeds: [0.95, 0.95], windows: 2 });

    expect(same.p_fake).toBeCloseTo(once.p_fake, 5);
    for (const name of ['xgboost', 'random_forest', 'svm']) {
      const [alone, two, three] = [once, slower, twiceSlower].map((report) => logitOf(report, name));
      const copy = 2 * two - alone;
      expect(Math.abs(copy - alone)).toBeGreaterThan(0.01);
      expect(three).toBeCloseTo((alone + 2 * copy) / 3, 2);
    }
    expect(slower.model_predictions.whisper_encoder).toEqual(once.model_predictions.whisper_encoder);
    expect(slower.audio_info.duration).toBe(once.audio_info.duration);
  }, 60_000);

  test('When a recording has more windows than are to be measured so, then it is judged as if none were', async () => {
    const speeds = [0.95];
    const [none, three, four] = [
      await judge(LONG, undefined, 'classic'),
      await judge(LONG, { speeds, windows: 3 }, 'classic'),
      await judge(LONG, { speeds, windows: 4 }, 'classic'),
    ];
    expect(three.p_fake).toBe(none.p_fake);
    expect(three.windows).toEqual(none.windows);
    expect(four.windows.map(({ p_fake }) => p_fake)).not.toEqual(none.windows.map(({ p_fake }) => p_fake));
    expect(four.p_fake).not.toBe(none.p_fake);
  }, 60_000);
});

test('When a tone is played slower, then it lasts longer and is lower by as much', () => {
  const tone = Float32Array.from({ length: RATE_HZ }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / RATE_HZ));
  const slow = atSpeed(tone, 0.95);
  expect(slow).toHaveLength(Math.ceil(RATE_HZ / 0.95));
  const crossings = slow.filter((x, i) => i > 0 && slow[i - 1] < 0 && x >= 0).length;
  expect((crossings / slow.length) * RATE_HZ).toBeCloseTo(950, -1);
  expect(atSpeed(tone, 1)).toEqual(tone);
});
