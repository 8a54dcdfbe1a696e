import type { ChannelAnalysis } from '../../packages/pipeline/src/channel-analysis';
import type { Contrast } from '../../packages/pipeline/src/ensemble/cloned-part';
import { worstChannel } from '../../packages/pipeline/src/worst-channel';

const PART: Contrast = { value: 3, limit: 2 };
type Sides = { pFake: number; clonedPart?: Contrast; speechRatio?: number; voicedShare?: number };

const channel = (at: number, { voicedShare = 0.7, speechRatio = 0.9, ...score }: Sides): ChannelAnalysis =>
  ({
    channel: at,
    voicedShare,
    score: { clonedPart: null, speechRatio, ...score },
  }) as ChannelAnalysis;

test.each<[what: string, first: Sides, second: Sides, worst: number]>([
  ['the higher score', { pFake: 0.2 }, { pFake: 0.3 }, 1],
  ['one that holds a cloned part', { pFake: 0.4 }, { pFake: 0.3, clonedPart: PART }, 1],
  ['a cloned one before one of a part', { pFake: 0.6 }, { pFake: 0.3, clonedPart: PART }, 0],
  ['the higher of two cloned ones', { pFake: 0.95 }, { pFake: 0.6, clonedPart: PART }, 0],
  ['one of speech before one of noise', { pFake: 0.1 }, { pFake: 0.98, voicedShare: 0.01 }, 0],
  ['one of speech before a silent one', { pFake: 0.1 }, { pFake: 0.5, speechRatio: 0.02 }, 0],
  ['the first of two alike', { pFake: 0.3 }, { pFake: 0.3 }, 0],
])('When there are two channels, then the answer is about %s', (_, first, second, worst) => {
  expect(worstChannel([channel(0, first), channel(1, second)]).channel).toBe(worst);
});
