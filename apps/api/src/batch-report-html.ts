import {
  ERROR_WORDS,
  HISTOGRAM_BINS,
  SKIP_WORDS,
  titleOfBatch,
  type Batch,
  type BatchItem,
  type Counters,
  type ReportLanguage,
} from '@bonafide/contracts';
import { REPORT_TEXTS, type ReportTexts } from './batch-report-texts';

const STYLE = `
:root{color-scheme:light;font:15px/1.5 system-ui,sans-serif;color:#1c2330}
body{margin:2rem auto;max-width:72rem;padding:0 1.25rem}
h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0;color:#4a5568}
.sums{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0}
.sums div{border:1px solid #d8dee8;border-radius:.5rem;padding:.5rem .9rem;min-width:6.5rem}
.sums b{display:block;font-size:1.35rem;color:#1c2330}
figure{margin:1.5rem 0}figcaption{color:#4a5568;font-size:.9rem}
svg{width:100%;height:9rem;display:block}
table{border-collapse:collapse;width:100%;font-size:.86rem}
th{text-align:left;border-bottom:2px solid #98a4b5;padding:.35rem .5rem}
td{border-bottom:1px solid #e3e8ef;padding:.3rem .5rem;vertical-align:top}
.w{overflow-wrap:anywhere}
@media screen and (max-width:48rem){.rows{overflow-x:auto}table{min-width:46rem}th:nth-child(2),th:last-child{min-width:14rem}}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.CLONED{color:#a3261f;font-weight:600}.AUTHENTIC{color:#1f6b3a;font-weight:600}.partly{color:#8a4b00;font-weight:600}.quiet{color:#66738a}
@media print{body{margin:0;max-width:none;padding:0;font-size:10pt}thead{display:table-header-group}
tr,figure,.sums{break-inside:avoid}@page{margin:14mm}}
`;
const BAR = { width: 46, gap: 4, height: 120 } as const;

export type ReportHead = { batch: Batch; counters: Counters; histogram: readonly number[] };

/** Everything above the rows: what it is, the sums, and how the scores spread. */
export function htmlHead({ batch, counters, histogram }: ReportHead, language: ReportLanguage): string {
  const texts = REPORT_TEXTS[language];
  const { columns, statuses } = texts;
  const when = (at: string | null) => (at === null ? '–' : `${at.slice(0, 19).replace('T', ' ')} UTC`);
  const fault = batch.error && ERROR_WORDS[language][batch.error.code];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${texts.batch} ${batch.id}</title><style>${STYLE}</style></head><body><main>
<h1>${escape(titleOfBatch(batch, language))}</h1>
<p>${texts.batch} ${batch.id} · ${statuses[batch.status]}${batch.label === null ? '' : ` · ${escape(batch.label)}`}</p>
<p>${texts.times(when(batch.created_at), when(batch.finished_at))}</p>
${fault ? `<p><b>${escape(fault)}</b> ${texts.broken}</p>` : ''}
<div class="sums">${sums(counters, texts)}</div>
${figure(histogram, language)}
<p>${texts.disclaimer}</p>
<div class="rows" role="region" aria-label="${texts.sums.total}" tabindex="0"><table><thead><tr><th class="n">#</th><th>${columns.path}</th><th>${columns.id}</th><th>${columns.state}</th>
<th>${columns.verdict}</th><th class="n">${columns.score}</th><th>${columns.note}</th></tr></thead><tbody>
`;
}

export const HTML_TAIL = '</tbody></table></div></main></body></html>\n';

export function htmlRow(item: BatchItem, language: ReportLanguage): string {
  const texts = REPORT_TEXTS[language];
  const { index, path, custom_id, status, p_fake } = item;
  const reading = readingOf(item);
  return (
    `<tr><td class="n">${index}</td><td class="w">${escape(path)}</td><td class="w">${escape(custom_id ?? '')}</td>` +
    `<td class="${status === 'succeeded' ? '' : 'quiet'}">${texts.statuses[status]}</td>` +
    `<td class="${reading === 'inconclusive' ? 'quiet' : (reading ?? '')}">${reading ? texts.verdicts[reading] : ''}</td>` +
    `<td class="n">${p_fake === null ? '' : figures(p_fake, 3, language)}</td>` +
    `<td class="quiet">${escape(noteOf(item, language))}</td></tr>\n`
  );
}

type Judged = Pick<BatchItem, 'verdict'> & Partial<Pick<BatchItem, 'decision' | 'partially_cloned'>>;

/** 0,123 in German. */
const figures = (value: number, digits: number, language: ReportLanguage) =>
  value.toFixed(digits).replace('.', REPORT_TEXTS[language].decimalMark);

function readingOf({ verdict, decision, partially_cloned }: Judged): keyof ReportTexts['verdicts'] | null {
  if (partially_cloned) return 'partly';
  return decision === 'inconclusive' ? decision : verdict;
}

/** Told by codes, in the reader's language; what the service said to programs is in the tables. */
function noteOf(item: BatchItem, language: ReportLanguage): string {
  const texts = REPORT_TEXTS[language];
  const { reason, error, duplicate_of, cached, original } = item;
  if (error) return ERROR_WORDS[language][error.code];
  if (reason === 'duplicate') return texts.duplicate(duplicate_of);
  if (reason !== null) return SKIP_WORDS[language][reason];
  const before = original && readingOf(original);
  if (before) {
    const { p_fake, model_version } = original;
    return texts.before(
      texts.verdicts[before],
      p_fake === null ? '' : figures(p_fake, 3, language),
      model_version ?? '',
    );
  }
  return cached ? texts.cached : '';
}

function sums(counters: Counters, { sums: names }: ReportTexts): string {
  type Shown = [keyof typeof names, number];
  const shown: Shown[] = [
    ['total', counters.total],
    ['cloned', counters.cloned],
    ['authentic', counters.authentic],
    ['inconclusive', counters.inconclusive],
    ...(['partially_cloned', 'changed'] as const).flatMap((name): Shown[] =>
      counters[name] > 0 ? [[name, counters[name]]] : [],
    ),
    ['failed', counters.failed],
    ['skipped', counters.skipped],
    ['canceled', counters.canceled],
    ['waiting', counters.queued + counters.processing],
  ];
  return shown.map(([name, count]) => `<div><b>${count}</b>${names[name]}</div>`).join('');
}

function figure(histogram: readonly number[], language: ReportLanguage): string {
  const texts = REPORT_TEXTS[language];
  const most = Math.max(1, ...histogram);
  const step = BAR.width + BAR.gap;
  const bars = histogram.map((count, bin) => {
    const height = Math.round((count / most) * BAR.height);
    const from = figures(bin / HISTOGRAM_BINS, 2, language);
    const hue = Math.round(150 - (150 * bin) / (HISTOGRAM_BINS - 1));
    return (
      `<rect x="${bin * step}" y="${BAR.height - height}" width="${BAR.width}" height="${height}" fill="hsl(${hue} 55% 42%)">` +
      `<title>${texts.bar(from, count)}</title></rect>`
    );
  });
  const width = HISTOGRAM_BINS * step;
  return (
    `<figure><svg viewBox="0 0 ${width} ${BAR.height + 2}" preserveAspectRatio="none" role="img" ` +
    `aria-label="${texts.figure}">${bars.join('')}<line x1="0" x2="${width}" y1="${BAR.height + 1}" ` +
    `y2="${BAR.height + 1}" stroke="#98a4b5"/></svg>` +
    `<figcaption>${texts.figureNote(most)}</figcaption></figure>`
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also characters that would turn the direction of the row. */
function escape(text: string): string {
  return text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ESCAPES[character]);
}
