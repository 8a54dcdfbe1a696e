import { clonedPart } from '../../packages/pipeline/src/ensemble/cloned-part';
import { clonedPhrase, phraseContrasts } from '../../packages/pipeline/src/ensemble/cloned-phrase';
import { refineSlots as eachRefined } from '../../packages/pipeline/src/ensemble/local-contrast';
import { segmentsOf } from '../../packages/pipeline/src/ensemble/segments';
import {
  type ScoredWindow,
  type Slot,
  slotsOf as eachSlot,
  thinSlots,
} from '../../packages/pipeline/src/ensemble/timeline';

const window = (startSec: number, endSec: number, logit: number | null, speechRatio = 1): ScoredWindow => ({
  startSec,
  endSec,
  logit,
  speechRatio,
});
const slotsOf = (windows: readonly ScoredWindow[]): Slot[] => [...eachSlot(windows)];
const refineSlots = (
  slots: readonly Slot[],
  stretches: readonly ScoredWindow[],
  contrast: { weight: number; reachSec: number },
): Slot[] => [...eachRefined(slots, slotsOf(stretches), contrast)];
const isPartial = (slots: readonly Slot[]) =>
  clonedPart(slots, { near_threshold: 0.6, partial_contrast: 0.9 }) !== null;
/** Of slots of half a second. */
const phraseIn = (...logits: (number | null)[]) => {
  const slots = logits.map((logit, at) => window(at / 2, at / 2 + 0.5, logit));
  return clonedPhrase(slots, [...phraseContrasts(slots, { near_threshold: 0.6 })], 1.2);
};
const times = (count: number, logit: number): number[] => Array<number>(count).fill(logit);

