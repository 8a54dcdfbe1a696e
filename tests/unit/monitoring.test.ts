import type { GroupedSketch, Reference } from '@bonafide/contracts';
import {
  binOf,
  compareSketch,
  emptySketch,
  figuresOf,
  findingsOf,
  greatestGap,
  mergeSketches,
  populationStability,
  psiLimit,
  rateOf,
  readConfig,
  reportGroups,
  tellableFindings,
  type References,
} from '@bonafide/platform';
import { createRandom } from '../system';

const EDGES = [1, 2, 3, 4];
const EVEN = [0.2, 0.2, 0.2, 0.2, 0.2];
const quantity = (name: string, kind: 'feature' | 'score') => ({ name, kind, edges: EDGES, shares: EVEN });
const REFERENCE: Reference = {
  format: 1,
  model_version: '1',
  feature_version: '1',
  clips: 5_000,
  quantities: [quantity('one', 'feature'), quantity('two', 'feature'), quantity('p_fake', 'score')],
  rates: { inconclusive: 0.3, out_of_distribution: 0, members_disagree: 0.01 },
};
const REFERENCES: References = { of: (version) => Promise.resolve(version === '1' ? REFERENCE : null) };

/** So many clips, spread over the bins of every quantity as told. */
function grouped(clips: number, shares: readonly number[], more: Partial<GroupedSketch> = {}): GroupedSketch {
  const sketch = emptySketch(REFERENCE);
  sketch.clips = clips;
  sketch.counts = REFERENCE.quantities.map(() => shares.map((share) => share * clips));
  sketch.rates.inconclusive = 0.3 * clips;
  return { format: 'pcm', tenant_class: 'default', model_version: '1', sketch, ...more };
}

test('When a value is on an edge, then it belongs to the bin above it', () => {
  expect([0, 1, 1.5, 4, 9].map((value) => binOf(EDGES, value))).toEqual([0, 1, 1, 4, 4]);
});

test('When shares are doubled and halved, then the index is the sum it is defined as', () => {
  const now = [4_000, 1_000, 2_000, 2_000, 1_000];
  const expected = (0.4 - 0.2) * Math.log(2) + 2 * (0.1 - 0.2) * Math.log(0.5);
  expect(populationStability(now, EVEN)).toBeCloseTo(expected, 2);
  expect(populationStability([2_000, 2_000, 2_000, 2_000, 2_000], EVEN)).toBeCloseTo(0, 6);
  expect(greatestGap(now, EVEN)).toBeCloseTo(0.2, 9);
});

test('When there are few recordings, then chance alone moves nothing', () => {
  // The 99.9 % points of chi-squared: 18.47 with 4, 27.88 with 9 degrees of freedom.
  expect(psiLimit(5, 40, 1e9)).toBeCloseTo(18.47 / 40, 1);
  expect(psiLimit(10, 40, 1e9)).toBeCloseTo(27.88 / 40, 1);
  expect(psiLimit(10, 100_000, 5_000)).toBe(0.25);
});

test('When as many came in as are asked for, then draws of the same kind are hardly ever a finding, and another kind is', async () => {
  const { minClips } = readConfig({}).monitoring;
  const random = createRandom(5);
  const placed = (shares: readonly number[], at: number) => {
    let sum = 0;
    return shares.findIndex((share) => (sum += share) > at);
  };
  const drawn = (shares: readonly number[]) => {
    const now = grouped(minClips, EVEN);
    now.sketch.counts = REFERENCE.quantities.map(() => {
      const bins = EVEN.map(() => 0);
      for (let clip = 0; clip < minClips; clip++) bins[placed(shares, random())] += 1;
      return bins;
    });
    return now;
  };
  const kindsOf = async (now: GroupedSketch) =>
    tellableFindings(await reportGroups(REFERENCES, { now: [now], before: [], minClips })).map(
      ({ kind }) => kind,
    );
  let alarms = 0;
  for (let round = 0; round < 300; round++) alarms += (await kindsOf(drawn(EVEN))).length;
  // Three quantities, each by chance once in a thousand times.
  expect(alarms).toBeLessThanOrEqual(2);
  expect(await kindsOf(drawn([0.05, 0.05, 0.1, 0.1, 0.7]))).toEqual(['features', 'scores']);
  expect(minClips).toBeLessThanOrEqual(50);
});

test('When sketches are merged, then order does not matter and those of other bins are left out', () => {
  const [a, b] = [grouped(10, EVEN).sketch, grouped(30, [1, 0, 0, 0, 0]).sketch];
  const foreign = { ...a, counts: [[1, 2]] };
  expect(mergeSketches([a, b, foreign], REFERENCE)).toEqual(mergeSketches([b, a], REFERENCE));
  expect(mergeSketches([a, b], REFERENCE).counts[0]).toEqual([32, 2, 2, 2, 2]);
});

