import type { Report, Verdict } from '@bonafide/contracts';
import { t } from '../texts';
import { percent } from '../texts/numbers';
import { Icon, type IconName } from './icon';

/** How a result is to be read: what colour, sign and words stand for it. */
export type Reading = 'CLONED' | 'AUTHENTIC' | 'inconclusive' | 'partly';

/** `decision` counts before the verdict: what is inconclusive is shown as that, whatever the score leans to. */
export function readingOf(
  report: Pick<Report, 'decision' | 'ensemble_result' | 'partially_cloned'>,
): Reading {
  if (report.partially_cloned) return 'partly';
  if (report.decision.status === 'inconclusive') return 'inconclusive';
  return report.ensemble_result.verdict;
}

export const SIGNS: Record<Reading, IconName> = {
  CLONED: 'alert',
  AUTHENTIC: 'check',
  inconclusive: 'question',
  partly: 'split',
};

/** Verdict and probability in one line; the sign says the same as the colour. */
export function VerdictTag({ report }: { report: Report }) {
  const reading = readingOf(report);
  return (
    <span class={`verdict-tag ${reading}`}>
      <Icon name={SIGNS[reading]} size={16} />
      {t().verdict.short[reading]}
      <b>{percent(report.p_fake)}</b>
    </span>
  );
}

type Score = { verdict: Verdict; decision: 'conclusive' | 'inconclusive' | null; pFake: number };

/** The same of a list's row, which knows less. */
export function ScoreTag({ verdict, decision, pFake }: Score) {
  const reading = decision === 'inconclusive' ? 'inconclusive' : verdict;
  return (
    <span class={`verdict-tag ${reading}`}>
      <Icon name={SIGNS[reading]} size={16} />
      {t().verdict.short[reading]}
      <b>{percent(pFake)}</b>
    </span>
  );
}
