import type { Limits, Quality } from '@bonafide/contracts';
import { decide, type Evidence, thresholdMargin } from '../../packages/pipeline/src/ensemble/decision';

const limits: Limits = {
  min_speech_sec: 2,
  min_bandwidth_hz: 3000,
  min_snr_db: 8,
  max_clipping: 0.02,
  min_bit_rate: { opus: 22_000 },
  max_music: 0.6,
  max_speaker_change: 2.5,
  max_distance: 2,
  max_disagreement: 0.7,
  near_threshold: 0.5,
  partial_contrast: 0.9,
};
const quality: Quality = {
  bandwidth_hz: 8000,
  snr_db: 30,
  clipping: 0,
  speech_sec: 10,
  music: 0,
  level_dbfs: -23,
};
const sound: Evidence = {
  pFake: 0.95,
  threshold: 0.5,
  speechRatio: 0.9,
  voicedShare: 0.7,
  quality,
  source: { codec: 'opus', bitRate: 24_000 },
  speakerChange: 1,
  distance: 1,
  disagreement: 0.1,
  clonedPart: null,
};
const cases: [string, Partial<Evidence>, number, number][] = [
  ['too_short', { quality: { ...quality, speech_sec: 1.2 } }, 1.2, 2],
  ['no_speech', { speechRatio: 0.05 }, 0.05, 0.1],
  ['no_speech', { voicedShare: 0.02 }, 0.02, 0.05],
  ['music', { quality: { ...quality, music: 0.9 } }, 0.9, 0.6],
  ['low_quality', { quality: { ...quality, snr_db: 3 } }, 3, 8],
  ['low_quality', { quality: { ...quality, clipping: 0.3 } }, 0.3, 0.02],
  ['low_bit_rate', { source: { codec: 'opus', bitRate: 12_000 } }, 12_000, 22_000],
  ['band_limited', { quality: { ...quality, bandwidth_hz: 2000 } }, 2000, 3000],
  ['multiple_speakers', { speakerChange: 4 }, 4, 2.5],
  ['out_of_distribution', { distance: 3 }, 3, 2],
  ['members_disagree', { disagreement: 0.8 }, 0.8, 0.7],
  ['partially_cloned', { pFake: 0.05, clonedPart: { value: 3.1, limit: 1.4 } }, 3.1, 1.4],
];

describe('decision', () => {
  test('When a part stands out of what is cloned as a whole, then the answer is no less conclusive', () => {
    const evidence = { ...sound, clonedPart: { value: 3.1, limit: 1.4 } };
    expect(decide(evidence, limits)).toEqual({ status: 'conclusive', reasons: [] });
  });

  test.each([{ codec: 'opus' }, { codec: 'mp3', bitRate: 12_000 }])(
    'When the source is %j, then no limit of bit rate is for it',
    (source) => {
      expect(decide({ ...sound, source }, limits).status).toBe('conclusive');
    },
  );

  test('When nothing is amiss, then the answer is conclusive', () => {
    expect(decide(sound, limits)).toEqual({ status: 'conclusive', reasons: [] });
  });

  test.each(cases)(
    'When a clip is %s, then the reason says what was measured (%#)',
    (code, change, value, limit) => {
      expect(decide({ ...sound, ...change }, limits)).toEqual({
        status: 'inconclusive',
        reasons: [{ code, value, limit }],
      });
    },
  );

  test('When several things are amiss, then each is named', () => {
    const { reasons } = decide({ ...sound, distance: 9, disagreement: 1, pFake: 0.5 }, limits);
    expect(reasons.map(({ code }) => code)).toEqual([
      'out_of_distribution',
      'members_disagree',
      'near_threshold',
    ]);
  });

  test('When the score lies close to the threshold or between it and one half, then it is near', () => {
    const codes = (pFake: number, threshold: number) =>
      decide({ ...sound, pFake, threshold }, limits).reasons.map(({ code }) => code);
    expect(codes(0.55, 0.5)).toEqual(['near_threshold']);
    expect(codes(0.6, 0.9)).toEqual(['near_threshold']);
    expect(codes(0.2, 0.05)).toEqual(['near_threshold']);
    expect(codes(0.97, 0.9)).toEqual([]);
    expect(thresholdMargin(0.6, 0.9)).toBeLessThan(0);
  });

  test('When a bundle sets a limit for each result, then a clone has to lie further from the threshold than a voice', () => {
    const each = { ...limits, near_threshold_by_result: { real: 0.3, fake: 1 } };
    const reasons = (pFake: number) => decide({ ...sound, pFake }, each).reasons;
    expect(reasons(0.7)).toEqual([
      { code: 'near_threshold', value: expect.closeTo(0.847, 3) as number, limit: 1 },
    ]);
    expect(reasons(0.3)).toEqual([]);
    expect(reasons(0.45)).toEqual([
      { code: 'near_threshold', value: expect.closeTo(0.2, 2) as number, limit: 0.3 },
    ]);
    expect(reasons(0.75)).toEqual([]);
  });
});
