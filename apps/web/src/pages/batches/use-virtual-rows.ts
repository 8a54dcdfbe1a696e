import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';

type Row = { index: number; startPx: number };

/** Which of `count` rows are in view of a scrolled element, and how high all together are. */
export function useVirtualRows(count: number, rowPx: number) {
  const place = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer<number, void>((version) => version + 1, 0);
  const optionsFor = (rows: number) => ({
    count: rows,
    getScrollElement: () => place.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(),
  });
  const virtualizer = useMemo(() => new Virtualizer<HTMLDivElement, Element>(optionsFor(count)), []);
  virtualizer.setOptions(optionsFor(count));
  useEffect(() => virtualizer._didMount(), []);
  useEffect(() => virtualizer._willUpdate());
  useEffect(() => virtualizer.measure(), [rowPx]);
  const visible: Row[] = virtualizer.getVirtualItems().map(({ index, start }) => ({ index, startPx: start }));
  return { place, visible, heightPx: virtualizer.getTotalSize() };
}
