import type { Report } from '@bonafide/contracts';
import type { FileAnswer } from './analyze-file';

const WIDTHS = { file: 44, verdict: 10, score: 7, decision: 13, length: 9 } as const;

/** In a name they would break the row, or tell the terminal what to do. */
const CONTROL = /\p{Cc}/gu;

export function tableHeader(): string {
  return row('FILE', 'VERDICT', 'P_FAKE', 'DECISION', 'LENGTH', 'NOTES');
}

/** One line for people about one file. */
export function tableRow(answer: FileAnswer): string {
  const file = answer.audio_info.file_path;
  if (!answer.success) return row(file, 'ERROR', '', '', '', `${answer.error.code}: ${answer.error.message}`);
  const { ensemble_result, p_fake, decision, audio_info } = answer;
  const length = `${audio_info.duration.toFixed(1)} s`;
  return row(file, ensemble_result.verdict, p_fake.toFixed(3), decision.status, length, notes(answer));
}

function notes({ decision, partially_cloned, segments, channels }: Report): string {
  const cloned = segments.filter((segment) => segment.verdict === 'CLONED');
  const parts = cloned.map(({ start_sec, end_sec }) => `${start_sec.toFixed(1)}–${end_sec.toFixed(1)} s`);
  return [
    ...(partially_cloned ? [`partly cloned at ${parts.slice(0, 5).join(', ')}`] : []),
    ...(channels.length > 1 ? [`${channels.length} channels`] : []),
    ...decision.reasons.map(({ code }) => code),
  ].join('; ');
}

function row(
  file: string,
  verdict: string,
  score: string,
  decision: string,
  length: string,
  notes: string,
): string {
  const plain = file.replace(CONTROL, '�');
  const shown = plain.length > WIDTHS.file ? `…${plain.slice(1 - WIDTHS.file)}` : plain;
  return [
    shown.padEnd(WIDTHS.file),
    verdict.padEnd(WIDTHS.verdict),
    score.padStart(WIDTHS.score),
    decision.padEnd(WIDTHS.decision),
    length.padStart(WIDTHS.length),
    notes,
  ]
    .join('  ')
    .trimEnd();
}