test('When the share of inconclusive answers jumps, then it is found, and a small change is not', () => {
  const rates = (inconclusive: number) => ({ inconclusive, out_of_distribution: 0, members_disagree: 0 });
  const compare = (share: number) =>
    compareSketch({ ...grouped(300, EVEN).sketch, rates: rates(300 * share) }, REFERENCE, 'training');
  expect(compare(0.6).rates.inconclusive).toEqual({ now: 0.6, reference: 0.3, has_moved: true });
  expect(compare(0.4).rates.inconclusive.has_moved).toBe(false);
});

test('When the service is used to other recordings than the training was, then only a change of its own is new', async () => {
  const usual = [0.6, 0.1, 0.1, 0.1, 0.1];
  const turned = [0.1, 0.1, 0.1, 0.1, 0.6];
  const [before, minClips] = [[grouped(2_000, usual)], 100];
  const kindsOf = async (now: GroupedSketch[]) =>
    (await reportGroups(REFERENCES, { now, before, minClips }))
      .filter(({ format }) => format === 'pcm')
      .flatMap(findingsOf)
      .map(({ kind, against }) => `${kind} against ${against}`);
  expect(await kindsOf([grouped(500, usual)])).toEqual([
    'features against training',
    'scores against training',
  ]);
  expect(await kindsOf([grouped(500, turned)])).toEqual(
    ['training', 'own'].flatMap((against) => [`features against ${against}`, `scores against ${against}`]),
  );
  expect(await kindsOf([grouped(99, turned)])).toEqual([]);
});

test('When groups are reported, then formats and classes are also told together', async () => {
  const now = [
    grouped(10, EVEN),
    grouped(20, EVEN, { format: 'mp3' }),
    grouped(30, EVEN, { format: 'mp3', tenant_class: 'calls' }),
    grouped(5, EVEN, { model_version: 'without a reference' }),
  ];
  const reports = await reportGroups(REFERENCES, { now, before: [], minClips: 100 });
  const clips = reports.map(({ format, tenant_class, clips: count }) => [format, tenant_class, count]);
  expect(clips).toEqual([
    ['pcm', 'default', 10],
    ['all', 'default', 30],
    ['all', 'all', 60],
    ['mp3', 'default', 20],
    ['mp3', 'calls', 30],
    ['all', 'calls', 30],
  ]);
});

test('When a sum has only one part, then what has moved is told of the part alone', async () => {
  const turned = [0.1, 0.1, 0.1, 0.1, 0.6];
  const placesOf = async (now: GroupedSketch[]) =>
    tellableFindings(await reportGroups(REFERENCES, { now, before: [], minClips: 100 }))
      .filter(({ kind }) => kind === 'features')
      .map(({ format, tenant_class }) => `${format} ${tenant_class}`);
  expect(await placesOf([grouped(500, turned)])).toEqual(['pcm default']);
  const calls = grouped(500, turned, { format: 'mp3', tenant_class: 'calls' });
  expect(await placesOf([grouped(500, turned), calls])).toEqual(['pcm default', 'all all', 'mp3 calls']);
});

test('When rates are told, then their intervals are those of Wilson', () => {
  // statsmodels.stats.proportion.proportion_confint(8, 10, method='wilson')
  expect(rateOf(8, 10)).toEqual({ value: 0.8, interval: [0.4902, 0.9433], of: 10 });
  expect(rateOf(0, 5)?.interval).toEqual([0, 0.4345]);
  expect(rateOf(0, 0)).toBeNull();
});

test('When labels come in, then wrong verdicts count by what the recording was', () => {
  const said = (label: 'real' | 'fake' | 'unsure', p_fake: number, model_version = '1') => ({
    label,
    told: {
      ...{ verdict: p_fake > 0.5 ? ('CLONED' as const) : ('AUTHENTIC' as const), p_fake, threshold: 0.5 },
      ...{ decision: 'conclusive' as const, ensemble: 'full' as const, model_version },
    },
  });
  const figures = figuresOf([
    said('real', 0.9),
    said('real', 0.1),
    said('fake', 0.8),
    said('fake', 0.9, '2'),
    said('unsure', 0.9),
  ]);
  expect(figures.labels).toEqual({ real: 2, fake: 2, unsure: 1 });
  expect([figures.accuracy?.value, figures.fpr?.value, figures.fnr?.value]).toEqual([0.75, 0.5, 0]);
  expect(figures.by_model.map(({ model_version, accuracy }) => [model_version, accuracy?.of])).toEqual([
    ['1', 3],
    ['2', 1],
  ]);
  expect(figures.reliability.find(({ low }) => low === 0.9)).toMatchObject({ n: 2, share_fake: 0.5 });
  expect(figures.ece).toBeCloseTo((2 * 0.4 + 0.1 + 0.2) / 4, 6);
});
