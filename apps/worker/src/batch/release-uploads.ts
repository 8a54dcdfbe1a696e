import { retentionSec, type BatchRecord } from '@bonafide/contracts';
import { batchRefOf, inParallel, limitUpload } from '@bonafide/platform';
import type { WorkerContext } from '../context';

const AT_A_TIME = 8;

/**
 * Everything has been taken in, so nothing needs the uploads any more: an archive goes, since it holds what its
 * entries may be told to forget; those of a list go with the recordings that were made of them, at the latest.
 */
export async function releaseUploads(context: WorkerContext, record: BatchRecord): Promise<void> {
  const { tenant, source, retention } = record;
  if (source.kind === 'upload') {
    await limitUpload(context, { tenant, upload_id: source.upload_id }, 0);
  }
  if (source.kind !== 'list') return;
  const untilMs = Date.now() + retentionSec(retention ?? context.config.retention) * 1000;
  const survey = await context.records.batches.surveys.get(batchRefOf(record));
  const items = survey?.kind === 'list' ? survey.items : [];
  const ids = [...new Set(items.flatMap(({ upload_id }) => upload_id ?? []))];
  await inParallel(AT_A_TIME, ids, (upload_id) => limitUpload(context, { tenant, upload_id }, untilMs));
}
