import { titleOfBatch, type Batch } from '@bonafide/contracts';
import { ErrorNote } from '../../parts/error-note';
import { ListCard } from '../../parts/list-card';
import { PageHead } from '../../parts/page-head';
import { useFresh } from '../../parts/use-fresh';
import { usePaged } from '../../parts/use-paged';
import { language, t } from '../../texts';
import { moment, whole } from '../../texts/numbers';

const PATH = '/v1/batches?limit=50';

/** Archives handed in, newest first. */
export function Batches() {
  const list = usePaged<Batch>(PATH);
  useFresh(PATH, list);
  const { batches, shell } = t();
  return (
    <div class="page">
      <PageHead title={batches.title} lead={batches.lead}>
        <a class="button primary" href="/">
          {batches.new}
        </a>
      </PageHead>
      {list.error && <ErrorNote error={list.error} />}
      <ListCard list={list} empty={batches.empty}>
        <BatchTable rows={list.items} />
      </ListCard>
      {list.hasMore && (
        <button type="button" class="button" disabled={list.isLoading} onClick={list.loadMore}>
          {shell.more}
        </button>
      )}
    </div>
  );
}

function BatchTable({ rows }: { rows: readonly Batch[] }) {
  const { batches, status } = t();
  return (
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">{batches.name}</th>
          <th scope="col">{batches.status}</th>
          <th scope="col">{batches.progress}</th>
          <th scope="col">{batches.created}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((batch) => (
          <tr key={batch.id}>
            <td class="break">
              <a href={`/batches/${batch.id}`}>{titleOfBatch(batch, language.value)}</a>
            </td>
            <td>{status[batch.status] ?? batch.status}</td>
            <td>
              <span class="state progress">
                <progress value={batch.progress} max={1} aria-label={batches.progress} />
                <span>
                  {batches.of(whole(batch.progress * batch.counters.total), whole(batch.counters.total))}
                </span>
              </span>
            </td>
            <td class="soft">{moment(batch.created_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