describe('timeline', () => {
  test('When windows overlap, then a slot holds the mean of those that cover it', () => {
    expect(slotsOf([window(0, 4, -2), window(2, 6, 4), window(3, 7, null, 0)])).toEqual([
      window(0, 2, -2),
      window(2, 3, 1),
      { startSec: 3, endSec: 4, logit: 1, speechRatio: 2 / 3 },
      { startSec: 4, endSec: 6, logit: 4, speechRatio: 0.5 },
      { startSec: 6, endSec: 7, logit: null, speechRatio: 0 },
    ]);
  });

  test('When a cloned sentence lies in a real recording, then it is a segment and the clip partly cloned', () => {
    const windows = [0, 2, 4, 6, 8, 10, 12].map((start) =>
      window(start, start + 4, start >= 6 && start <= 8 ? 5 : -4),
    );
    const segments = segmentsOf(slotsOf(windows));
    expect(segments.map(({ start_sec, end_sec, verdict }) => [start_sec, end_sec, verdict])).toEqual([
      [0, 6, 'AUTHENTIC'],
      [6, 12, 'CLONED'],
      [12, 16, 'AUTHENTIC'],
    ]);
    expect(isPartial(slotsOf(windows))).toBe(true);
  });

  test('When a phrase is shorter than a window, then its stretches tell where it is, and only by how they stand out', () => {
    const long = slotsOf([0, 2, 4, 6, 8].map((start) => window(start, start + 4, -1)));
    const voice = 3;
    const short = Array.from({ length: 15 }, (_, i) =>
      window(0.75 * i, 0.75 * i + 1.5, voice + (i === 8 ? 4 : 0)),
    );
    const fine = refineSlots(long, short, { weight: 0.5, reachSec: 2 });
    expect(fine.at(-1)!.endSec).toBe(12);
    const highest = fine.reduce((a, b) => (b.logit! > a.logit! ? b : a));
    expect([highest.startSec, highest.endSec]).toEqual([6, 6.75]);
    // Two of six slots around hold 2 more: 2 less their mean of 4/5, at half the weight.
    expect(highest.logit).toBeCloseTo(-1 + 0.5 * (2 - 4 / 5), 6);
    expect(fine[0].logit).toBeCloseTo(-1, 6);
  });

  test('When nobody speaks in a stretch, or none was heard, then the windows tell alone', () => {
    const long = slotsOf([window(0, 4, 1), window(4, 8, null, 0)]);
    const short = [window(1, 1.5, 2), window(1.5, 3, null, 0.2), window(3, 4.5, 2), window(4.5, 6, null, 0)];
    const fine = refineSlots(long, short, { weight: 1, reachSec: 2 });
    expect(fine.map(({ startSec, endSec, logit }) => [startSec, endSec, logit])).toEqual([
      [0, 1, 1],
      [1, 1.5, 1],
      [1.5, 3, 1],
      [3, 4.5, 1],
      [4.5, 6, null],
      [6, 8, null],
    ]);
  });

  test('When no stretch stands out as the other kind, then the clip is not partly cloned', () => {
    const clip = (...logits: number[]) =>
      slotsOf(logits.map((logit, index) => window(4 * index, 4 * index + 4, logit)));
    expect(isPartial(clip(5, 5, 5, 5))).toBe(false);
    expect(isPartial(clip(5, 1, 5, 0.2))).toBe(false);
    expect(isPartial(clip(-5, -5, -0.1, -5))).toBe(false);
    expect(isPartial(clip(0.4, -0.4, 0.3, -0.2))).toBe(false);
    expect(isPartial(clip(0.5, -0.9, -0.9, -0.9, -0.9))).toBe(false);
    expect(isPartial(clip(1.6, -0.4, -0.5, -0.3, -0.4))).toBe(true);
    expect(isPartial(clip(1.5, ...times(200, -0.4)))).toBe(false);
    expect(isPartial(clip(...times(20, -2), ...times(20, 2)))).toBe(true);
    expect(isPartial(clip(4, ...times(200, -0.4)))).toBe(true);
  });

  test('When a phrase is cloned, then it stands out from what is said before and after', () => {
    expect(phraseIn(...times(9, -1), ...times(4, 1), ...times(9, -1))!.value).toBeCloseTo(2, 9);
    // What is further than 6 s from it does not count, nor does silence.
    const between = [...times(20, -3), ...times(12, -1), ...times(4, 1), null, ...times(12, -1)];
    expect(phraseIn(...between)!.value).toBeCloseTo(2, 9);
    // At the edge of a recording it has one side only.
    expect(phraseIn(...times(4, 1), ...times(12, -1))!.value).toBeCloseTo(2, 9);
  });

  test('When a timeline goes up and down anyway, then a peak has to stand out by more', () => {
    const [up, down] = [-1 + Math.sqrt(3), -1 - Math.sqrt(3)];
    const unsettled = Array.from({ length: 6 }, () => [up, down]).flat();
    const contrast = phraseIn(...unsettled, ...times(6, 3), ...unsettled)!;
    expect(contrast.value).toBeGreaterThan(4 / Math.SQRT2);
    expect(contrast.value).toBeLessThan(4);
    expect(phraseIn(...unsettled, ...times(4, 0.7), ...unsettled)).toBeNull();
  });

  test('When a second is cloned, or everything, or hardly anything is around, then it is no phrase', () => {
    expect(phraseIn(...times(9, -1), ...times(2, 1), ...times(9, -1))).toBeNull();
    expect(phraseIn(...times(2, 1), ...times(9, -1))).toBeNull();
    expect(phraseIn(...times(9, -1), ...times(2, 1))).toBeNull();
    expect(phraseIn(...times(9, 1), ...times(4, 4), ...times(9, 1))).toBeNull();
    expect(phraseIn(...times(4, 2), ...times(3, -2))).toBeNull();
    expect(phraseIn()).toBeNull();
    const hour = times(3600, -1);
    expect(phraseIn(...hour, ...times(4, 1), ...hour)).toBeNull();
    expect(phraseIn(...hour, ...times(4, 3), ...hour)).not.toBeNull();
  });

  test('When half a second says otherwise than all around it, then it is no stretch of its own', () => {
    const slot = (startSec: number, endSec: number, logit: number | null) => window(startSec, endSec, logit);
    const stretches = (...slots: ScoredWindow[]) =>
      segmentsOf(slots).map(({ start_sec, end_sec, verdict }) => [start_sec, end_sec, verdict]);
    expect(stretches(slot(0, 2, 1), slot(2, 2.5, -0.1), slot(2.5, 5, 2))).toEqual([[0, 5, 'CLONED']]);
    expect(stretches(slot(0, 2, 1), slot(2, 3.5, -0.1), slot(3.5, 5, 2))).toHaveLength(3);
    expect(stretches(slot(0, 2, 1), slot(2, 2.5, null), slot(2.5, 5, 2))).toHaveLength(3);
    expect(stretches(slot(0, 2, 1), slot(2, 2.5, -0.1))).toHaveLength(2);
    expect(stretches(slot(0, 2, null), slot(2, 2.5, 1), slot(2.5, 5, null))).toHaveLength(3);
  });

  test('When nobody speaks for a while, then that stretch has no verdict', () => {
    const segments = segmentsOf(slotsOf([window(0, 4, 2), window(4, 8, null, 0), window(8, 12, 2)]));
    expect(segments.map(({ verdict, p_fake }) => [verdict, p_fake === null])).toEqual([
      ['CLONED', false],
      [null, true],
      ['CLONED', false],
    ]);
  });

  test('When a clip is very long, then its timeline stays short and covers it whole', () => {
    const windows = Array.from({ length: 9000 }, (_, i) => window(2 * i, 2 * i + 4, i % 2 ? 1 : -1));
    const thinned = thinSlots(slotsOf(windows), 2000);
    expect(thinned.length).toBeLessThanOrEqual(2000);
    expect(thinned[0].startSec).toBe(0);
    expect(thinned.at(-1)!.endSec).toBe(18_002);
    thinned.slice(1).forEach((slot, i) => expect(slot.startSec).toBe(thinned[i].endSec));
  });
});
