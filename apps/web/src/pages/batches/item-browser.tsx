import type { BatchItem } from '@bonafide/contracts';
import { useMemo } from 'preact/hooks';
import { useQueryState } from '../../parts/use-query-state';
import { t } from '../../texts';
import { whole } from '../../texts/numbers';
import { FILTERS, select, SORTS, type Filter, type Sort } from './item-selection';
import { ItemTable } from './item-table';

type Props = { items: readonly BatchItem[]; total: number; isLive: boolean };

/** Every entry, to be filtered, sorted and searched. */
export function ItemBrowser({ items, total, isLive }: Props) {
  const [filter, setFilter] = useQueryState<Filter>('show', 'all', FILTERS);
  const [sort, setSort] = useQueryState<Sort>('sort', 'order', SORTS);
  const [search, setSearch] = useQueryState<string>('search', '');
  const shown = useMemo(() => select(items, { filter, sort, search }), [items, filter, sort, search]);
  const isAgain = items.some(({ original }) => original !== null);
  const filters = FILTERS.filter((name) => name !== 'changed' || isAgain);
  const { batches } = t();
  return (
    <section class="card" aria-labelledby="items-title">
      <h2 id="items-title">{batches.rowsLabel}</h2>
      <div class="filters">
        <label class="field">
          <span>{batches.filter}</span>
          <select value={filter} onChange={(event) => setFilter(event.currentTarget.value as Filter)}>
            {filters.map((name) => (
              <option key={name} value={name}>
                {batches.filters[name]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{batches.sort}</span>
          <select value={sort} onChange={(event) => setSort(event.currentTarget.value as Sort)}>
            {SORTS.map((name) => (
              <option key={name} value={name}>
                {batches.sorts[name]}
              </option>
            ))}
          </select>
        </label>
        <label class="field grow">
          <span>{batches.search}</span>
          <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
      </div>
      <ItemTable rows={shown} label={batches.rowsLabel} />
      <p class="soft" role="status">
        {batches.shown(whole(shown.length), whole(Math.max(total, items.length)))}{' '}
        {isLive && `· ${batches.live}`}
      </p>
    </section>
  );
}
