import type { BatchItem } from '@bonafide/contracts';
import { wordsOfCode } from '../../parts/error-note';
import { ScoreTag } from '../../parts/verdict-tag';
import { t } from '../../texts';
import { useVirtualRows } from './use-virtual-rows';

/** As the style sheet has it. */
const ROW_PX = 60;

/** Only the rows in view are in the page, whatever their number. */
export function ItemTable({ rows, label }: { rows: readonly BatchItem[]; label: string }) {
  const { place, visible, heightPx } = useVirtualRows(rows.length, ROW_PX);
  const { batches } = t();
  return (
    <div class="items" role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div class="item-row item-head" role="row" aria-rowindex={1}>
          <span role="columnheader">{batches.file}</span>
          <span role="columnheader">{batches.verdict}</span>
        </div>
      </div>
      <div ref={place} class="item-scroll" role="rowgroup" tabIndex={0} aria-label={label}>
        <div class="item-space" style={{ height: `${heightPx}px` }}>
          {visible.map(({ index, startPx }) => {
            const item = rows[index];
            return item ? <Row key={item.index} item={item} row={index} startPx={startPx} /> : null;
          })}
        </div>
      </div>
    </div>
  );
}

/** The name goes before its folders: cut off at the right, what tells entries apart must be left. */
function Row({ item, row, startPx }: { item: BatchItem; row: number; startPx: number }) {
  const cut = item.path.lastIndexOf('/');
  const name = item.path.slice(cut + 1) || item.path;
  const folder = item.path.slice(0, Math.max(0, cut));
  return (
    <div
      class="item-row"
      role="row"
      aria-rowindex={row + 2}
      style={{ transform: `translateY(${startPx}px)` }}
    >
      <span role="cell" class="item-name" title={item.path}>
        {item.analysis_id ? <a href={`/analyses/${item.analysis_id}`}>{name}</a> : <span>{name}</span>}
        {folder && <small>{folder}</small>}
      </span>
      <span role="cell" class="item-outcome">
        <Outcome item={item} />
      </span>
    </div>
  );
}

function Outcome({ item }: { item: BatchItem }) {
  const { batches, status, verdict: words } = t();
  const { verdict, p_fake } = item;
  if (verdict !== null && p_fake !== null) {
    const before = item.changed && item.original?.verdict;
    return (
      <>
        {before && <span class="state">{batches.before(words.short[before])}</span>}
        <ScoreTag row={{ ...item, verdict, p_fake }} />
      </>
    );
  }
  if (item.error) {
    const fault = wordsOfCode(item.error.code, item.error.message);
    return (
      <span class="state bad" title={fault}>
        {fault}
      </span>
    );
  }
  const reason = item.reason && (batches.skipReasons[item.reason] ?? item.reason);
  return (
    <span class="state">
      {status[item.status] ?? item.status}
      {reason && `: ${reason}`}
    </span>
  );
}
