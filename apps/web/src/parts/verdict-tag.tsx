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

/** Verdict and score in one line; the sign says the same as the colour, and the score says of what. */
export function VerdictTag({ report }: { report: Report }) {
  return <Tag reading={readingOf(report)} pFake={report.p_fake} />;
}

type Score = { verdict: Verdict; decision: 'conclusive' | 'inconclusive' | null; pFake: number };

/** The same of a list's row, which knows less. */
export function ScoreTag({ verdict, decision, pFake }: Score) {
  return <Tag reading={decision === 'inconclusive' ? 'inconclusive' : verdict} pFake={pFake} />;
}

function Tag({ reading, pFake }: { reading: Reading; pFake: number }) {
  const { verdict } = t();
  return (
    <span class="outcome">
      <span class={`verdict-tag ${reading}`}>
        <Icon name={SIGNS[reading]} size={16} />
        {verdict.short[reading]}
      </span>
      <small title={verdict.probability}>{verdict.score(percent(pFake))}</small>
    </span>
  );
}
