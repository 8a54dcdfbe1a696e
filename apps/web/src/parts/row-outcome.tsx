import type { AnalysisSummary } from '@bonafide/contracts';
import { t } from '../texts';
import { wordsOfCode } from './error-note';
import { ScoreTag } from './verdict-tag';

/** What became of an analysis in a list. */
export function RowOutcome({ row }: { row: AnalysisSummary }) {
  const { verdict, p_fake } = row;
  if (verdict !== null && p_fake !== null) return <ScoreTag row={{ ...row, verdict, p_fake }} />;
  if (row.error) return <span class="state bad">{wordsOfCode(row.error.code, row.error.message)}</span>;
  return <span class="state">{t().status[row.status] ?? row.status}</span>;
}
