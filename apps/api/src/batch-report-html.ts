import { HISTOGRAM_BINS, type Batch, type BatchItem, type Counters } from '@bonafide/contracts';

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
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.CLONED{color:#a3261f;font-weight:600}.AUTHENTIC{color:#1f6b3a;font-weight:600}.quiet{color:#66738a}
@media print{body{margin:0;max-width:none;padding:0;font-size:10pt}thead{display:table-header-group}
tr,figure,.sums{break-inside:avoid}@page{margin:14mm}}
`;
const BAR = { width: 46, gap: 4, height: 120 } as const;

export type ReportHead = { batch: Batch; counters: Counters; histogram: readonly number[] };

/** Everything above the rows: what it is, the sums, and how the scores spread. */
export function htmlHead({ batch, counters, histogram }: ReportHead): string {
  const when = (at: string | null) => (at === null ? '–' : `${at.slice(0, 19).replace('T', ' ')} UTC`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Batch ${batch.id}</title><style>${STYLE}</style></head><body><main>
<h1>${escape(batch.filename)}</h1>
<p>Batch ${batch.id} · ${batch.status}${batch.label === null ? '' : ` · ${escape(batch.label)}`}</p>
<p>Handed over ${when(batch.created_at)}, ended ${when(batch.finished_at)}</p>
${batch.error ? `<p><b>${escape(batch.error.message)}</b> What was read before that stands below.</p>` : ''}
<div class="sums">${sums(counters)}</div>
${figure(histogram)}
<p>A score says how likely a recording is cloned. It supports a decision and proves nothing; inconclusive means that
the recording does not allow a judgement.</p>
<table><thead><tr><th class="n">#</th><th>Path</th><th>Id</th><th>State</th><th>Verdict</th><th class="n">Score</th>
<th>Note</th></tr></thead><tbody>
`;
}

export const HTML_TAIL = '</tbody></table></main></body></html>\n';

export function htmlRow(item: BatchItem): string {
  const { index, path, custom_id, status, verdict, p_fake, decision } = item;
  const isOpen = decision === 'inconclusive';
  const shown = isOpen ? 'inconclusive' : (verdict ?? '');
  return (
    `<tr><td class="n">${index}</td><td class="w">${escape(path)}</td><td class="w">${escape(custom_id ?? '')}</td>` +
    `<td class="${status === 'succeeded' ? '' : 'quiet'}">${status}</td>` +
    `<td class="${isOpen ? 'quiet' : shown}">${shown}</td>` +
    `<td class="n">${p_fake === null ? '' : p_fake.toFixed(3)}</td><td class="quiet">${escape(noteOf(item))}</td></tr>\n`
  );
}

function noteOf({ reason, detail, error, duplicate_of, cached, original }: BatchItem): string {
  if (error) return error.message;
  if (reason === 'duplicate') return `the same as ${duplicate_of}`;
  if (reason !== null) return detail ?? reason.replaceAll('_', ' ');
  if (original?.verdict) return `before: ${original.verdict}, ${original.p_fake?.toFixed(3) ?? ''}`;
  return cached ? 'result of the same bytes' : '';
}

function sums(counters: Counters): string {
  const shown: [string, number][] = [
    ['entries', counters.total],
    ['cloned', counters.cloned],
    ['authentic', counters.authentic],
    ['inconclusive', counters.inconclusive],
    ...(counters.changed > 0 ? [['changed', counters.changed] as [string, number]] : []),
    ['failed', counters.failed],
    ['skipped', counters.skipped],
    ['canceled', counters.canceled],
    ['waiting', counters.queued + counters.processing],
  ];
  return shown.map(([name, count]) => `<div><b>${count}</b>${name}</div>`).join('');
}

function figure(histogram: readonly number[]): string {
  const most = Math.max(1, ...histogram);
  const step = BAR.width + BAR.gap;
  const bars = histogram.map((count, bin) => {
    const height = Math.round((count / most) * BAR.height);
    const from = (bin / HISTOGRAM_BINS).toFixed(2);
    const hue = Math.round(150 - (150 * bin) / (HISTOGRAM_BINS - 1));
    return (
      `<rect x="${bin * step}" y="${BAR.height - height}" width="${BAR.width}" height="${height}" fill="hsl(${hue} 55% 42%)">` +
      `<title>from ${from}: ${count}</title></rect>`
    );
  });
  const width = HISTOGRAM_BINS * step;
  return (
    `<figure><svg viewBox="0 0 ${width} ${BAR.height + 2}" preserveAspectRatio="none" role="img" ` +
    `aria-label="Recordings by score">${bars.join('')}<line x1="0" x2="${width}" y1="${BAR.height + 1}" ` +
    `y2="${BAR.height + 1}" stroke="#98a4b5"/></svg>` +
    `<figcaption>Recordings by score, from 0 (authentic) to 1 (cloned); the highest bar is ${most}.</figcaption></figure>`
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
