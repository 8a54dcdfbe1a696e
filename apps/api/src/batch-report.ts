import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BatchItem, BatchRef, ReportFormat, ReportLanguage } from '@bonafide/contracts';
import {
  addPage,
  createBatchBoard,
  emptySums,
  readItemPage,
  viewItem,
  type BatchState,
} from '@bonafide/platform';
import type { Response } from 'express';
import { csvHeader, csvRow } from './batch-report-csv';
import { htmlHead, htmlRow, HTML_TAIL } from './batch-report-html';
import type { ApiContext } from './context';
import { findBatch, viewBatch } from './read-batch';

const TYPES: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  html: 'text/html; charset=utf-8',
};
/** The page has its styles in itself and needs nothing else; whatever was in the archive runs nothing. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** Answers with all entries of a batch, page by page as they are read. */
export async function sendReport(
  context: ApiContext,
  ref: BatchRef,
  { response, format, language }: { response: Response; format: ReportFormat; language: ReportLanguage },
): Promise<void> {
  const batch = await findBatch(context, ref);
  const rows = { csv: csvRows, jsonl: jsonRows, html: htmlRows }[format](context, batch, language);
  const first = await rows.next();
  response.set({
    'Content-Type': TYPES[format],
    'Cache-Control': 'no-store',
    'Content-Disposition': `${format === 'html' ? 'inline' : 'attachment'}; filename="batch-${ref.batch_id}.${format}"`,
  });
  if (format === 'html') {
    response.set({ 'Content-Security-Policy': PAGE_POLICY, 'Content-Language': language });
  }
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(Readable.from(restarted(first, rows)), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** The first piece is made before anything is answered, so that what cannot be read is a problem, not half a file. */
async function* restarted(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}

async function* itemsOf(context: ApiContext, batch: BatchState): AsyncGenerator<BatchItem[]> {
  const sources = { records: context.records, board: createBatchBoard(context.redis) };
  for (let page = 0; ; page++) {
    const entries = await readItemPage(sources, batch, page);
    if (!entries) return;
    yield entries.map(viewItem);
  }
}

async function* csvRows(context: ApiContext, batch: BatchState): AsyncGenerator<string> {
  yield csvHeader();
  for await (const items of itemsOf(context, batch)) yield items.map(csvRow).join('');
}

async function* jsonRows(context: ApiContext, batch: BatchState): AsyncGenerator<string> {
  for await (const items of itemsOf(context, batch)) {
    yield items.map((item) => `${JSON.stringify(item)}\n`).join('');
  }
}

async function* htmlRows(
  context: ApiContext,
  batch: BatchState,
  language: ReportLanguage,
): AsyncGenerator<string> {
  const sums = emptySums();
  // Sums stand above the rows: of a batch under way they are made from the rows first.
  if (!batch.end) for await (const items of itemsOf(context, batch)) addPage(sums, items);
  const { counters, histogram } = batch.end ?? sums;
  yield htmlHead({ batch: await viewBatch(context, batch), counters, histogram }, language);
  for await (const items of itemsOf(context, batch))
    yield items.map((item) => htmlRow(item, language)).join('');
  yield HTML_TAIL;
}
