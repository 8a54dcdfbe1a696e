import type { AnalysisSummary } from '@bonafide/contracts';
import { useEffect } from 'preact/hooks';
import { ErrorNote } from '../parts/error-note';
import { ListCard } from '../parts/list-card';
import { PageHead } from '../parts/page-head';
import { useFresh } from '../parts/use-fresh';
import { usePaged } from '../parts/use-paged';
import { useQueryState } from '../parts/use-query-state';
import { RowOutcome } from '../parts/row-outcome';
import { t } from '../texts';
import { moment, whole } from '../texts/numbers';

const STATUSES = ['succeeded', 'failed', 'processing', 'queued', 'canceled'] as const;

/** Everything handed in, newest first. */
export function History() {
  const [status, setStatus] = useQueryState<string>('status', '', ['', ...STATUSES]);
  const [search, setSearch] = useQueryState<string>('search', '');
  const path = `/v1/analyses?limit=100${status && `&status=${status}`}`;
  const list = usePaged<AnalysisSummary>(path);
  const { history, shell } = t();
  const wanted = search.trim().toLowerCase();
  const shown = list.items.filter(({ filename }) => filename.toLowerCase().includes(wanted));
  const isLookingBack = wanted !== '' && shown.length === 0 && list.hasMore && !list.error;
  useFresh(path, list);
  useEffect(() => {
    if (isLookingBack && !list.isLoading) list.loadMore();
  }, [isLookingBack, list.isLoading]);
  return (
    <div class="page">
      <PageHead title={history.title} lead={history.lead} />
      <div class="filters">
        <label class="field">
          <span>{history.filter}</span>
          <select value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            <option value="">{history.all}</option>
            {STATUSES.map((name) => (
              <option key={name} value={name}>
                {t().status[name]}
              </option>
            ))}
          </select>
        </label>
        <label class="field grow">
          <span>{history.search}</span>
          <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
      </div>
      {list.error && <ErrorNote error={list.error} />}
      <ListCard list={list} empty={<Empty words={status ? history.noMatch : history.empty} />}>
        {shown.length > 0 ? (
          <HistoryTable rows={shown} />
        ) : (
          <p class="empty">
            {isLookingBack ? history.lookingBack(whole(list.items.length)) : history.noMatch}
          </p>
        )}
      </ListCard>
      <div class="row spread">
        <p class="soft">{list.items.length > 0 && history.count(whole(list.items.length))}</p>
        {list.hasMore && (
          <button type="button" class="button" disabled={list.isLoading} onClick={list.loadMore}>
            {shell.more}
          </button>
        )}
      </div>
    </div>
  );
}

function Empty({ words }: { words: string }) {
  return (
    <>
      <p>{words}</p>
      <a class="button primary" href="/">
        {t().history.emptyAction}
      </a>
    </>
  );
}

function HistoryTable({ rows }: { rows: readonly AnalysisSummary[] }) {
  const { history } = t();
  return (
    <table class="stacked">
      <thead>
        <tr>
          <th scope="col">{history.file}</th>
          <th scope="col">{history.verdict}</th>
          <th scope="col">{history.when}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td class="break">
              <a href={`/analyses/${row.id}`}>
                <bdi>{row.filename}</bdi>
              </a>
            </td>
            <td>
              <RowOutcome row={row} />
            </td>
            <td class="soft unbroken">{moment(row.created_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
