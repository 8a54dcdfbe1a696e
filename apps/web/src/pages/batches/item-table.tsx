import type { BatchItem } from '@bonafide/contracts';
import { wordsOfCode } from '../../parts/error-note';
import { useMedia } from '../../parts/use-media';
import { readingOfRow, ScoreTag } from '../../parts/verdict-tag';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';
import { answerBefore, hasOtherAnswer } from './item-selection';
import { useVirtualRows } from './use-virtual-rows';

/** As the style sheet has it: on a phone the outcome stands below the name. */
const ROW_PX = { beside: 60, below: 84 } as const;
const PHONE = '(max-width: 600px)';

/** Only the rows in view are in the page, whatever their number. */
export function ItemTable({ rows, label }: { rows: readonly BatchItem[]; label: string }) {
  const { place, visible, heightPx } = useVirtualRows(
    rows.length,
    useMedia(PHONE) ? ROW_PX.below : ROW_PX.beside,
  );
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
  const name = <bdi>{item.path.slice(cut + 1) || item.path}</bdi>;
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
        {folder && (
          <small>
            <bdi>{folder}</bdi>
          </small>
        )}
      </span>
      <span role="cell" class="item-outcome">
        <Outcome item={item} />
      </span>
    </div>
  );
}

function Outcome({ item }: { item: BatchItem }) {
  const { batches, status } = t();
  const { verdict, p_fake } = item;
  if (verdict !== null && p_fake !== null) {
    return (
      <>
        <ScoreTag row={{ ...item, verdict, p_fake }} />
        <Before item={item} />
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

/** Of an entry that was scored again and reads otherwise now: what it was, and by which model. */
function Before({ item }: { item: BatchItem }) {
  const before = answerBefore(item);
  if (!before) return null;
  const score = percent(before.p_fake);
  if (!hasOtherAnswer(item) && score === percent(item.p_fake ?? 0)) return null;
  const { batches, verdict } = t();
  return (
    <small class="item-before">
      {batches.before(verdict.short[readingOfRow(before)], score, before.model_version)}
    </small>
  );
}
