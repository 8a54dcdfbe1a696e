import type { ChannelAnalysis } from './channel-analysis';
import { holdsSpeech } from './ensemble/decision';
import { labelOf } from './ensemble/segments';

/**
 * The channel that the answer is about. One in which somebody speaks before one of noise; then one that is cloned,
 * before one of which a part is, before one that is likely real; among equals the one of the highest score.
 */
export function worstChannel(analyses: readonly ChannelAnalysis[]): ChannelAnalysis {
  return analyses.reduce((a, b) => (isWorse(b, a) ? b : a));
}

function isWorse(one: ChannelAnalysis, other: ChannelAnalysis): boolean {
  const [own, others] = [rankOf(one), rankOf(other)];
  const at = own.findIndex((value, place) => value !== others[place]);
  return at >= 0 && own[at] > others[at];
}

function rankOf({ score, voicedShare }: ChannelAnalysis): number[] {
  return [
    Number(holdsSpeech({ speechRatio: score.speechRatio, voicedShare })),
    Number(labelOf(score.pFake) === 'fake'),
    Number(score.partiallyCloned),
    score.pFake,
  ];
}
