import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';
import { readConfig } from '@bonafide/platform';
import { piecesOf } from '../../packages/pipeline/src/inference/own-window';
import { createSpectrogram, spectrogramShape } from '../../packages/pipeline/src/inference/spectrogram';

type Entry = Manifest['members'][number];

const root = path.join(__dirname, '../..');
const example = path.join(root, 'docs/examples/extra-member');
const clip = path.join(root, 'tests/fixtures/real-en-3s.wav');
const { ffmpegPath } = readConfig().analysis;
let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  await cp(path.join(root, 'models/bonafide-1'), scratch, { recursive: true });
});
afterEach(() => rm(scratch, { recursive: true }));

/** As docs/models.md has it: the files beside the others, their entries into the manifest, their weights into the fusion. */
async function dropIn(edit: (entries: Entry[]) => void = () => undefined): Promise<void> {
  const entries = JSON.parse(await readFile(path.join(example, 'entries.json'), 'utf8')) as Entry[];
  const file = path.join(scratch, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  const { fusion } = manifest.ensembles.full;
  for (const entry of entries) {
    const bytes = await readFile(path.join(example, entry.file));
    await writeFile(path.join(scratch, entry.file), bytes);
    entry.sha256 = createHash('sha256').update(bytes).digest('hex');
    manifest.members.push(entry);
    fusion.members.push(entry.name);
    fusion.weights[entry.name] = 0.1;
  }
  edit(entries);
  await writeFile(file, JSON.stringify(manifest));
}

describe('an extra member', () => {
  test('When an ONNX file with a rate and a window of its own is dropped in, then it votes like the others', async () => {
    await dropIn();
    const detector = await loadDetector({ modelsDir: scratch, ffmpegPath });
    try {
      const report = await detector.detect(clip, { filename: 'call.wav' });
      const classic = await detector.detect(clip, { filename: 'call.wav', ensemble: 'classic' });
      expect(Object.keys(report.model_predictions)).toEqual(
        expect.arrayContaining(['loudness', 'brightness', 'svm']),
      );
      // Windows are brought to a loudness far above where the toy says fake with certainty.
      expect(report.model_predictions.loudness.confidence).toBeLessThan(100);
      expect(report.processing_info.models_available).toHaveLength(6);
      expect(Object.keys(classic.model_predictions)).toHaveLength(3);
    } finally {
      await detector.close();
    }
  });

  const faults: [string, (entries: Entry[]) => void, RegExp][] = [
    [
      'its window is not that of its graph',
      ([one]) => Object.assign(one, { window_sec: 3 }),
      /loudness\.onnx: input waveform is \[1, 48000\], expected \[1, 72000\]/,
    ],
    [
      'its graph has one length and it no window',
      ([one]) => Reflect.deleteProperty(one, 'window_sec'),
      /expected \[1, N\]/,
    ],
    [
      'its bands are not those of its graph',
      ([, two]) => Object.assign(two, { spectrogram: { ...specOf(two), mels: undefined } }),
      /brightness\.onnx: input log_mel is .*expected \[1, 257, N\]/,
    ],
    [
      'its bands lie above half its rate',
      ([, two]) => Object.assign(two, { sample_rate: 8_000 }),
      /spectrogram\.mels\.high_hz: is above half/,
    ],
    [
      'its frames are no power of two',
      ([, two]) => Object.assign(two, { spectrogram: { ...specOf(two), fft_length: 500 } }),
      /fft_length: is to be a power of two/,
    ],
  ];
  test.each(faults)(
    'When %s, then the bundle is refused by name of the field',
    async (_what, edit, message) => {
      await dropIn(edit);
      await expect(loadDetector({ modelsDir: scratch })).rejects.toThrow(message);
    },
  );
});

function specOf(entry: Entry) {
  if (entry.kind !== 'spectrogram') throw new Error('no spectrogram');
  return entry.spectrogram;
}

describe('what a member hears', () => {
  test('When a window is shorter than it wants, then it is repeated; longer, then cut into pieces that cover it', () => {
    const samples = Float32Array.from({ length: 10 }, (_, i) => i);
    expect([...piecesOf(samples, 12)[0]]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(piecesOf(samples, 4).map((piece) => [...piece])).toEqual([
      [0, 1, 2, 3],
      [3, 4, 5, 6],
      [6, 7, 8, 9],
    ]);
    expect(piecesOf(samples, 10)).toHaveLength(1);
  });

  test('When a tone is heard, then its band is the loudest, in either layout', () => {
    const base = { fft_length: 512, frame_length: 400, hop_length: 160, power: 2, log_floor: 1e-10 } as const;
    const tone = Float32Array.from({ length: 8_000 }, (_, i) => Math.sin((2 * Math.PI * 1_000 * i) / 16_000));
    const byFrequency = createSpectrogram({ ...base, layout: 'frequency_time' }, 16_000)(tone);
    const byTime = createSpectrogram({ ...base, layout: 'time_frequency' }, 16_000)(tone);
    const { bands, frames } = spectrogramShape({ ...base, layout: 'time_frequency' }, tone.length);
    expect([bands, frames]).toEqual([257, 47]);
    const column = byTime.subarray(10 * bands, 11 * bands);
    expect(column.indexOf(Math.max(...column))).toBe(32);
    expect([...column]).toEqual(Array.from({ length: bands }, (_, band) => byFrequency[band * frames + 10]));
    // A Hann window of 400 in a frame of 512: the peak of a sine of amplitude 1 is a quarter of its length, squared.
    expect(Math.exp(column[32])).toBeCloseTo(100 ** 2, -2);
  });
});
