import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';
import { readConfig } from '@bonafide/platform';
import { readBundle } from '../../packages/pipeline/src/inference/bundle';
import { FEATURE_VERSION, FEATURES } from '../../packages/pipeline/src/features/table';

const { modelsDir } = readConfig().analysis;
const program = {
  features: new Set(FEATURES.map(({ name }) => name)),
  featureVersion: FEATURE_VERSION,
  sampleRateHz: 22_050,
};
let shipped: string;
let scratch: string;

beforeAll(async () => {
  shipped = (await readBundle(modelsDir, program)).folder;
});
beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  await cp(shipped, scratch, { recursive: true });
});
afterEach(() => rm(scratch, { recursive: true }));

async function change(edit: (manifest: Manifest) => void): Promise<void> {
  const file = path.join(scratch, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  edit(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

const hears = ({ members }: Manifest) => members.filter((member) => member.kind !== 'features');

const faults: [string, (manifest: Manifest) => void, RegExp][] = [
  ['a hash does not match', (m) => (m.members[0].sha256 = '0'.repeat(64)), /\.onnx: sha256 is .* says 0000/],
  ['a file is missing', (m) => (m.members[0].file = 'gone.onnx'), /gone\.onnx: cannot be read \(members\./],
  ['a field is missing', (m) => Reflect.deleteProperty(m, 'thresholds'), /manifest\.json: thresholds: /],
  [
    'a member that hears nothing is to tell where',
    (m) => (m.localization!.member = 'svm'),
    /localization\.member: no member that hears is named svm/,
  ],
  [
    'stretches are not shorter than windows',
    (m) => (m.localization!.window_sec = m.window_sec),
    /localization\.window_sec: is not shorter than window_sec/,
  ],
  [
    'nothing says by how much a phrase is to stand out',
    (m) => Reflect.deleteProperty(m.localization!, 'contrast'),
    /manifest\.json: localization\.contrast: /,
  ],
  [
    'a member is to tell of stretches by an output that it has not',
    (m) => (m.localization!.output = 'frames'),
    /whisper_encoder\.onnx: has no output frames \(localization\.output\)/,
  ],
  [
    'a member with windows of its own is to tell where',
    (m) => hears(m).forEach((member) => (member.window_sec = 2)),
    /localization\.member: has windows of its own/,
  ],
  [
    'a feature is unknown',
    (m) => (m.features[3].name = 'aura'),
    /features: the extractor does not know aura/,
  ],
  [
    'two features have changed places',
    ({ features }) => ([features[3], features[4]] = [features[4], features[3]]),
    /features\.3\.name: \w+, but in the extractor's order it is \w+/,
  ],
  [
    "two features have each other's name",
    ({ features: [a, b] }) => ([a.name, b.name] = [b.name, a.name]),
    /features\.0\.name: /,
  ],
  [
    'the features are of another version',
    (m) => (m.feature_version = '9'),
    /feature_version: 9, but the extractor is of 2/,
  ],
  ['a feature occurs twice', (m) => (m.features[1] = m.features[0]), /features: a name occurs twice/],
  ['a member occurs twice', (m) => (m.members[1].name = m.members[0].name), /members: a name occurs twice/],
  [
    'the fusion names nobody',
    (m) => m.ensembles.classic.fusion.members.push('ghost'),
    /no member is named ghost/,
  ],
  ['the rate is another', (m) => (m.sample_rate = 16_000), /sample_rate: 16000/],
  ['an output has another name', (m) => (m.members[0].output = 'scores'), /has no output scores/],
  ['an input has another name', (m) => (m.members[0].input = 'rows'), /has no input rows/],
  [
    'an output is not what it is said to be, with samples',
    (m) => hears(m).forEach((member) => (member.answers = 'logit')),
    /whisper_encoder\.onnx: does not answer \(members\.whisper_encoder\): .* answered 2 numbers/,
  ],
  [
    'an output is not what it is said to be, without samples',
    (m) => {
      delete m.parity;
      hears(m).forEach((member) => (member.answers = 'logit'));
    },
    /does not answer \(members\.whisper_encoder\)/,
  ],
  [
    'a sample is longer than any window',
    (m) => (m.parity!.noise[0].samples = 1e15),
    /parity\.noise\.0\.samples: /,
  ],
  [
    'a member answers its sample otherwise',
    (m) => (m.parity!.rows[0].expected.svm += 0.01),
    /parity\.rows\.0\.expected\.svm is .*, but the model answers/,
  ],
  [
    'a member answers its noise otherwise',
    (m) => (m.parity!.noise[0].expected.whisper_encoder += 0.01),
    /parity\.noise\.0\.expected\.whisper_encoder is/,
  ],
  [
    'a sample has too few features',
    (m) => m.parity!.rows[1].features.pop(),
    /parity\.rows\.1: 153 features, not 154/,
  ],
  [
    'a member is turned round',
    (m) => (m.members[0].calibration.slope *= -1),
    /members\.0\.calibration\.slope: /,
  ],
  [
    'a member is held against what it says',
    (m) => (m.ensembles.full.fusion.weights.svm *= -1),
    /ensembles\.full\.fusion\.weights\.svm: /,
  ],
  [
    'no member has a say',
    (m) => (m.ensembles.classic.fusion.weights = { xgboost: 0, random_forest: 0, svm: 0 }),
    /fusion\.weights: give no member a say/,
  ],
  [
    'the thresholds are in no order',
    (m) => (m.thresholds = { recall: 0.9, balanced: 0.5, precision: 0.1 }),
    /thresholds: are to rise/,
  ],
  [
    'an ensemble makes another score of its members',
    (m) => (m.parity!.rows[0].p_fake = { full: 0.99 }),
    /parity\.rows\.0\.p_fake\.full is .*, but the model answers/,
  ],
  ['the version is no name', (m) => (m.version = '../1'), /manifest\.json: version: /],
  [
    'the models read fewer columns than there are features',
    (m) => {
      m.features.pop();
      m.distribution.axes.forEach((axis) => axis.pop());
      m.members.forEach((member) => member.kind === 'features' && member.columns--);
    },
    /input \w+ is \[.*, 154\], expected \[N, 153\]/,
  ],
];

describe('bundle', () => {
  test('When the shipped bundle is loaded, then it has its three classic members over 154 features', async () => {
    const detector = await loadDetector({ modelsDir });
    expect(detector.manifest.features).toHaveLength(154);
    expect([...detector.manifest.ensembles.classic.fusion.members].sort()).toEqual([
      'random_forest',
      'svm',
      'xgboost',
    ]);
    await detector.close();
  });

  test('When a bundle is as 1.5 was, then it serves and tells by whole windows', async () => {
    await change((m) => {
      m.localization = { member: 'whisper_encoder', window_sec: 1.5, hop_sec: 1 } as Manifest['localization'];
    });
    const detector = await loadDetector({ modelsDir: scratch });
    expect(detector.manifest.localization).toBeUndefined();
    await detector.close();
  });

  test.each(faults)(
    'When %s, then the bundle is refused by name of file and field',
    async (_, edit, message) => {
      await change(edit);
      await expect(loadDetector({ modelsDir: scratch })).rejects.toThrow(message);
    },
  );

  test('When there are several bundles, then the one made first runs, or the one that active.json names', async () => {
    const several = path.join(scratch, 'several');
    const made = {
      one: '2026-11-25T00:00:00Z',
      two: '2026-11-24T04:00:00+00:00',
      three: '2026-11-26T00:00:00Z',
    };
    for (const [name, created_at] of Object.entries(made)) {
      await change((manifest) => (manifest.created_at = created_at));
      await mkdir(path.join(several, name), { recursive: true });
      await cp(path.join(scratch, 'manifest.json'), path.join(several, name, 'manifest.json'));
      for (const { file } of (await readBundle(shipped, program)).manifest.members)
        await cp(path.join(shipped, file), path.join(several, name, file));
    }
    expect((await readBundle(several, program)).folder).toBe(path.join(several, 'two'));
    await mkdir(path.join(several, 'rotten'));
    await writeFile(path.join(several, 'rotten/manifest.json'), '{"version":"3.0.0",');
    expect((await readBundle(several, program)).folder).toBe(path.join(several, 'two'));
    await writeFile(path.join(several, 'active.json'), '{"bundle":"one"}');
    expect((await readBundle(several, program)).folder).toBe(path.join(several, 'one'));
    await writeFile(path.join(several, 'active.json'), '{"bundle":"../two"}');
    await expect(loadDetector({ modelsDir: several })).rejects.toThrow(/active\.json: bundle/);
    await expect(loadDetector({ modelsDir: path.join(scratch, 'none') })).rejects.toThrow(/cannot be read/);
  });
});
