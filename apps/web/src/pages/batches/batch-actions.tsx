import { isBatchOver, type Batch } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { Icon } from '../../parts/icon';
import { call } from '../../calls/http';
import { may } from '../../calls/session';
import { language, t } from '../../texts';

const FORMATS = ['csv', 'jsonl', 'html'] as const;

export function BatchActions({ batch, onChange }: { batch: Batch; onChange: () => void }) {
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => setError(null), [batch.status, batch.progress]);
  const { batches } = t();
  const path = `/v1/batches/${batch.id}`;
  const post = (action: string) =>
    void call(`${path}/${action}`, { method: 'POST', body: {} }).then(onChange, setError);
  const isOver = isBatchOver(batch.status);
  return (
    <div class="actions">
      {!isOver && may('submit') && (
        <button type="button" class="button" onClick={() => confirm(batches.cancelSure) && post('cancel')}>
          {batches.cancel}
        </button>
      )}
      {isOver && batch.counters.failed > 0 && may('submit') && (
        <button type="button" class="button" onClick={() => post('retry-failed')}>
          {batches.retry}
        </button>
      )}
      {FORMATS.map((format) => (
        <a
          key={format}
          class="button"
          href={`${path}/report?format=${format}${format === 'html' ? `&lang=${language.value}` : ''}`}
          download={`${batch.id}.${format}`}
        >
          <Icon name="download" /> {format.toUpperCase()}
        </a>
      ))}
      {error && <ErrorNote error={error} />}
    </div>
  );
}
