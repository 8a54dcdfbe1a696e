import type { Report, Verdict } from '@bonafide/contracts';
import { t } from '../texts';
import { percent } from '../texts/numbers';
import { Icon, type IconName } from './icon';

/** How a result is to be read: what colour, sign and words stand for it. */
export type Reading = 'CLONED' | 'AUTHENTIC' | 'inconclusive' | 'partly';

type Decision = Report['decision']['status'];
export type Judged = { verdict: Verdict; decision: Decision | null; partially_cloned: boolean | null };

/** `decision` counts before the verdict: what is inconclusive is shown as that, whatever the score leans to. */
export function readingOf({
  decision,
  ensemble_result,
  partially_cloned,
}: Pick<Report, 'decision' | 'ensemble_result' | 'partially_cloned'>): Reading {
  return readingOfRow({ verdict: ensemble_result.verdict, decision: decision.status, partially_cloned });
}

export function readingOfRow({ verdict, decision, partially_cloned }: Judged): Reading {
  if (partially_cloned) return 'partly';
  return decision === 'inconclusive' ? 'inconclusive' : verdict;
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

/** The same of a list's row that has come to a score. */
export function ScoreTag({ row }: { row: Judged & { p_fake: number } }) {
  return <Tag reading={readingOfRow(row)} pFake={row.p_fake} />;
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
