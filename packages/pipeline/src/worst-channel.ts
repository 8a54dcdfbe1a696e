import type { ChannelAnalysis } from './channel-analysis';
import { holdsSpeech } from './ensemble/decision';
import { labelOf } from './ensemble/segments';

/** What a channel holds, from what says least to what is worst. */
const [NO_SPEECH, REAL, PARTLY_CLONED, CLONED] = [0, 1, 2, 3];

/** The channel that the answer is about: the one that holds the worst, of those alike the one of the higher score. */
export function worstChannel(analyses: readonly ChannelAnalysis[]): ChannelAnalysis {
  return analyses.reduce((worst, other) => (isWorse(other, worst) ? other : worst));
}

function isWorse(one: ChannelAnalysis, other: ChannelAnalysis): boolean {
  const byContent = contentOf(one) - contentOf(other);
  return byContent === 0 ? one.score.pFake > other.score.pFake : byContent > 0;
}

function contentOf({ score, voicedShare }: ChannelAnalysis): number {
  if (!holdsSpeech({ speechRatio: score.speechRatio, voicedShare })) return NO_SPEECH;
  if (labelOf(score.pFake) === 'fake') return CLONED;
  return score.clonedPart ? PARTLY_CLONED : REAL;
}
